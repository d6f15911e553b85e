// Models: a flow A->B with what its settings say of topics and groups.
// Leaves out: filters and policies of one's own.
// Source: MirrorConnectorConfig, MirrorSourceConfig, MirrorCheckpointConfig.

import type { PartitionIndex } from '../../kafka/ids.ts'
import type { RecordIds } from '../../kafka/internal-record-ids.ts'
import type { MirrorMaker2Settings } from '../../kafka/settings/modelled.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { CopiedConfigs } from './copied-configs.ts'
import { DefaultReplicationPolicy } from './default-policy.ts'
import type { Mm2Guards } from './guards.ts'
import { IdentityReplicationPolicy } from './identity-policy.ts'
import { NameFilter } from './name-filter.ts'
import type { ReplicationPolicy } from './replication-policy.ts'
import { type MirrorFlow, shouldReplicateTopic } from './source-topics.ts'
import { TopicFilter } from './topic-filter.ts'

export interface FlowOptions {
  readonly source: ClusterPort
  readonly target: ClusterPort
  readonly settings: MirrorMaker2Settings
  readonly guards: Mm2Guards
  /** Numbers of the records that MirrorMaker writes on its own account. */
  readonly recordIds: RecordIds
}

/**
 * What connectors and tasks of A->B must agree on, in one place: names of copies and of internal
 * topics are worked out from it wherever they are needed, and nowhere written down. One for each
 * flow, unchanged for the whole run.
 * @throws SyntaxError where a list of topics, groups or properties is no regular expression
 */
export class Flow {
  readonly source: ClusterPort
  readonly target: ClusterPort
  readonly settings: MirrorMaker2Settings
  readonly guards: Mm2Guards
  readonly policy: ReplicationPolicy
  readonly recordIds: RecordIds
  readonly copiedConfigs: CopiedConfigs
  readonly #topics: MirrorFlow
  readonly #groups: NameFilter

  constructor({ source, target, settings, guards, recordIds }: FlowOptions) {
    this.source = source
    this.target = target
    this.settings = settings
    this.guards = guards
    this.recordIds = recordIds
    this.policy = policyOf(settings, guards, source.name)
    const defaultsFrom = settings['use.defaults.from'] === 'source' ? 'source' : 'target'
    this.copiedConfigs = new CopiedConfigs(settings['config.properties.exclude'], defaultsFrom)
    const exclude = settings['topics.exclude']
    this.#topics = {
      target: target.name,
      policy: this.policy,
      filter: new TopicFilter(guards, {
        topics: settings.topics,
        ...(exclude === null ? {} : { topicsExclude: exclude }),
      }),
      heartbeatsReplicationEnabled: settings['heartbeats.replication.enabled'],
    }
    this.#groups = new NameFilter(settings.groups, settings['groups.exclude'])
  }

  /**
   * What the connector asks: filter, MirrorMaker's own topics and cycles together. A cycle is told
   * by names alone, so that a policy that keeps names (identity) knows of none.
   */
  shouldReplicateTopic(topic: string): boolean {
    return shouldReplicateTopic(this.#topics, topic)
  }

  /** Whether the topic filter alone lets a topic through: what checkpoints look at. */
  isTopicOfFilter(topic: string): boolean {
    return this.#topics.filter.shouldReplicate(topic)
  }

  /** By `groups` and `groups.exclude`, which wins. */
  shouldReplicateGroup(group: string): boolean {
    return this.#groups.accepts(group)
  }

  /** Name of the topic's copy at the target. */
  remoteTopic(topic: string): string {
    return this.policy.formatRemoteTopic(this.source.name, topic)
  }

  /** MirrorCheckpointTask.renameTopicPartition: what came from the target goes by its old name. */
  copyOf(partition: PartitionIndex): PartitionIndex | null {
    const { source, target, policy } = this
    const topic = source.topics.topicOf(partition)
    const isOfTarget = policy.topicSource(topic) === target.name
    const upstream = isOfTarget ? policy.upstreamTopic(topic) : null
    return target.topics.indexOf(
      upstream ?? this.remoteTopic(topic),
      source.topics.numberOf(partition),
    )
  }

  /**
   * Where the offset-syncs topic lives: the source, unless its location is the target. By default a
   * task writes to the source, and a lost source takes the pairs with it: what has been translated
   * by then is all that ever will be.
   */
  get syncsCluster(): ClusterPort {
    return this.settings['offset-syncs.topic.location'] === 'target' ? this.target : this.source
  }

  /** Named for the cluster at the other end. */
  get syncsTopic(): string {
    const other = this.syncsCluster === this.source ? this.target : this.source
    return this.policy.offsetSyncsTopic(other.name)
  }

  /** At the target, named for the source. */
  get checkpointsTopic(): string {
    return this.policy.checkpointsTopic(this.source.name)
  }
}

function policyOf(
  settings: MirrorMaker2Settings,
  guards: Mm2Guards,
  sourceClusterAlias: string,
): ReplicationPolicy {
  const config = {
    separator: settings['replication.policy.separator'],
    internalTopicSeparatorEnabled: settings['replication.policy.internal.topic.separator.enabled'],
  }
  return settings['replication.policy.class'].endsWith('.IdentityReplicationPolicy')
    ? new IdentityReplicationPolicy(guards, { ...config, sourceClusterAlias })
    : new DefaultReplicationPolicy(guards, config)
}
