import { Producer } from '../../../src/kafka/clients/producer.ts'
import type { ProducerConfig } from '../../../src/kafka/clients/producer-config.ts'
import { PRODUCER_DEFAULTS } from '../../../src/kafka/clients/producer-config.ts'
import type { ProduceError, ProduceOutcome } from '../../../src/kafka/clients/producer-observer.ts'
import type { Lane } from '../../../src/kafka/clients/record-source.ts'
import type { Serializer } from '../../../src/kafka/clients/serializer.ts'
import type { ChannelOptions } from '../../../src/kafka/network/channel-options.ts'
import type { ScriptedCluster } from './scripted-cluster.ts'

export interface Fate {
  readonly atMs: number
  readonly partition: number
  readonly firstRecordId: number
  readonly count: number
  readonly createdFirstMs: number
  readonly createdLastMs: number
  readonly outcome: ProduceOutcome
  readonly error: ProduceError
  readonly attempts: number
}

/** Boots a producer on the cluster's client host and collects the fates of its batches. */
export function startProducer(
  cluster: ScriptedCluster,
  lanes: readonly Lane[],
  config: Partial<ProducerConfig> = {},
  channel: Partial<ChannelOptions> = { receiveServiceMicros: 0 },
  serializer?: Serializer,
): { producer: Producer; fates: Fate[] } {
  const fates: Fate[] = []
  const made: Producer[] = []
  const observer = {
    onBatchDone: (
      partition: number,
      firstRecordId: number,
      count: number,
      _bytes: number,
      createdFirst: number,
      createdLast: number,
      outcome: ProduceOutcome,
      error: ProduceError,
      _baseOffset: number,
      attempts: number,
    ) => {
      fates.push({
        atMs: cluster.rig.nowMs,
        partition,
        firstRecordId,
        count,
        createdFirstMs: createdFirst / 1_000,
        createdLastMs: createdLast / 1_000,
        outcome,
        error,
        attempts,
      })
    },
  }
  cluster.rig.boot(() => {
    made.push(
      new Producer(cluster.rig.client, cluster.rig.world.network, cluster.rig, {
        config: { ...PRODUCER_DEFAULTS, lingerMs: 0, ...config },
        lanes,
        topics: ['t'],
        bootstrapNodes: cluster.brokers,
        streamOf: (partition) => partition,
        observer,
        channel,
        serializer,
      }),
    )
  })
  const [producer] = made
  if (producer === undefined) throw new Error('not booted')
  return { producer, fates }
}

/** Sum of the counts. */
export function records(fates: readonly { readonly count: number }[]): number {
  return fates.reduce((sum, fate) => sum + fate.count, 0)
}
