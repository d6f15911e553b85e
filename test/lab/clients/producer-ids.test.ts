import { describe, expect, it } from 'vitest'
import { runMoving } from './two-clusters.ts'

const TRIGGER = 'metadata.recovery.rebootstrap.trigger.ms: 3000, request.timeout.ms: 2000'

/** One producer of B's own, and one that comes over from A when its region is cut off. */
function comesOver(config: string) {
  const own = '{name: own, region: app, topic: orders, cluster: B, rate: 100/s, keys: 50}'
  return runMoving({
    client: 'bootstrap: kafka, dnsCache: 1s',
    endpoints: '{kafka: {cluster: A, ttl: 1s}}',
    runbooks: '\n  - {name: flip, detect: {at: 7s}, steps: [{repoint: {endpoint: kafka, to: B}}]}',
    config: `${TRIGGER}, ${config}`,
    producers: `  - ${own}`,
    faults: '[{at: 6s, region-loss: {target: region us, model: isolate}, for: 60s}]',
    duration: '30s',
  })
}

describe('an idempotent producer that starts again from its addresses in another cluster', () => {
  it('keeps its id, and what passes for a repetition of a stranger’s is not written', () => {
    const { history, result } = comesOver('')
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
