// Retention deletes what was acknowledged, and that is no loss: the log held it for as long as it
// was asked to. Whoever comes too late has skipped it.

import { describe, expect, it } from 'vitest'
import { lifeOf } from '../../src/check/record-life.ts'
import { run } from '../../src/lab/run.ts'
import { Simulation } from '../../src/lab/simulation.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { SECOND } from '../../src/sim/time.ts'

const GROUP = '{group.id: billing, auto.offset.reset: earliest}'

function scenario(retentionMs: number) {
  return scenarioOf(
    `
duration: 60s
settle: 10s
regions: {us: {}}
cluster:
  brokers: {us: 3}
  controllers: {us: 1}
  config: {log.retention.check.interval.ms: 5000}
topics:
  - name: orders
    replicationFactor: 3
    config: {segment.bytes: 1048576, retention.ms: ${retentionMs}}
producers:
  - {name: shop, region: us, topic: orders, rate: 500/s, recordBytes: 1000}
consumers:
  - {name: billing, region: us, topic: orders, config: ${GROUP}}
faults:
  - {at: 10s, crash: billing, for: 40s}
`,
    'retention.yaml',
  )
}

describe('retention', () => {
  it('loses no acknowledged record, and a reader who comes back too late skips some', () => {
    const { fates, rpo, consumerView } = run(scenario(10_000), '1')
    expect(fates.acked).toBeGreaterThan(29_000)
    expect([fates.lost, fates.safe, rpo.records]).toEqual([0, fates.acked, 0])
    expect([fates.duplicated, consumerView.phantom]).toEqual([0, 0])
    // From 10 s to 50 s nobody read; at 50 s the log began some 20 s before.
    expect(consumerView.skipped).toBeGreaterThan(5_000)
  })

  it('that lasts longer than the reader is away costs it nothing', () => {
    expect(run(scenario(100_000), '1').consumerView.skipped).toBe(0)
  })

  it('leaves in the final log what it deleted, below the log’s start, and says so', () => {
    const simulation = new Simulation(scenario(10_000), '1')
    simulation.boot()
    for (const producer of simulation.scenario.producers) simulation.clients.addProducer(producer)
    simulation.advance(60 * SECOND)
    const history = simulation.close()
    const log = history.finalLogs.find((one) => one.partition === 0 && one.isSurvivor)
    const ranges = [...(log?.ranges ?? [])]
    expect(log?.logStart).toBeGreaterThan(10_000)
    expect(ranges[0]?.baseOffset).toBe(0)
    expect(ranges.reduce((sum, { count }) => sum + count, 0)).toBe(log?.logEnd)
    expect(lifeOf(history, ranges[0]?.firstRecordId ?? -1).place).toContain('deleted by retention')
  })
})
