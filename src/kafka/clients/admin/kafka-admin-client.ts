// Models: an administrator's client over the network: topics, their settings, offsets, groups.
// Leaves out: the deletion of access control lists; transactions, reassignments, elections,
// quotas, log directories.
// Source: org.apache.kafka.clients.admin.KafkaAdminClient (4.0).

import type { Network } from '../../../sim/network.ts'
import type { Process } from '../../../sim/process.ts'
import type {
  CreatePartitionsRequest,
  IncrementalAlterConfigsRequest,
  NewTopic,
  TopicsRequest,
} from '../../admin-messages.ts'
import type { KafkaError } from '../../errors.ts'
import type { CommittedOffset, GroupDescription } from '../../group-messages.ts'
import { type GroupId, type NodeId, OFFSETS_TOPIC, type PartitionIndex } from '../../ids.ts'
import type { PartitionMetadata } from '../../messages.ts'
import type { AclBinding } from '../../metadata/acls.ts'
import { ADMIN_CHANNEL, type ChannelOptions } from '../../network/channel-options.ts'
import { ClientChannel, type NodeDirectory } from '../../network/client-channel.ts'
import { addressesOf } from '../metadata.ts'
import type { AdminConfig } from './admin-config.ts'
import { AdminMetadata } from './admin-metadata.ts'
import type { AdminCallback, AdminError, NodeChoice } from './call.ts'
import { CallRunner } from './call-runner.ts'
import { DESCRIBE_GROUPS, GROUPS_OFFSETS, groupCommit } from './group-requests.ts'
import { type KeyedApi, KeyedRequest } from './keyed-request.ts'
import { type GroupListing, listGroups } from './list-groups.ts'
import { type ListedOffset, listOffsetsApi, type OffsetQuery } from './list-offsets.ts'

export interface AdminOptions {
  readonly config: AdminConfig
  /** Brokers whose addresses the client is given. */
  readonly bootstrapNodes: readonly NodeId[]
  /** Overrides of the network client's constants and of its service time. */
  readonly channel?: Partial<ChannelOptions>
}

/** What one broker's metadata says of a topic. */
export interface TopicListing {
  readonly name: string
  /** In the order of their numbers. */
  readonly partitions: readonly PartitionIndex[]
  /** Replicas of the first of them. */
  readonly replicas: number
}

/** What is set for a topic itself, and what stands at Kafka's own default, by names. */
export interface TopicConfigs {
  readonly own: Readonly<Record<string, string>>
  readonly defaults: Readonly<Record<string, string>>
}

/** Every call is answered through its callback, once, unless the process dies. */
export class KafkaAdminClient {
  readonly #config: AdminConfig
  readonly #runner: CallRunner

