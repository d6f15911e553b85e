// Models: the connector of Replicator: its thread looks for topics, creates and grows their copies,
// brings their settings over, and has the tasks restarted where something is new.
// Leaves out: topics that disappear; ACLs; the schema registry.
// Source: io.confluent.connect.replicator.ReplicatorSourceConnector, NewTopicMonitorThread, as
// Confluent's docs and its log describe them.

import type {
  KafkaAdminClient,
  TopicListing,
} from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { ReplicatorSettings } from '../../kafka/settings/modelled.ts'
import { millis } from '../../sim/time.ts'
import type { ConnectorContext, RunningConnector } from '../connect/connector.ts'
import { dealInTurn, type NamedPartition } from '../connect/deal-in-turn.ts'
import { type AdminJob, AdminJobs } from '../mirror-maker2/admin-jobs.ts'
import { CONSUMER_TIMESTAMPS, type ReplicatedTopics } from './replicated-topics.ts'

type Admin = Pick<
  KafkaAdminClient,
  | 'listTopics'
  | 'createTopics'
  | 'createPartitions'
  | 'describeConfigs'
  | 'incrementalAlterConfigs'
  | 'close'
>

export interface MonitorOptions {
  readonly settings: ReplicatorSettings
  readonly topics: ReplicatedTopics
  readonly source: Admin
  readonly target: Admin
}

/**
 * Replicator's answer to MirrorSourceConnector, with the difference that it copies what a topic
 * sets whole, min.insync.replicas too, and the source's number of replicas where none is given: a
 * smaller destination then refuses to make the copy, again and again.
 *
 * Tasks are told anew as soon as the list of partitions differs, whether the copies exist yet or
 * not.
 */
export class TopicMonitor implements RunningConnector {
  readonly #options: MonitorOptions
  readonly #context: ConnectorContext
  readonly #jobs: AdminJobs
  /** What tasks are dealt, in the order of the source's list. */
  #partitions: readonly NamedPartition[] = []
  /** Topics that are to have copies, by the last look. */
  #matching: readonly TopicListing[] = []

  /** Its clients are closed when it stops. */
  constructor(options: MonitorOptions, context: ConnectorContext, onStarted: () => void) {
    this.#options = options
    this.#context = context
    this.#jobs = new AdminJobs(context.process)
    const { settings } = options
    this.#jobs.execute((done) => this.#createTimestamps(done))
    this.#jobs.execute((done) => {
      this.#look(() => {
        onStarted()
        done()
      })
    })
    const interval = millis(settings['topic.poll.interval.ms'])
    if (interval > 0) this.#jobs.repeat((done) => this.#poll(done), interval, interval)
    // Nobody hears whether a creation failed: what is missing at the next look is tried again.
    const again = millis(settings['topic.create.backoff.ms'])
    this.#jobs.repeat((done) => this.#createMissing(done), again, again)
    if (settings['topic.config.sync']) {
      const every = millis(settings['topic.config.sync.interval.ms'])
      this.#jobs.repeat((done) => this.#syncConfigs(done), every, every)
    }
  }

  /** Partitions in turn over the tasks, those of the timestamps topic first. */
  taskConfigs(max: number): readonly (readonly NamedPartition[])[] {
    return dealInTurn(this.#partitions, max)
  }

  /** The job under way is cut off with its clients. */
  stop(onStopped: () => void): void {
    this.#jobs.close()
    this.#options.source.close()
    this.#options.target.close()
    onStopped()
  }

  // ---- jobs -------------------------------------------------------------------------------------

  /** Replicator's own timestamps go into it as well. */
  readonly #createTimestamps: AdminJob = (done) => {
    const { settings, source } = this.#options
    const topic = {
      name: CONSUMER_TIMESTAMPS,
      partitions: settings['src.kafka.timestamps.topic.num.partitions'],
      replicationFactor: settings['src.kafka.timestamps.topic.replication.factor'],
      configs: { 'cleanup.policy': 'compact' },
    }
    source.createTopics([topic], () => done())
  }

  readonly #poll: AdminJob = (done) => {
    const before = this.#partitions
    this.#look(() => {
      if (!isSame(before, this.#partitions)) this.#context.requestTaskReconfiguration()
      done()
    })
  }

  /** What the source has now; nothing changes where it does not answer. */
  #look(done: () => void): void {
    const { source, topics } = this.#options
    source.listTopics((error, listed) => {
      if (error !== 'NONE') {
        done()
        return
      }
      this.#matching = listed.filter(({ name }) => topics.accepts(name))
      // Read by the tasks like any topic, and never copied: it is how they hear of groups.
      const timestamps = listed.filter(({ name }) => name === CONSUMER_TIMESTAMPS)
      this.#partitions = [...timestamps, ...this.#matching].flatMap(({ name, partitions }) =>
        partitions.map((_, number) => ({ topic: name, number })),
      )
      this.#createMissing(done)
    })
  }

  readonly #createMissing: AdminJob = (done) => {
    const { settings, target, topics } = this.#options
    if (!settings['topic.auto.create'] || this.#matching.length === 0) {
      done()
      return
    }
    target.listTopics((error, there) => {
      if (error !== 'NONE') {
        done()
        return
      }
      const sizes = new Map(there.map(({ name, partitions }) => [name, partitions.length]))
      const missing = this.#matching.filter(({ name }) => !sizes.has(topics.destination(name)))
      this.#create(missing, () => this.#grow(sizes, done))
    })
  }

  /** As at the source: partitions, replicas and what the topic itself sets. */
  #create(missing: readonly TopicListing[], done: () => void): void {
    const { settings, source, target, topics } = this.#options
    if (missing.length === 0) {
      done()
      return
    }
    const names = missing.map(({ name }) => name)
    const factor = settings['dest.topic.replication.factor']
    source.describeConfigs(names, (_error, configs) => {
      const created = missing.map(({ name, partitions, replicas }) => ({
        name: topics.destination(name),
        partitions: partitions.length,
        replicationFactor: factor === 0 ? replicas : factor,
        configs: configs.get(name)?.own ?? {},
      }))
      target.createTopics(created, () => done())
    })
  }

  #grow(sizes: ReadonlyMap<string, number>, done: () => void): void {
    const { settings, target, topics } = this.#options
    const small = this.#matching.flatMap(({ name, partitions }) => {
      const copy = topics.destination(name)
      // Just made: it has all of them already.
      const size = sizes.get(copy) ?? partitions.length
      return size < partitions.length ? [{ name: copy, partitions: partitions.length }] : []
    })
    if (!settings['topic.preserve.partitions'] || small.length === 0) done()
    else target.createPartitions(small, () => done())
  }

  readonly #syncConfigs: AdminJob = (done) => {
    const { source, target, topics } = this.#options
    const names = this.#matching.map(({ name }) => name)
    if (names.length === 0) {
      done()
      return
    }
    source.describeConfigs(names, (_error, configs) => {
      const altered = [...configs].map(([name, { own }]) => ({
        name: topics.destination(name),
        configs: own,
      }))
      if (altered.length === 0) done()
      else target.incrementalAlterConfigs(altered, () => done())
    })
  }
}

function isSame(one: readonly NamedPartition[], other: readonly NamedPartition[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
