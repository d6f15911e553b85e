// Models: how long Connect waits for its cluster and for itself, where no setting of a worker says.
// Leaves out: time-outs that a worker's file gives its own clients.
// Source: KafkaBasedLog, KafkaTopicBasedBackingStore, KafkaConfigBackingStore, TopicAdmin,
// connect.runtime.Worker, DistributedHerder, rest.RestClient; default.api.timeout.ms.

import type { BackoffSpec } from '../../kafka/network/exponential-backoff.ts'
import { MS, SECOND } from '../../sim/time.ts'

/**
 * A worker is patient with what it follows and impatient with what it begins: a log that it reads
 * is read for ever, a log that does not open ends the process. What its settings name
 * (offset.flush.timeout.ms, task.shutdown.graceful.timeout.ms, worker.sync.timeout.ms) stands with
 * them.
 */
export const CONNECT_TIMEOUTS = {
  /** One look-up or position of a consumer, all its tries together: default.api.timeout.ms. */
  clientCall: 60 * SECOND,
  /** Making a topic, all tries together, and the wait between two of them. */
  topicCreation: 60 * SECOND,
  topicCreationBackoff: 100 * MS,
  /** Until a topic that nobody makes is given up, and the waits between two looks. */
  topicLookup: 30 * SECOND,
  topicLookupBackoff: { initial: 100 * MS, max: SECOND, jitterPercent: 0 } satisfies BackoffSpec,
  /** For the ends of a log that opens: quarter of an hour, in which leaders may be elected. */
  logEnds: 900 * SECOND,
  logEndsBackoff: 10 * SECOND,
  /** A write of the config topic: all its records, and the reading between them. */
  configWrite: 30 * SECOND,
  /** For a connector to stop; tasks have a setting. */
  connectorStop: 5 * SECOND,
  /** From one try of telling tasks their configurations to the next. */
  publishBackoff: { initial: 250 * MS, max: 60 * SECOND, jitterPercent: 0 } satisfies BackoffSpec,
  /** A call to another worker: Jetty's client gives up on a connection, and on an answer. */
  restConnect: 15 * SECOND,
  restIdle: 30 * SECOND,
} as const

/** How often a worker waits for the config topic before it stops all that it runs. */
export const CONFIG_SYNC_TRIES = 5