  /** Build one in each incarnation of `process`. */
  constructor(process: Process, network: Network, directory: NodeDirectory, options: AdminOptions) {
    const { config, bootstrapNodes } = options
    this.#config = config
    const addresses = addressesOf(directory, bootstrapNodes)
    const channelOptions = { ...ADMIN_CHANNEL, ...options.channel }
    const channel = new ClientChannel(process, network, addresses, channelOptions)
    this.#runner = new CallRunner(
      process,
      config,
      channel,
      new AdminMetadata(config, bootstrapNodes),
    )
  }

  /** All topics that some broker knows of, Kafka's own ones apart. */
  listTopics(onDone: AdminCallback<readonly TopicListing[]>): void {
    this.#runner.call(
      {
        node: 'least-loaded',
        request: { api: 'Metadata', topics: null },
        answered: (response) => {
          if (response.api !== 'Metadata') return 'UNKNOWN_SERVER_ERROR'
          const topics = response.topics.filter(({ name }) => name !== OFFSETS_TOPIC)
          onDone('NONE', topics.map(listingOf))
          return 'NONE'
        },
        failed: (error) => onDone(error, []),
      },
      this.#deadline(),
    )
  }

  /**
   * One topic as some broker knows it, asked for as a consumer does: it may be made then. null
   * where it is not there.
   */
  findTopic(name: string, onDone: AdminCallback<TopicListing | null>): void {
    this.#runner.call(
      {
        node: 'least-loaded',
        request: { api: 'Metadata', topics: [name], mayCreateTopics: true },
        answered: (response) => {
          if (response.api !== 'Metadata') return 'UNKNOWN_SERVER_ERROR'
          const found = response.topics.find((one) => one.name === name && one.error === 'NONE')
          onDone('NONE', found === undefined ? null : listingOf(found))
          return 'NONE'
        },
        failed: (error) => onDone(error, null),
      },
      this.#deadline(),
    )
  }

  /** Brokers that some broker knows to be alive. */
  describeCluster(onDone: AdminCallback<readonly NodeId[]>): void {
    this.#runner.call(
      {
        node: 'least-loaded',
        request: { api: 'Metadata', topics: [] },
        answered: (response) => {
          if (response.api !== 'Metadata') return 'UNKNOWN_SERVER_ERROR'
          onDone(
            'NONE',
            response.brokers.map(({ id }) => id),
          )
          return 'NONE'
        },
        failed: (error) => onDone(error, []),
      },
      this.#deadline(),
    )
  }

  /** Orders topics of the controller; `onDone` hears what became of each. */
  createTopics(
    topics: readonly NewTopic[],
    onDone: AdminCallback<ReadonlyMap<string, AdminError>>,
  ): void {
    this.#order('controller', { api: 'CreateTopics', topics }, onDone)
  }

  /** How many partitions topics are to have; never fewer than they have. */
  createPartitions(
    topics: CreatePartitionsRequest['topics'],
    onDone: AdminCallback<ReadonlyMap<string, AdminError>>,
  ): void {
    this.#order('controller', { api: 'CreatePartitions', topics }, onDone)
  }

  /** Sets or, with null, takes back; any broker hands it on to the controller. */
  incrementalAlterConfigs(
    topics: IncrementalAlterConfigsRequest['topics'],
    onDone: AdminCallback<ReadonlyMap<string, AdminError>>,
  ): void {
    this.#order('least-loaded', { api: 'IncrementalAlterConfigs', topics }, onDone)
  }

  /** Topics fail each for itself; the first error is that of the call. */
  #order(
    node: NodeChoice,
    request: TopicsRequest,
    onDone: AdminCallback<ReadonlyMap<string, AdminError>>,
  ): void {
    const answer = (errors: ReadonlyMap<string, AdminError>) => onDone(firstOf(errors), errors)
    this.#runner.call(
      {
        node,
        request,
        answered: (response): KafkaError => {
          if (response.api !== request.api || !('topics' in response)) return 'UNKNOWN_SERVER_ERROR'
          answer(new Map(response.topics.map(({ name, error }) => [name, error])))
          return 'NONE'
        },
        failed: (error) => answer(new Map(request.topics.map(({ name }) => [name, error]))),
      },
      this.#deadline(),
    )
  }

  /** Settings of topics; topics with an error are missing in the answer. */
  describeConfigs(
    topics: readonly string[],
    onDone: AdminCallback<ReadonlyMap<string, TopicConfigs>>,
  ): void {
    this.#runner.call(
      {
        node: 'least-loaded',
        request: { api: 'DescribeConfigs', topics },
        answered: (response): KafkaError => {
          if (response.api !== 'DescribeConfigs') return 'UNKNOWN_SERVER_ERROR'
          const known = response.topics.filter(({ error }) => error === 'NONE')
          onDone(
            firstOf(new Map(response.topics.map(({ name, error }) => [name, error]))),
            new Map(known.map(({ name, configs: own, defaults }) => [name, { own, defaults }])),
          )
          return 'NONE'
        },
        failed: (error) => onDone(error, new Map()),
      },
      this.#deadline(),
    )
  }

  /** Entries that are there already are created once more without an error. */
  createAcls(acls: readonly AclBinding[], onDone: (error: AdminError) => void): void {
    this.#runner.call(
      {
        node: 'least-loaded',
        request: { api: 'CreateAcls', acls },
        answered: (response): KafkaError => {
          if (response.api !== 'Admin') return 'UNKNOWN_SERVER_ERROR'
          if (response.error === 'NONE') onDone('NONE')
          return response.error
        },
        failed: onDone,
      },
      this.#deadline(),
    )
  }

  /** Every entry that the broker knows of. */
  describeAcls(onDone: AdminCallback<readonly AclBinding[]>): void {
    this.#runner.call(
      {
        node: 'least-loaded',
        request: { api: 'DescribeAcls' },
        answered: (response): KafkaError => {
          if (response.api !== 'DescribeAcls') return 'UNKNOWN_SERVER_ERROR'
          if (response.error === 'NONE') onDone('NONE', response.acls)
          return response.error
        },
        failed: (error) => onDone(error, []),
      },
      this.#deadline(),
    )
  }

  // ---- groups -----------------------------------------------------------------------------------

  /** Every broker lists what it coordinates; what some could not tell is an error. */
  listConsumerGroups(onDone: AdminCallback<readonly GroupListing[]>): void {
    listGroups(this.#runner, this.#deadline(), onDone)
  }

  /** A group that nobody knows is DEAD. */
  describeConsumerGroups(
    groups: readonly GroupId[],
    onDone: AdminCallback<ReadonlyMap<GroupId, GroupDescription>>,
  ): void {
    this.#ask(DESCRIBE_GROUPS, groups, onDone)
  }

  /** What a group has committed, partition by partition. */
  listConsumerGroupOffsets(
    group: GroupId,
    onDone: AdminCallback<readonly CommittedOffset[]>,
  ): void {
    this.listOffsetsOfGroups([group], (error, byGroup) => onDone(error, byGroup.get(group) ?? []))
  }

  /** The same of several groups: one question a coordinator. */
  listOffsetsOfGroups(
    groups: readonly GroupId[],
    onDone: AdminCallback<ReadonlyMap<GroupId, readonly CommittedOffset[]>>,
  ): void {
    this.#ask(GROUPS_OFFSETS, groups, onDone)
  }

  /** Commits for a group without members; UNKNOWN_MEMBER_ID while it has some. */
  alterConsumerGroupOffsets(
    group: GroupId,
    offsets: readonly CommittedOffset[],
    onDone: (error: AdminError) => void,
  ): void {
    this.#ask(groupCommit(group, offsets), [group], (error) => onDone(error))
  }

  /** What many brokers must be asked for; it drives itself, and needs nobody to hold it. */
  #ask<K, V>(
    api: KeyedApi<K, V>,
    keys: readonly K[],
    onDone: AdminCallback<ReadonlyMap<K, V>>,
  ): void {
    new KeyedRequest(api, keys, this.#runner, this.#config.apiTimeoutMs, onDone)
  }

  // ---- offsets ----------------------------------------------------------------------------------

  /** Asks the leaders; partitions with an error are missing in the answer. */
  listOffsets(
    queries: readonly OffsetQuery[],
    onDone: AdminCallback<ReadonlyMap<PartitionIndex, ListedOffset>>,
  ): void {
    const keys = queries.map(({ partition }) => partition)
    this.#ask(listOffsetsApi(queries), keys, onDone)
  }

  /** Waits that long for the calls under way, then ends them; refuses new ones from now on. */
  close(timeoutMs = 0, onClosed: () => void = () => {}): void {
    this.#runner.close(timeoutMs, onClosed)
  }

  /** Of all tries of a call together, in micros of the run. */
  #deadline(): number {
    return this.#runner.now + this.#config.apiTimeoutMs * 1_000
  }
}

function firstOf(errors: ReadonlyMap<string, AdminError>): AdminError {
  return [...errors.values()].find((error) => error !== 'NONE') ?? 'NONE'
}

function listingOf(topic: {
  readonly name: string
  readonly partitions: readonly Pick<PartitionMetadata, 'partition' | 'number' | 'replicas'>[]
}): TopicListing {
  const inOrder = [...topic.partitions].sort((a, b) => a.number - b.number)
  const partitions = inOrder.map(({ partition }) => partition)
  return { name: topic.name, partitions, replicas: inOrder[0]?.replicas.length ?? 0 }
}
