// Models: the application behind a producer, as a schedule of records that is read lazily.
// Leaves out: contents of records; keys matter only through the partition they choose.
// Source: none in Kafka (KafkaProducer.send is called by the application).

import type { Micros } from '../../sim/time.ts'
import type { PartitionIndex } from '../ids.ts'

/**
 * Records that arrive in time. Nothing happens when a record arrives: whoever can use records asks
 * how many there are, and when the next ones come if it wants to be woken.
 */
export interface RecordSource {
  /** Key, value and headers of one record, in bytes, before compression. */
  readonly payloadBytes: number
  /** How many have arrived at `now` and were not taken. */
  available(now: Micros): number
  /** When the n-th record not taken yet (n from 0) arrives; NEVER if none will without an ack. */
  arrivalOf(n: number): Micros
  /** Removes the oldest `n`; `n` is at most what was available. */
  take(n: number): void
  /** `count` records have met their fate: a closed loop sends the next ones. */
  done(count: number, now: Micros): void
}

/** Where a source's records go: to one partition, or spread over a topic without keys. */
export type LaneTarget =
  | { readonly kind: 'partition'; readonly partition: PartitionIndex }
  | {
      readonly kind: 'sticky'
      readonly topic: string
      /** The topic's partitions; a record that never got one is counted with the first. */
      readonly partitions: readonly PartitionIndex[]
    }

export interface Lane {
  readonly source: RecordSource
  readonly target: LaneTarget
}
