import { describe, expect, it } from 'vitest'
import { runMoving } from './two-clusters.ts'

const TRIGGER = 'metadata.recovery.rebootstrap.trigger.ms: 3000, request.timeout.ms: 2000'

/** One producer of B's own, and one that comes over from A when its region is cut off. */
function comesOver(config: string, seed = '1') {
  const own = '{name: own, region: app, topic: orders, cluster: B, rate: 100/s, keys: 50}'
  const moving = {
    client: 'bootstrap: kafka, dnsCache: 1s',
    endpoints: '{kafka: {cluster: A, ttl: 1s}}',
    runbooks: '\n  - {name: flip, detect: {at: 7s}, steps: [{repoint: {endpoint: kafka, to: B}}]}',
    config: `${TRIGGER}, ${config}`,
    producers: `  - ${own}`,
    faults: '[{at: 6s, region-loss: {target: region us, model: isolate}, for: 60s}]',
    duration: '30s',
  }
  return runMoving(moving, seed)
}

/** Each broker gives out ids of its own block: which one was asked is chance, in both clusters. */
function withOneId() {
  for (const seed of ['1', '2', '3', '4', '5', '6', '7', '8']) {
    const run = comesOver('', seed)
    if (run.history.mistakenRepeats.length > 0) return run
  }
  throw new Error('the two never have the same id')
}

describe('an idempotent producer that starts again from its addresses in another cluster', () => {
  it('keeps its id, and what passes for a repetition of a stranger’s is not written', () => {
    const { history, result } = withOneId()
    expect(result.rpo.records).toBeGreaterThan(0)
    const events = new Set(history.mistakenRepeats.map(({ event }) => event))
    for (const { cause } of result.rpo.lostRanges) expect(events.has(cause ?? -1)).toBe(true)
    const told = result.timeline.find(({ kind }) => kind === 'mistaken-repeat')
    expect(told?.text).toMatch(/pass for those at offset \d+, of a producer of the same id/)
  })

  it('loses nothing to strangers without an id', () => {
    const { history, result } = comesOver('enable.idempotence: false')
    expect(history.mistakenRepeats).toEqual([])
    expect(result.rpo.records).toBe(0)
  })
})
