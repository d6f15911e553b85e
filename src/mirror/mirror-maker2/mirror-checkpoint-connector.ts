// Models: the connector that watches the groups of the source and deals them to tasks.
// Leaves out: nothing.
// Source: connect.mirror.MirrorCheckpointConnector, connect.util.ConnectorUtils.groupPartitions.

import type { PartitionIndex } from '../../kafka/ids.ts'
import { millis, SECOND } from '../../sim/time.ts'
import type { ConnectorContext, RunningConnector } from '../connect/connector.ts'
import { type AdminJob, AdminJobs } from './admin-jobs.ts'
import type { Flow } from './flow.ts'
import type { Admins } from './mirror-source-connector.ts'
import type { TranslationObserver } from './translation-observer.ts'

/** What is around it in its worker. */
export interface CheckpointContext extends ConnectorContext {
  readonly translation: TranslationObserver
}

/**
 * Tells the worker of its groups when they differ as a set: their order is that of the source's
 * answer. A look-up that fails changes nothing, and the next refresh is the next try; groups that
 * no broker listed count as gone.
 */
export class MirrorCheckpointConnector implements RunningConnector {
  readonly #flow: Flow
  readonly #admins: Admins
  readonly #jobs: AdminJobs
  readonly #context: CheckpointContext
  /** null while no look-up has succeeded. */
  #groups: readonly string[] | null = null

  /** Its clients are closed when it stops. */
  constructor(flow: Flow, admins: Admins, context: CheckpointContext, onStarted: () => void) {
    this.#flow = flow
    this.#admins = admins
    this.#context = context
    this.#jobs = new AdminJobs(context.process, millis(flow.settings['admin.timeout.ms']))
    const first: readonly AdminJob[] = [
      (done) => this.#createCheckpointsTopic(done),
      (done) => this.#loadGroups(done),
    ]
    this.#jobs.executeInTurn(first, () => {
      this.#schedule()
      onStarted()
    })
  }

  #schedule(): void {
    const { settings } = this.#flow
    if (!settings['refresh.groups.enabled']) return
    const interval = settings['refresh.groups.interval.seconds'] * SECOND
    this.#jobs.repeat((done) => this.#refresh(done), interval, interval)
  }

  /** Groups dealt in runs of neighbours; null before the first answer: the worker asks again. */
  taskConfigs(max: number): readonly (readonly string[])[] | null {
    // So Kafka stops the tasks: the connector itself runs on, and watches groups for nobody.
    if (!this.#flow.settings['emit.checkpoints.enabled']) return []
    if (this.#groups === null) return null
    return inGroups(this.#groups, Math.min(max, this.#groups.length))
  }

  /** The job under way comes to its end first, if it does so in time. */
  stop(onStopped: () => void): void {
    this.#jobs.closeInTime(() => {
      this.#admins.source.close()
      this.#admins.target.close()
      onStopped()
    })
  }

  /**
   * Compacted and with one partition: the newest checkpoint of each group and partition is enough.
   */
  #createCheckpointsTopic(done: () => void): void {
    const { settings, checkpointsTopic: name } = this.#flow
    const replicationFactor = settings['checkpoints.topic.replication.factor']
    const configs = { 'cleanup.policy': 'compact' }
    this.#admins.target.createTopics([{ name, partitions: 1, replicationFactor, configs }], done)
  }

  #loadGroups(done: () => void): void {
    this.#find((groups) => {
      this.#groups = groups
      done()
    })
  }

  /** A refresh that fails is only logged: the groups of before stay, and so do the tasks. */
  #refresh(done: () => void): void {
    this.#find((groups) => {
      if (groups !== null) this.#take(groups)
      done()
    })
  }

  #take(groups: readonly string[]): void {
    // Brokers answer in any order, and tasks are stopped and started for each reconfiguration.
    if ([...groups].sort().join() === [...(this.#groups ?? [])].sort().join()) return
    this.#groups = groups
    this.#context.requestTaskReconfiguration()
  }

  /** Groups that pass the filter and have committed for a topic that is mirrored; null: unknown. */
  #find(told: (groups: readonly string[] | null) => void): void {
    const { source } = this.#admins
    source.listConsumerGroups((error, groups) => {
      const isUntold = error !== 'NONE' && error !== 'ADMIN_CLOSED'
      if (isUntold) this.#context.translation.onGroupsUnlisted(this.#flow.source.name)
      // Kafka takes the listings that are valid and asks for no error: a source that is out of
      // reach has no groups, and a broker that does not answer takes its own with it.
      const listed = (groups ?? []).filter((group) => this.#flow.shouldReplicateGroup(group))
      const isAtOnce = this.#flow.guards.asksGroupsAtOnce
      this.#keepRelevant(isAtOnce ? [listed] : listed.map((group) => [group]), [], told)
    })
  }

  /** One question after the other, each about some groups; a failed one fails the look-up. */
  #keepRelevant(
    questions: (readonly string[])[],
    kept: readonly string[],
    told: (groups: readonly string[] | null) => void,
  ): void {
    const groups = questions.shift()
    if (groups === undefined) {
      told(kept)
      return
    }
    this.#admins.source.listPartitionsOfGroups(groups, (_error, byGroup) => {
      if (byGroup === null) {
        told(null)
        return
      }
      const relevant = groups.filter((group) => this.#isRelevant(byGroup.get(group) ?? []))
      this.#keepRelevant(questions, [...kept, ...relevant], told)
    })
  }

  /** A group that reads nothing that is mirrored has nothing to be translated. */
  #isRelevant(partitions: readonly PartitionIndex[]): boolean {
    const { topics } = this.#flow.source
    return partitions.some((one) => this.#flow.isTopicOfFilter(topics.topicOf(one)))
  }
}

/** Runs of neighbours, of sizes that differ by one at most; the first ones are larger. */
function inGroups(all: readonly string[], count: number): string[][] {
  const groups: string[][] = []
  let from = 0
  for (let i = 0; i < count; i++) {
    const size = Math.floor(all.length / count) + (i < all.length % count ? 1 : 0)
    groups.push(all.slice(from, from + size))
    from += size
  }
  return groups
}
