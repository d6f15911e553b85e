// Models: the connector that watches the topics of the source, creates their copies at the target
// and deals the partitions to tasks.
// Leaves out: exactly-once support.
// Source: org.apache.kafka.connect.mirror.MirrorSourceConnector.

import type { TopicConfigs } from '../../kafka/clients/admin/kafka-admin-client.ts'
import { millis, SECOND } from '../../sim/time.ts'
import type { ConnectorContext, RunningConnector } from '../connect/connector.ts'
import type { NamedPartition } from '../connect/deal-in-turn.ts'
import { type AdminJob, AdminJobs } from './admin-jobs.ts'
import { aclsToCopy } from './copied-acls.ts'
import type { Flow } from './flow.ts'
import { type MirrorAdmin, NOBODY, type TopicListing } from './mirror-admin.ts'
import {
  dealPartitions,
  isChanged,
  type KnownTopics,
  NOTHING_KNOWN,
  toCreate,
  topicsOfFlow,
} from './remote-topics.ts'

export interface Admins {
  readonly source: MirrorAdmin
  readonly target: MirrorAdmin
}

/**
 * One runs in each flow, on whichever worker the group gives it to; the tasks may run elsewhere,
 * and hear of new partitions only by being told anew. That is the long way of a new topic:
 *
 * 1. it is made at the source just after a refresh, and its first records are written;
 * 2. up to refresh.topics.interval.seconds (600 s) later the connector sees it, orders its copy and
 *    asks for its tasks to be told anew;
 * 3. the leader writes the new task configurations, and all workers join again;
 * 4. every task of the connector is stopped, for partitions are dealt in turn over all of them, and
 *    one of those that start reads the topic from its beginning.
 *
 * Failed calls are not tried again before their next turn. Topics that are gone at the source leave
 * the tasks; their copies stay.
 */
export class MirrorSourceConnector implements RunningConnector {
  readonly #flow: Flow
  readonly #admins: Admins
  readonly #jobs: AdminJobs
  readonly #context: ConnectorContext
  /** As last listed; both ends are listed one after the other, never at one moment. */
  #known: KnownTopics = NOTHING_KNOWN

