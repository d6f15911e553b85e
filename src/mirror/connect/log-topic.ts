// Models: the topic behind a log of Connect's, and what its logs ask of the administration.
// Leaves out: nothing.
// Source: org.apache.kafka.connect.util.TopicAdmin, KafkaBasedLog.

import type { AdminError } from '../../kafka/clients/admin/call.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'

/** A topic that is followed. */
export interface LogTopic {
  readonly name: string
  /** How it is made where it is missing; null: somebody else makes it. */
  readonly making: TopicMaking | null
}

export interface TopicMaking {
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/** The end of each partition. */
export type LogEnds = ReadonlyMap<PartitionIndex, Offset>

export type TopicAnswer<T> = (error: AdminError, value: T) => void

/** What the logs of one worker ask of the administration of their cluster. */
export interface TopicAdmin {
  /** Also `NONE` where it exists already. */
  createTopic(topic: string, making: TopicMaking, done: TopicAnswer<null>): void
  /** A look-up as consumers make it: a broker may make the topic where brokers make topics. */
  hasTopic(topic: string, done: TopicAnswer<boolean>): void
  /** The end of each partition; null where one of them is not known. */
  endOffsets(topic: string, done: TopicAnswer<LogEnds | null>): void
}
