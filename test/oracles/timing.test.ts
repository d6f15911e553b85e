import { describe, expect, it } from 'vitest'
import { judgeAll, playTask } from './timing/play.ts'
import { SCENES } from './timing/scenes.ts'

/** Enough to see a time outside its bound; whether they fill it only `npm run timing` can tell. */
const SEEDS = 8

describe('failover times stay inside the bounds that Kafka’s timers set', () => {
  it.each(Object.keys(SCENES))('in the scene %s', (scene) => {
    const observed = playTask({ scene, from: 1, to: 1 + SEEDS })
    const verdicts = judgeAll(observed).filter(({ n }) => n > 0)
    expect(verdicts.length).toBeGreaterThan(0)
    const outside = verdicts.filter(({ isContained }) => !isContained)
    expect(outside.map(({ bound, min, max }) => [bound.id, min, max])).toEqual([])
  })
})
