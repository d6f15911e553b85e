// P06 (KAFKA-14034). A broker answers a batch that it did append with an error that no retry mends.
// The producer takes the batch for failed, raises its epoch and numbers from 0 again what is still
// under way: an appended batch whose own answer was lost is a new one to the broker.

import { describe, expect, it } from 'vitest'
import type { KafkaError } from '../../src/kafka/errors.ts'
import { SECOND } from '../../src/sim/time.ts'
import { OpenLoopSource } from '../../src/workload/open-loop.ts'
import { startProducer } from '../kafka/clients/producer-rig.ts'
import { ScriptedCluster } from '../kafka/clients/scripted-cluster.ts'

/** After a record to warm up three, one a batch, all in flight; the first two are answered so. */
function story(first: KafkaError) {
  const cluster = new ScriptedCluster([1], 1, 100)
  const answers: KafkaError[] = ['NONE', first, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND']
  cluster.afterAppend = () => answers.shift() ?? 'NONE'
  const phases = [
    { from: SECOND, until: 1.01 * SECOND, recordsPerSecond: 100 },
    { from: 3 * SECOND, until: 3.03 * SECOND, recordsPerSecond: 100 },
  ]
  const source = new OpenLoopSource(100, phases, 0)
  const lane = { source, target: { kind: 'partition' as const, topic: 't', partition: 0 } }
  const { fates } = startProducer(cluster, [lane])
  cluster.rig.runMs(20_000)
  const log = cluster.partitions[0]?.log ?? []
  return {
    log: log.map(({ firstRecordId, producerEpoch }) => [firstRecordId, producerEpoch]),
    fates: fates.map(({ firstRecordId, outcome }) => [firstRecordId, outcome]).sort(),
  }
}

describe('P06: the first of three batches in flight is appended and answered with an error', () => {
  it('one that cannot be retried: the second stands twice in spite of idempotence', () => {
    const { log, fates } = story('UNKNOWN_SERVER_ERROR')
    expect(log.filter(([id]) => id === 2)).toEqual([
      [2, 0],
      [2, 1],
    ])
    expect(fates).toEqual([
      [0, 'ok'],
      [1, 'unknown'],
      [2, 'ok'],
      [3, 'ok'],
    ])
  })

  it('one that can be: each stands once, and all are acknowledged', () => {
    const { log, fates } = story('REQUEST_TIMED_OUT')
    expect(log).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
    ])
    expect(fates.map(([, outcome]) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok'])
  })
})
