import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

/** Three nodes that are broker and controller in one; the one asked to stop has both to end. */
const COMBINED = `
version: "4.1"
duration: 14s
settle: 0s
regions: { r1: {}, r2: {}, r3: {} }
network: { rtt: { r1 ~ r2: 20ms, r1 ~ r3: 20ms, r2 ~ r3: 20ms } }
cluster:
  brokers:
    - { id: 1, region: r1, roles: [broker, controller] }
    - { id: 2, region: r2, roles: [broker, controller] }
    - { id: 3, region: r3, roles: [broker, controller] }
  config: { min.insync.replicas: 2 }
topics: [{ name: orders, assignment: [[1, 2, 3], [2, 3, 1], [3, 1, 2]] }]
producers: [{ name: shop, region: r1, topic: orders, rate: 100/s }]
faults: [{ at: 6s, controlled-shutdown: active controller }]
objectives: { rpo.records: 0 }
`

describe('SIGTERM to a node that is a broker and the active controller', () => {
  const { events, rto, fates, controllers } = (() => {
    const result = run(scenarioOf(COMBINED, 'combined'), '1')
    const { timeline } = result
    return {
      events: timeline.map(({ text }) => text),
      rto: result.rto,
      fates: result.fates,
      controllers: timeline.filter(({ text }) => text.startsWith('is the active controller')),
    }
  })()

  it('ends the broker first, which its own controller grants, then hands the quorum over', () => {
    const at = (words: RegExp) => events.findIndex((text) => words.test(text))
    expect(at(/in controlled shutdown/)).toBeGreaterThan(-1)
    expect(at(/fenced in its controlled shutdown/)).toBeGreaterThan(at(/in controlled shutdown/))
    expect(at(/no longer active/)).toBeGreaterThan(at(/fenced in its controlled shutdown/))
    expect(controllers).toHaveLength(2)
  })

  it('stops no writer for as long as an election by time-out would', () => {
    expect(rto.produce.ms ?? Number.NaN).toBeLessThan(1_000)
    expect(fates.failed).toBe(0)
    expect(fates.acked).toBeGreaterThan(1_350)
  })
})
