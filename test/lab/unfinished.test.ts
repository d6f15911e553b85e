import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

/** One broker, killed for good in the middle of a load that nobody stops. */
const KILLED = `
duration: 30s
settle: 0s
regions: { home: {} }
cluster: { brokers: { home: 1 }, controllers: { home: 1 } }
topics: [{ name: orders, partitions: 1, replicationFactor: 1 }]
producers: [{ name: shop, region: home, topic: orders, rate: 100/s }]
faults: [{ at: 5s, crash: broker-1 }]
objectives: { rpo.records: 0 }
`

describe('a run that ends in the middle of an outage', () => {
  const { fates, rpo, availability, rto, objectives } = run(scenarioOf(KILLED, 'killed'), '1')

  it('calls nothing lost that the dead leader still has, and leaves the verdict open', () => {
    expect(rpo).toMatchObject({ records: 0, undecided: ['orders-0'] })
    expect(objectives[0]?.verdict).toBe('unknown')
  })

  it('knows the records that the application handed over and that never left', () => {
    const known = 'metadata.recovery.strategy: none'
    const kept = KILLED.replace('rate: 100/s', `rate: 100/s, config: {${known}}`)
    const { fates: all } = run(scenarioOf(kept, 'killed'), '1')
    expect(all.sent).toBe(3_000)
    expect(all.pending).toBe(all.sent - all.acked)
  })

  it('has send() stand still once the producer began again from its bootstrap addresses', () => {
    expect(fates.sent).toBeGreaterThan(500)
    expect(fates.sent).toBeLessThan(600)
    expect(fates.pending).toBe(fates.sent - fates.acked)
  })

  it('counts the time in which they waited as an outage', () => {
    expect(availability.produceRatio).toBeCloseTo(5 / 30, 2)
    expect(rto.produce.ms).toBeNull()
    expect(rto.produce.worst).toBe('orders-0')
  })
})
