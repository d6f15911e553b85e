// What each system promises of its copies, by its own documents and sources and with the settings
// that a link has: not what a run of it happens to do. What is not promised is not claimed.

import type { LinkSpec, MirrorMaker2Spec } from '../../scenario/links.ts'
import type { Scenario } from '../../scenario/model.ts'

/** How the records of one source partition stand in the copy, each where it stands first. */
export type Order =
  /** In the partition of their number, at their own offsets. */
  | 'at their offsets'
  /** In the partition of their number, in their order, none left out before another. */
  | 'without a gap'
  /** In whatever partitions; those with keys in their order in each. */
  | 'by key'
  | 'not promised'

/** What becomes of groups at the target. */
export type Groups =
  /** Translated or copied: whoever goes on there may read again, and skips nothing. */
  | 'never past the truth'
  /** As young as the last record that was read: where timestamps go up, and only there. */
  | 'by timestamp'
  | 'not promised'
  /** Nobody writes offsets there. */
  | 'not carried'

export interface Promises {
  readonly order: Order
  /** Whatever its source keeps arrives, once at least, while the link runs. */
  readonly arrives: boolean
  readonly groups: Groups
}

type Clients = Pick<MirrorMaker2Spec, 'producer' | 'consumer'>

/**
 * Of a link. All but Cluster Linking read and write as clients, at least once: they write down how
 * far they have come only when that is acknowledged, and what came after it is copied again.
 */
export function promisesOf(link: LinkSpec, scenario: Pick<Scenario, 'version'>): Promises {
  switch (link.system) {
    case 'cluster-link':
      // Batches are appended unchanged, at the same partition and offset; offsets of groups are
      // copied as they are (Confluent’s docs, Cluster Linking: mirror topics).
      return {
        order: 'at their offsets',
        // mirror.start.offset.spec: what lies before that is left out.
        arrives: link.config['mirror.start.offset.spec'] === 'earliest',
        groups: 'never past the truth',
      }
    case 'cluster-mirror':
      // The same, and offsets of groups are brought down to where the mirror ends (KIP-1279).
      return { order: 'at their offsets', arrives: true, groups: 'never past the truth' }
    // Worker.baseProducerConfigs: one request in flight, retried for ever, acks=all. What a filter
    // drops is no part of the copy (`carriedRecords`).
    case 'mirror-maker2':
    case 'connect':
      return { ...atLeastOnce(link), groups: translated(link, scenario) }
    case 'mirus':
      // enable.partition.matching: else the partition is left to the producer’s partitioner.
      return placed(atLeastOnce(link), link.config['enable.partition.matching'])
    case 'replicator':
      return {
        ...placed(atLeastOnce(link), link.config['topic.preserve.partitions']),
        // It looks into the partition of the same number.
        groups: link.config['topic.preserve.partitions'] ? 'by timestamp' : 'not promised',
      }
    case 'mirror-maker1':
      // MirrorMaker.defaultMirrorMakerMessageHandler gives no partition. What a producer gives up
      // is left out without abort.on.send.failure: see `hasGivenUp`.
      return placed(atLeastOnce(link), link.options.handler.keepsPartition)
    case 'brooklin':
      return placed(atLeastOnce(link), link.config.identityPartitioningEnabled)
    case 'ureplicator':
      // The partition’s number modulo those of the target (DefaultMessageTransformer).
      return placed(atLeastOnce(link), link.worker.topic_partition_count_observer)
    case 'flink': {
      // DeliveryGuarantee.NONE: records may be lost, and a task that begins anew may do so behind
      // what its predecessor is still sending. Without checkpoints it does not begin anew at all.
      const isSafe = link.deliveryGuarantee === 'at-least-once'
      const restarts = link.config['execution.checkpointing.interval'] > 0
      const sink = placed(atLeastOnce(link), false)
      const order = isSafe ? sink.order : 'not promised'
      return { ...sink, order, arrives: sink.arrives && isSafe && restarts }
    }
  }
}

/**
 * A producer keeps the order of a partition with one request in flight, or with idempotence
 * (ProducerConfig, max.in.flight.requests.per.connection); with other acks than all, what it was
 * told of may be lost with a leader, and nobody sends it again.
 */
function atLeastOnce({ producer }: Clients): Promises {
  const isSafe = producer.acks === 'all' || producer.acks === '-1'
  const isOrdered =
    producer['max.in.flight.requests.per.connection'] === 1 || producer['enable.idempotence']
  return {
    order: isSafe && isOrdered ? 'without a gap' : 'not promised',
    arrives: isSafe,
    groups: 'not carried',
  }
}

/** Where the partitioner chooses, one key’s records stay together and others scatter. */
function placed(of: Promises, keepsPartitions: boolean): Promises {
  return keepsPartitions || of.order !== 'without a gap' ? of : { ...of, order: 'by key' }
}

/**
 * From 3.4.1 on (KAFKA-12468 and its successors), for which 3.5 stands here. Before that the last
 * pair of offsets is taken for all, and any gap at the source leads past records.
 */
function translated(
  { config }: Pick<MirrorMaker2Spec, 'config'>,
  { version }: Pick<Scenario, 'version'>,
): Groups {
  if (config['offset.lag.max'] < 0) return 'not promised'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 3 || (major === 3 && minor > 4) ? 'never past the truth' : 'not promised'
}
