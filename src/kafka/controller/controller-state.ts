// Models: all that a controller has replayed, committed or not, and how one partition is changed.
// Leaves out: the timeline of snapshots; a copy of the whole state takes its place.
// Source: ReplicationControlManager, QuorumController.replay.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { MetadataOffset, NodeId, PartitionIndex } from '../ids.ts'
import { Acls } from '../metadata/acl-records.ts'
import type { AuthorizerConfig } from '../metadata/acls.ts'
import { firstConfigs } from '../metadata/broker-configs.ts'
import { Mirrors } from '../metadata/mirror-records.ts'
import type { MetadataRecord, PartitionChangeRecord } from '../metadata/records.ts'
import { fits } from '../metadata/replay-fault.ts'
import { BrokersToElrs } from './brokers-to-elrs.ts'
import { BrokersToIsrs } from './brokers-to-isrs.ts'
import { ClusterControl } from './cluster-control.ts'
import { ConfigControl, type ConfigDefaults } from './config-control.ts'
import type { ControllerGuards } from './guards.ts'
import type { ElectionType } from './leader-election.ts'
import { buildPartitionChange, type PartitionChangeWish } from './partition-change.ts'
import {
  assertRegistrationWhole,
  mergeChange,
  type PartitionRegistration,
  registrationOf,
} from './partition-registration.ts'

export interface ControllerOptions extends ConfigDefaults {
  readonly guards: ControllerGuards
  /** broker.session.timeout.ms in the unit of every `now`. */
  readonly sessionTimeout: number
  /** Ids of all controllers of the cluster; absent: none but brokers have settings of their own. */
  readonly controllers?: readonly NodeId[]
  /** null or absent without authorizer.class.name. */
  readonly authorizer?: AuthorizerConfig | null
}

/** A partition and the topic it belongs to. */
export interface ControlledPartition {
  readonly index: PartitionIndex
  readonly topic: string
  readonly registration: PartitionRegistration
}

/**
 * A standby replays what is committed; the active controller replays what it has just decided, and
 * falls back to a copy when it loses its office with records that were never committed.
 */
export class ControllerState implements Checked {
  readonly options: ControllerOptions
  readonly cluster: ClusterControl
  readonly configs: ConfigControl
  readonly mirrors: Mirrors
  readonly acls: Acls
  readonly index: BrokersToIsrs
  readonly elrIndex: BrokersToElrs
  /** Partitions of a topic by number. */
  readonly topics: Map<string, PartitionIndex[]>
  readonly partitions: Map<PartitionIndex, ControlledPartition>

  constructor(options: ControllerOptions, from?: ControllerState) {
    this.options = options
    this.cluster = from?.cluster.copy() ?? new ClusterControl(options.sessionTimeout)
    this.configs = from?.configs.copy() ?? new ConfigControl(options)
    // Kafka writes them itself where ELRs come to be (maybeGenerateElrSafetyRecords).
    if (from === undefined) {
      const { guards, minInsyncReplicas } = options
      for (const record of firstConfigs(guards.elr, minInsyncReplicas)) this.configs.replay(record)
    }
    this.mirrors = new Mirrors(from?.mirrors)
    this.acls = new Acls(from?.acls)
    this.index = from?.index.copy() ?? new BrokersToIsrs()
    this.elrIndex = from?.elrIndex.copy() ?? new BrokersToElrs()
    this.topics = new Map(from?.topics)
    this.partitions = new Map(from?.partitions)
  }