  /** Its clients are closed when it stops; `onStarted` hears whether there is nothing to copy. */
  constructor(
    flow: Flow,
    admins: Admins,
    context: ConnectorContext,
    onStarted: (isIdle: boolean) => void,
  ) {
    this.#flow = flow
    this.#admins = admins
    this.#context = context
    this.#jobs = new AdminJobs(context.process, millis(flow.settings['admin.timeout.ms']))
    // As MirrorSourceConnector.start: the copies exist before the first task produces, for else the
    // broker would make them with num.partitions of its own.
    const first: readonly AdminJob[] = [
      (done) => this.#createSyncsTopic(done),
      (done) => this.#load(done),
      (done) => this.#createMissing(() => done()),
      (done) => this.#loadCopies(done),
    ]
    this.#jobs.executeInTurn(first, () => {
      this.#schedule()
      onStarted(this.#known.source.length === 0)
    })
  }

  #schedule(): void {
    const { settings } = this.#flow
    const every = (seconds: number) => seconds * SECOND
    if (settings['sync.topic.acls.enabled']) {
      const interval = every(settings['sync.topic.acls.interval.seconds'])
      this.#jobs.repeat((done) => this.#syncAcls(done), interval, 0)
    }
    if (settings['sync.topic.configs.enabled']) {
      const interval = every(settings['sync.topic.configs.interval.seconds'])
      this.#jobs.repeat((done) => this.#syncConfigs(done), interval, 0)
    }
    if (settings['refresh.topics.enabled']) {
      const interval = every(settings['refresh.topics.interval.seconds'])
      this.#jobs.repeat((done) => this.#refresh(done), interval, interval)
    }
  }

  /** Partitions in turn over the tasks, as they were known at the last look. */
  taskConfigs(max: number): readonly (readonly NamedPartition[])[] {
    return dealPartitions(this.#known.source, max)
  }

  /** The job under way comes to its end first, if it does so in time. */
  stop(onStopped: () => void): void {
    this.#jobs.closeInTime(() => {
      this.#admins.source.close()
      this.#admins.target.close()
      onStopped()
    })
  }

  // ---- jobs -------------------------------------------------------------------------------------

  readonly #createSyncsTopic = (done: () => void): void => {
    const { settings, syncsCluster, syncsTopic, source } = this.#flow
    if (!settings['emit.offset-syncs.enabled']) {
      done()
      return
    }
    const admin = syncsCluster === source ? this.#admins.source : this.#admins.target
    const replicationFactor = settings['offset-syncs.topic.replication.factor']
    const topic = { name: syncsTopic, partitions: 1, replicationFactor, configs: COMPACTED }
    admin.createTopics([topic], done)
  }

  /** At the start: what the source has is kept though the target should not answer. */
  #load(done: () => void): void {
    this.#admins.source.listTopics((_error, source) => {
      if (source === null) {
        done()
        return
      }
      this.#known = topicsOfFlow(this.#flow, { source, target: [] })
      this.#loadCopies(done)
    })
  }

  /**
   * Once more after the copies were ordered: those that are there by now get their settings synced.
   */
  #loadCopies(done: () => void): void {
    this.#admins.target.listTopics((_error, target) => {
      if (target !== null) {
        const copies = topicsOfFlow(this.#flow, { source: [], target }).target
        this.#known = { source: this.#known.source, target: copies }
      }
      done()
    })
  }

  /**
   * Both ends; null where one of them does not answer, and nothing changes then: a copy must not
   * look missing for want of news.
   */
  #list(told: (known: KnownTopics | null) => void): void {
    const { source, target } = this.#admins
    source.listTopics((_error, atSource) => {
      if (atSource === null) told(null)
      else {
        target.listTopics((_failed, atTarget) => {
          const listed = atTarget === null ? null : { source: atSource, target: atTarget }
          told(listed === null ? null : topicsOfFlow(this.#flow, listed))
        })
      }
    })
  }

  /** Tasks go on with what was known before, unless there is news of both ends. */
  readonly #refresh: AdminJob = (done) => {
    this.#list((found) => {
      if (found === null || !isChanged(this.#flow, this.#known, found)) {
        done()
        return
      }
      this.#known = found
      this.#createMissing((isOrdered) => {
        if (isOrdered) this.#context.requestTaskReconfiguration()
        done()
      })
    })
  }

  /**
   * Orders what the target lacks and waits for no answer: a failure is logged, and the next refresh
   * is the next try. A task that starts before its topic exists has a broker create it, with
   * num.partitions of its own, where that may.
   * @param done hears whether all was ordered: not where the source does not tell its settings
   */
  #createMissing(done: (isOrdered: boolean) => void): void {
    const { topics, grown } = toCreate(this.#flow, this.#known)
    this.#createTopics(topics, (isOrdered) => {
      if (isOrdered) {
        for (const { name, partitions } of grown) {
          this.#admins.target.createPartitions(name, partitions, NOBODY)
        }
      }
      done(isOrdered)
    })
  }

  #createTopics(topics: readonly TopicListing[], done: (isOrdered: boolean) => void): void {
    if (topics.length === 0) {
      done(true)
      return
    }
    const replicationFactor = this.#flow.settings['replication.factor']
    // A copy is made of what the topic at the source sets, which is asked for by its name there.
    const upstream = new Map(
      this.#known.source.map(({ name }) => [this.#flow.remoteTopic(name), name]),
    )
    this.#admins.source.describeConfigs([...upstream.values()], (_error, configs) => {
      if (configs === null) {
        done(false)
        return
      }
      const created = topics.map(({ name, partitions }) => {
        const upstreamConfigs = configs.get(upstream.get(name) ?? '') ?? NO_CONFIGS
        const copied = this.#flow.copiedConfigs.of(upstreamConfigs)
        return { name, partitions, replicationFactor, configs: copied }
      })
      this.#admins.target.createTopics(created, NOBODY)
      done(true)
    })
  }

  /** Creates all of them again at each turn; what went at the source stays at the target. */
  readonly #syncAcls: AdminJob = (done) => {
    this.#admins.source.describeAcls((_error, acls) => {
      // A source without an authorizer refuses to tell, and has nothing to copy.
      const copied = aclsToCopy(this.#flow, acls ?? [])
      if (copied.length > 0) this.#admins.target.createAcls(copied, NOBODY)
      done()
    })
  }

  /** Only of topics that have a copy; the others get their settings when it is made. */
  readonly #syncConfigs: AdminJob = (done) => {
    const copies = new Set(this.#known.target.map(({ name }) => name))
    const names = this.#known.source
      .map(({ name }) => name)
      .filter((name) => copies.has(this.#flow.remoteTopic(name)))
    this.#admins.source.describeConfigs(names, (_error, configs) => {
      const { copiedConfigs } = this.#flow
      const changes = [...(configs ?? [])].map(([topic, upstream]) => {
        return { name: this.#flow.remoteTopic(topic), configs: copiedConfigs.changes(upstream) }
      })
      if (changes.length > 0) this.#admins.target.alterConfigs(changes, NOBODY)
      done()
    })
  }
}

/** Of a topic that is not known. */
const NO_CONFIGS: TopicConfigs = { own: {}, defaults: {} }

/** MirrorUtils.createSinglePartitionCompactedTopic. */
const COMPACTED = { 'cleanup.policy': 'compact' }
