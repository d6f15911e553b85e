import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

/** Broker 1 leads, broker 2 follows. What becomes of writes when one dies and is started again. */
function crashOf(broker: string) {
  const text = `
version: "4.1"
duration: 22s
settle: 2s
regions: { r1: {}, r2: {}, r3: {} }
network: { rtt: { r1 ~ r2: 20ms, r1 ~ r3: 20ms, r2 ~ r3: 20ms } }
cluster:
  brokers: { r1: 1, r2: 1, r3: 1 }
  controllers: { r1: 1, r2: 1, r3: 1 }
  config: { min.insync.replicas: 2 }
topics: [{ name: orders, assignment: [[1, 2, 3]] }]
producers: [{ name: shop, region: r1, topic: orders, rate: 100/s }]
faults: [{ at: 6s, crash: ${broker}, for: 100ms }]
objectives: { rpo.records: 0 }
`
  const { rto, rpo, fates } = run(scenarioOf(text, 'restart'), '1')
  return { rto: rto.produce.ms ?? Number.NaN, rpo, fates }
}

describe('a broker that is back within the session of the process before it', () => {
  it('follows at once, though it may register only when that session is over', () => {
    const { rto, rpo, fates } = crashOf('broker-2')
    expect(rto).toBeGreaterThan(1_000)
    expect(rto).toBeLessThan(5_000)
    expect(rpo.records).toBe(0)
    expect(fates.failed).toBe(0)
  })

  it('leads nobody before it has registered: its port is closed', () => {
    const { rto } = crashOf('broker-1')
    expect(rto).toBeGreaterThan(6_000)
    expect(rto).toBeLessThan(12_000)
  })
})
