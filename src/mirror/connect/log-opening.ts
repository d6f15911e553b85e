// Models: how a log of Connect's opens: its topic is made, found, and its ends are asked for; and
// when that is given up.
// Leaves out: the check that a topic which was there is only compacted; a consumer's own connection
// for the look-up, which goes over the administrator's.
// Source: KafkaBasedLog.start, KafkaTopicBasedBackingStore.topicInitializer, TopicAdmin
// (createTopicsWithRetry, retryEndOffsets), RetryUtil.

import type { AdminError } from '../../kafka/clients/admin/call.ts'
import { traitsOf } from '../../kafka/errors.ts'
import { backoff } from '../../kafka/network/exponential-backoff.ts'
import type { Process, Timer } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'
import { CONNECT_TIMEOUTS } from './connect-timeouts.ts'
import type { LogEnds, LogTopic, TopicAdmin, TopicMaking } from './log-topic.ts'

export interface LogOpeningOptions {
  readonly process: Process
  readonly admin: TopicAdmin
  readonly topic: LogTopic
  onOpened(ends: LogEnds): void
  /** It was given up; `reason` names the topic. */
  onFailed(reason: string): void
}

const NO_JITTER = { int: (lo: number) => lo }

/** Refusals of a topic that somebody else may have made: the look-up tells. */
const LEFT_TO_OTHERS: readonly AdminError[] = [
  'CLUSTER_AUTHORIZATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
]

/**
 * Three waits of different length, so that it matters what is away:
 *
 * 1. a cluster that does not answer at all is given up after a minute, in the look-up;
 * 2. a cluster that answers, and knows no such topic, after half a minute;
 * 3. a topic that has no leader after a quarter of an hour: its ends are asked for again and again.
 *
 * Owned by a log. It ends by one of its two calls, once, unless it is cancelled.
 */
export class LogOpening {
  readonly #options: LogOpeningOptions
  readonly #timer: Timer
  #next: () => void = () => {}
  #isOver = false

  constructor(options: LogOpeningOptions) {
    this.#options = options
    this.#timer = options.process.timer(() => this.#next())
  }

  /** Makes the topic where it is missing; one of no making must be there, or come. */
  start(): void {
    const { making } = this.#options.topic
    if (making === null) this.#find()
    else this.#create(making, this.#now + CONNECT_TIMEOUTS.topicCreation)
  }

  cancel(): void {
    this.#isOver = true
    this.#timer.cancel()
  }

  get #now(): Micros {
    return this.#options.process.now
  }

  #later(delay: Micros, next: () => void): void {
    this.#next = next
    this.#timer.arm(delay)
  }

  #fail(reason: string): void {
    this.cancel()
    this.#options.onFailed(reason)
  }

  /** A try takes up to a minute itself: only refusals for want of brokers come back for another. */
  #create(making: TopicMaking, deadline: Micros): void {
    const { admin, topic } = this.#options
    admin.createTopic(topic.name, making, (error) => {
      if (this.#isOver) return
      const mayPass = error === 'REQUEST_TIMED_OUT' || error === 'INVALID_REPLICATION_FACTOR'
      if (error === 'NONE' || LEFT_TO_OTHERS.includes(error)) this.#find()
      else if (mayPass && this.#now < deadline) {
        this.#later(CONNECT_TIMEOUTS.topicCreationBackoff, () => this.#create(making, deadline))
      } else this.#fail(`cannot make ${topic.name}: ${error}`)
    })
  }

  #find(tries = 0, firstAt: Micros | null = null): void {
    const { admin, topic } = this.#options
    admin.hasTopic(topic.name, (error, isThere) => {
      if (this.#isOver) return
      if (error !== 'NONE') {
        this.#fail(`cannot look up ${topic.name}: ${error}`)
        return
      }
      const since = firstAt ?? this.#now
      if (isThere) this.#askEnds(this.#now + CONNECT_TIMEOUTS.logEnds)
      else if (this.#now - since >= CONNECT_TIMEOUTS.topicLookup) {
        this.#fail(`there is no topic ${topic.name}`)
      } else {
        const wait = backoff(CONNECT_TIMEOUTS.topicLookupBackoff, tries, NO_JITTER)
        this.#later(wait, () => this.#find(tries + 1, since))
      }
    })
  }

  /** What is left of the time must hold another wait, or this was the last try. */
  #askEnds(deadline: Micros): void {
    const { admin, topic } = this.#options
    const { logEndsBackoff } = CONNECT_TIMEOUTS
    admin.endOffsets(topic.name, (error, ends) => {
      if (this.#isOver) return
      if (ends !== null) {
        this.cancel()
        this.#options.onOpened(ends)
      } else if (isRetriable(error) && deadline - this.#now >= logEndsBackoff) {
        this.#later(logEndsBackoff, () => this.#askEnds(deadline))
      } else this.#fail(`cannot find the end of ${topic.name}: ${error}`)
    })
  }
}

function isRetriable(error: AdminError): boolean {
  return error !== 'ADMIN_CLOSED' && traitsOf(error).retriable
}
