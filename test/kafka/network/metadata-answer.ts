import type { NodeId } from '../../../src/kafka/ids.ts'
import type { MetadataResponse, PartitionMetadata } from '../../../src/kafka/messages.ts'

export interface AnsweredPartition extends Partial<PartitionMetadata> {
  readonly leader: NodeId
  readonly leaderEpoch: number
}

/** Metadata of topic 't'; what is not said: replicas and ISR are the brokers, numbers ascend. */
export function metadataOf(
  brokers: readonly NodeId[],
  partitions: readonly AnsweredPartition[],
  rackOf: (id: NodeId) => string | null = () => null,
): MetadataResponse {
  const defaults = { error: 'NONE', replicas: brokers, isr: brokers, offline: [] } as const
  const answered = partitions.map((partition, number) => ({
    ...{ ...defaults, partition: number, number },
    ...partition,
  }))
  return {
    api: 'Metadata',
    controllerId: brokers[0] ?? -1,
    brokers: brokers.map((id) => ({ id, rack: rackOf(id) })),
    topics: [{ name: 't', error: 'NONE', partitions: answered }],
  }
}
