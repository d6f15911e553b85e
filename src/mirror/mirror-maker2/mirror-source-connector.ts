// Models: the connector that watches the topics of the source, creates their copies at the target
// and deals the partitions to tasks.
// Leaves out: exactly-once support.
// Source: org.apache.kafka.connect.mirror.MirrorSourceConnector.

import type { TopicConfigs } from '../../kafka/clients/admin/kafka-admin-client.ts'
import { SECOND } from '../../sim/time.ts'
import type { ConnectorContext, RunningConnector } from '../connect/connector.ts'
import type { NamedPartition } from '../connect/deal-in-turn.ts'
import { type AdminJob, AdminJobs } from './admin-jobs.ts'
import { aclsToCopy } from './copied-acls.ts'
import type { Flow } from './flow.ts'
import type { MirrorAdmin, TopicListing } from './mirror-admin.ts'
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
    this.#jobs = new AdminJobs(context.process)
    const { settings } = flow
    const every = (seconds: number) => seconds * SECOND
    // As MirrorSourceConnector.start: the copies exist before the first task produces, for else the
    // broker would make them with num.partitions of its own.
    this.#jobs.execute((done) => this.#createSyncsTopic(done))
    this.#jobs.execute((done) => this.#list((known) => this.#take(known, done)))
    this.#jobs.execute((done) => this.#createMissing(done))
    this.#jobs.execute((done) => this.#list((known) => this.#take(known, done)))
    this.#jobs.execute((done) => {
      onStarted(this.#known.source.length === 0)
      done()
    })
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

  /** The job under way is cut off with its clients. */
  stop(): void {
    this.#jobs.close()
    this.#admins.source.close()
    this.#admins.target.close()
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

  /** Both ends, or null where one does not answer. */
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

  /** An end that does not answer changes nothing: tasks go on with what was known before. */
  #take(known: KnownTopics | null, done: () => void): void {
    if (known !== null) this.#known = known
    done()
  }

  readonly #refresh: AdminJob = (done) => {
    this.#list((found) => {
      if (found === null || !isChanged(this.#flow, this.#known, found)) {
        done()
        return
      }
      this.#known = found
      this.#createMissing(() => {
        this.#context.requestTaskReconfiguration()
        done()
      })
    })
  }

  #createMissing(done: () => void): void {
    const { topics, grown } = toCreate(this.#flow, this.#known)
    this.#createTopics(topics, () => this.#grow([...grown], done))
  }

  #createTopics(topics: readonly TopicListing[], done: () => void): void {
    if (topics.length === 0) {
      done()
      return
    }
    const replicationFactor = this.#flow.settings['replication.factor']
    const upstream = new Map(
      this.#known.source.map(({ name }) => [this.#flow.remoteTopic(name), name]),
    )
    this.#admins.source.describeConfigs([...upstream.values()], (_error, configs) => {
      const created = topics.map(({ name, partitions }) => {
        // Without the source's answer a copy has the target's defaults until configs are synced.
        const upstreamConfigs = configs?.get(upstream.get(name) ?? '') ?? NO_CONFIGS
        const copied = this.#flow.copiedConfigs.of(upstreamConfigs)
        return { name, partitions, replicationFactor, configs: copied }
      })
      this.#admins.target.createTopics(created, done)
    })
  }

  #grow(topics: TopicListing[], done: () => void): void {
    const next = topics.shift()
    if (next === undefined) done()
    else {
      this.#admins.target.createPartitions(next.name, next.partitions, () => {
        this.#grow(topics, done)
      })
    }
  }

  /** Creates all of them again at each turn; what went at the source stays at the target. */
  readonly #syncAcls: AdminJob = (done) => {
    this.#admins.source.describeAcls((_error, acls) => {
      const copied = aclsToCopy(this.#flow, acls ?? [])
      if (copied.length === 0) done()
      else this.#admins.target.createAcls(copied, () => done())
    })
  }

  /** Only of topics that have a copy; the others get their settings when it is made. */
  readonly #syncConfigs: AdminJob = (done) => {
    const copies = new Set(this.#known.target.map(({ name }) => name))
    const names = this.#known.source
      .map(({ name }) => name)
      .filter((name) => copies.has(this.#flow.remoteTopic(name)))
    this.#admins.source.describeConfigs(names, (_error, configs) => {
      this.#alterConfigs([...(configs ?? [])], done)
    })
  }

  #alterConfigs(configs: [topic: string, upstream: TopicConfigs][], done: () => void): void {
    const next = configs.shift()
    if (next === undefined) done()
    else {
      const [topic, upstream] = next
      this.#admins.target.alterConfigs(
        this.#flow.remoteTopic(topic),
        this.#flow.copiedConfigs.changes(upstream),
        () => {
          this.#alterConfigs(configs, done)
        },
      )
    }
  }
}

/** Of a topic that is not known. */
const NO_CONFIGS: TopicConfigs = { own: {}, defaults: {} }

/** MirrorUtils.createSinglePartitionCompactedTopic. */
const COMPACTED = { 'cleanup.policy': 'compact' }
