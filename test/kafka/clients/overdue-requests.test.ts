import { describe, expect, it } from 'vitest'
import type { Lane } from '../../../src/kafka/clients/record-source.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { OpenLoopSource } from '../../../src/workload/open-loop.ts'
import { startProducer } from './producer-rig.ts'
import { ScriptedCluster } from './scripted-cluster.ts'

describe('a request that is overdue while the producer sleeps in poll', () => {
  it.each<[string, number, number]>([
    ['an answer that comes just past the limit is taken: nothing woke the thread before', 400, 1],
    ['a record that finds batches waiting wakes the thread, which sees the limit passed', 10, 2],
  ])('%s', (_title, everyMs, attempts) => {
    const phase = { from: SECOND, until: 3 * SECOND, recordsPerSecond: 1_000 / everyMs }
    const lane: Lane = {
      source: new OpenLoopSource(1_000, [phase], 0),
      target: { kind: 'partition', partition: 0 },
    }
    const cluster = new ScriptedCluster([1], 1, 20)
    cluster.commitMs = 1_003
    const { fates } = startProducer(cluster, [lane], {
      requestTimeoutMs: 1_000,
    })
    cluster.rig.runMs(2_150)
    cluster.commitMs = 1
    cluster.rig.runMs(20_000)
    const first = fates.find((fate) => fate.firstRecordId === 0)
    expect(first?.outcome).toBe('ok')
    expect(first?.attempts).toBe(attempts)
  })
})