  /** Applies a record that lies, or will lie, at `offset` of the metadata log. */
  replay(record: MetadataRecord, offset: MetadataOffset): void {
    switch (record.type) {
      case 'RegisterBroker':
        this.cluster.replayRegister(record, offset)
        break
      case 'UnregisterBroker':
        this.cluster.replayUnregister(record)
        break
      case 'BrokerRegistrationChange':
        this.cluster.replayChange(record)
        break
      case 'Topic':
        fits(!this.topics.has(record.name), 'a topic is created once', { topic: record.name })
        this.topics.set(record.name, [])
        this.configs.setAll(record.name, record.configs)
        break
      case 'RemoveTopic':
        this.#remove(record.topic)
        break
      case 'Partition': {
        const { partition: index, topic, first } = record
        const present = this.topics.get(topic)
        const isOfTopic = present !== undefined && first === (present[0] ?? first)
        fits(isOfTopic, 'a partition comes after its topic', { topic, index })
        this.topics.set(topic, present.concat(index))
        this.load({ index, topic, registration: registrationOf(record) })
        break
      }
      case 'PartitionChange': {
        const before = this.partitions.get(record.partition)
        fits(before !== undefined, 'a changed partition exists', { ...record })
        // What a change record leaves out stays as it was; its epochs follow from what it names.
        const registration = mergeChange(before.registration, record)
        this.load({ ...before, registration }, record.clearsElr)
        break
      }
      case 'Config':
        this.configs.replay(record)
        break
      case 'MirrorTopic':
      case 'MirrorPartition':
      case 'ClusterLink':
        this.mirrors.replay(record)
        break
      case 'AccessControlEntry':
      case 'RemoveAccessControlEntry':
        this.acls.replay(record)
        break
      // Blocks of ids are the quorum controller's own; the others carry nothing to remember.
      case 'ProducerIds':
      case 'NoOp':
      case 'LeaderChange':
        break
    }
  }

  /**
   * Puts a partition of a known topic into this state, whatever it was in before.
   * @param forgetsElr the index of ELRs does not follow: a quirk of ClearElrRecord
   */
  load(partition: ControlledPartition, forgetsElr = false): void {
    const { index, topic, registration } = partition
    const before = this.partitions.get(index)?.registration
    this.partitions.set(index, partition)
    this.index.update(index, before, registration)
    if (forgetsElr || before?.elr === registration.elr) return
    const [first = index] = this.topics.get(topic) ?? []
    this.elrIndex.update(first, index, before?.elr ?? [], registration.elr)
  }

  #remove(topic: string): void {
    const partitions = this.topics.get(topic)
    fits(partitions !== undefined, 'a removed topic exists', { topic })
    for (const index of partitions) {
      this.index.remove(index, this.partition(index).registration)
      this.partitions.delete(index)
    }
    if (partitions[0] !== undefined) this.elrIndex.removeTopic(partitions[0])
    this.topics.delete(topic)
    this.configs.remove(topic)
    this.mirrors.remove(topic)
  }

  /**
   * Topics, partitions, index and registrations agree with one another.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const registrations = new Map<PartitionIndex, PartitionRegistration>()
    for (const [index, { topic, registration }] of this.partitions) {
      const isListed = this.topics.get(topic)?.includes(index) === true
      invariant(isListed, 'a topic has its partitions', { topic, index })
      assertRegistrationWhole(registration)
      registrations.set(index, registration)
    }
    const listed = [...this.topics.values()].flat().length
    invariant(listed === registrations.size, 'a topic has no other partitions', { listed })
    this.index.assertMatches(registrations)
    this.cluster.assertWhole()
  }

  /** A partition that is known to exist. */
  partition(index: PartitionIndex): ControlledPartition {
    const partition = this.partitions.get(index)
    invariant(partition !== undefined, 'a partition of the index exists', { index })
    return partition
  }

  /**
   * The change record for a wish, or null where nothing changes. Replays nothing.
   * @param isAcceptableLeader liveness as it will be; by default as it is
   */
  change(
    partition: ControlledPartition,
    wish: PartitionChangeWish,
    isAcceptableLeader: (id: NodeId) => boolean = (id) => this.cluster.isActive(id),
  ): PartitionChangeRecord | null {
    const { guards } = this.options
    return buildPartitionChange(partition.index, partition.registration, wish, {
      isAcceptableLeader,
      minIsr: this.effectiveMinIsr(partition.topic),
      elrEnabled: guards.elr,
      useLastKnownLeader: true,
      lastKnownLeaderMustBeActive: guards.lastKnownLeaderMustBeActive,
      bumpLeaderEpochOnIsrShrink: guards.bumpLeaderEpochOnIsrShrink,
    })
  }

  /** min.insync.replicas, at most the replication factor of the topic's first partition. */
  effectiveMinIsr(topic: string): number {
    const first = this.topics.get(topic)?.[0]
    const configured = this.configs.minInsyncReplicas(topic)
    if (first === undefined) return configured
    return Math.min(configured, this.partition(first).registration.replicas.length)
  }

  /** UNCLEAN where the topic allows it, as in every election that the controller starts itself. */
  electionFor(topic: string): ElectionType {
    return this.configs.uncleanLeaderElectionEnable(topic) ? 'UNCLEAN' : 'ONLINE'
  }
}
