// Models: the connector of Mirus: its thread compares the topics of both clusters again and again,
// and has the tasks restarted where something has changed.
// Leaves out: metrics of missing partitions; errors that fail the connector.
// Source: com.salesforce.mirus: MirusSourceConnector, KafkaMonitor, TaskConfigBuilder.

import type { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { MirusSettings } from '../../kafka/settings/modelled.ts'
import type { Timer } from '../../sim/process.ts'
import { type Micros, millis, SECOND } from '../../sim/time.ts'
import type { ConnectorContext, RunningConnector } from '../connect/connector.ts'
import { dealInTurn, type NamedPartition } from '../connect/deal-in-turn.ts'
import { type ListedTopic, mirroredPartitions } from './topic-list.ts'

/** Of what Kafka's administrator's client can do, what the monitor's consumers do. */
export type TopicLister = Pick<KafkaAdminClient, 'listTopics' | 'close'>

/** Wait after so many errors in a row, seconds; the last for all further ones. */
const BACKOFF_SECONDS = [0, 1, 2, 4, 8, 16, 32, 64] as const
/** Tasks are asked for until there is a list: in steps, and then without one. */
const LIST_STEP = 3 * SECOND
const LIST_WAIT_MAX = 60 * SECOND

/**
 * Unlike MirrorMaker's connector it makes no topics and no partitions: what the destination lacks
 * is left out until somebody makes it there, and then found at the next look. Any difference, also
 * one partition less, has all tasks stopped and dealt anew.
 *
 * Starts with no tasks where the clusters have not answered within a minute. After an error the
 * next look waits, for 64 s at most.
 */
export class KafkaMonitor implements RunningConnector {
  readonly #settings: MirusSettings
  readonly #listers: { readonly source: TopicLister; readonly target: TopicLister }
  readonly #context: ConnectorContext
  readonly #pollTimer: Timer
  readonly #startTimer: Timer
  readonly #onStarted: () => void
  readonly #startedAt: Micros
  /** null before the first list. */
  #partitions: readonly NamedPartition[] | null = null
  /** In a row. */
  #errors = 0
  #isStopped = false

  /** Its clients are closed when it stops. */
  constructor(
    settings: MirusSettings,
    listers: { readonly source: TopicLister; readonly target: TopicLister },
    context: ConnectorContext,
    onStarted: () => void,
  ) {
    this.#settings = settings
    this.#listers = listers
    this.#context = context
    this.#onStarted = onStarted
    this.#startedAt = context.process.now
    this.#pollTimer = context.process.timer(() => this.#look())
    this.#startTimer = context.process.timer(() => this.#tellStarted())
    this.#startTimer.arm(LIST_STEP)
    this.#look()
  }

  /** Partitions in turn over the tasks; none before the first list. */
  taskConfigs(max: number): readonly (readonly NamedPartition[])[] {
    return dealInTurn(this.#partitions ?? [], max)
  }

  /** A list under way is not looked at. */
  stop(onStopped: () => void): void {
    this.#isStopped = true
    this.#pollTimer.cancel()
    this.#startTimer.cancel()
    this.#listers.source.close()
    this.#listers.target.close()
    onStopped()
  }

  #tellStarted(): void {
    const waited = this.#context.process.now - this.#startedAt
    if (this.#partitions === null && waited < LIST_WAIT_MAX) {
      this.#startTimer.arm(LIST_STEP)
      return
    }
    this.#partitions ??= []
    this.#onStarted()
  }

  #look(): void {
    this.#fetch((found) => {
      if (this.#isStopped) return
      if (found === null) {
        this.#errors++
        const step = Math.min(this.#errors, BACKOFF_SECONDS.length) - 1
        this.#pollTimer.arm((BACKOFF_SECONDS[step] ?? 0) * SECOND)
        return
      }
      this.#errors = 0
      const before = this.#partitions
      this.#partitions = found
      if (before !== null && !isSame(before, found)) this.#context.requestTaskReconfiguration()
      this.#pollTimer.arm(millis(this.#settings['monitor.poll.wait.ms']))
    })
  }

  /** null where one of the clusters does not answer. */
  #fetch(told: (found: readonly NamedPartition[] | null) => void): void {
    const { source, target } = this.#listers
    this.#list(source, (atSource) => {
      if (atSource === null) told(null)
      else if (!this.#settings['enable.destination.topic.checking']) {
        told(mirroredPartitions(this.#settings, atSource, []))
      } else {
        this.#list(target, (there) => {
          told(there === null ? null : mirroredPartitions(this.#settings, atSource, there))
        })
      }
    })
  }

  #list(lister: TopicLister, told: (topics: readonly ListedTopic[] | null) => void): void {
    lister.listTopics((error, topics) => {
      const listed = topics.map(({ name, partitions }) => ({ name, partitions: partitions.length }))
      told(error === 'NONE' ? listed : null)
    })
  }
}

function isSame(before: readonly NamedPartition[], found: readonly NamedPartition[]): boolean {
  return (
    before.length === found.length &&
    before.every(({ topic, number }, i) => topic === found[i]?.topic && number === found[i]?.number)
  )
}
