// The metadata log as it was committed first, whoever told it, and I23: no node applies another.

import {
  ConfigControl,
  type ConfigDefaults,
  MIN_IN_SYNC_REPLICAS,
} from '../../kafka/controller/config-control.ts'
import {
  mergeChange,
  type PartitionRegistration,
  registrationOf,
} from '../../kafka/controller/partition-registration.ts'
import { type MetadataOffset, NO_NODE, type NodeId } from '../../kafka/ids.ts'
import type {
  ConfigResource,
  MetadataRecord,
  PartitionChangeRecord,
  PartitionRecord,
} from '../../kafka/metadata/records.ts'
import type { QuorumLogEntry } from '../../kafka/quorum-messages.ts'
import type { QuorumStore } from '../../kafka/raft/quorum-store.ts'
import { invariant } from '../../sim/invariant.ts'
import { checkCandidates } from './commit-rules.ts'
import { CommittedBrokers } from './committed-brokers.ts'
import {
  checkExcluded,
  checkFenced,
  checkReadmitted,
  checkRegistration,
} from './registration-rules.ts'
import { checkMaximalIsr } from './role-rules.ts'
import type { WatchedPartition } from './watched-partition.ts'
import type { WatchedRun } from './watched-run.ts'

/** What holds for topics of which nobody has said anything, as every controller's file has it. */
export type TopicDefaults = Omit<ConfigDefaults, 'nodeId'>

/** A partition that a commit changed, and how it was before its first change. */
type Changes = Map<WatchedPartition, PartitionRegistration | null>

/** Entries are replayed once, when the first node has learned that they are committed. */
export class CommittedMetadata {
  readonly brokers = new CommittedBrokers()
  readonly #run: WatchedRun
  readonly #defaults: TopicDefaults
  /** As the active controller sees them. */
  #configs: ConfigControl
  /** The first partition of each topic. */
  readonly #firstOf = new Map<string, WatchedPartition>()
  readonly #entries: QuorumLogEntry[] = []
  /** A voter has lost what it had promised to keep: what was committed may be gone with it. */
  #hasVoterForgotten = false

  constructor(run: WatchedRun, defaults: TopicDefaults) {
    this.#run = run
    this.#defaults = defaults
    this.#configs = new ConfigControl({ nodeId: NO_NODE, ...defaults })
  }

  /**
   * The disk of a voter has lost something. It may lose what nobody has counted yet. A lost disk
   * takes its votes along, and so may one vote twice.
   */
  onVoterLoss({ log, endOffsetBeforeLoss }: QuorumStore, hasVotesLeft: boolean): void {
    const had = Math.min(this.#entries.length, endOffsetBeforeLoss)
    if (!hasVotesLeft || log.endOffset < had) this.#hasVoterForgotten = true
  }

  /** A node ends itself over its metadata log, which whole voters never give it a reason for. */
  onFatal(node: NodeId, sentence: string): void {
    invariant(this.#hasVoterForgotten, sentence, { node })
  }

  /** `node` has learned that its log is committed up to `to`; it has applied it up to `from`. */
  onCommit(node: NodeId, { log }: QuorumStore, from: MetadataOffset, to: MetadataOffset): void {
    const known = this.#entries.length
    for (let offset = from; offset < to; offset++) {
      const entry = log.entryAt(offset)
      if (offset >= this.#entries.length) this.#entries.push(entry)
      else if (!isSame(entry, this.#entries[offset])) this.#parted(node, offset)
    }
    if (this.#entries.length > known && this.#run.violations.isMetadataWhole) this.#replay(known)
  }

  #parted(node: NodeId, offset: MetadataOffset): void {
    const { violations } = this.#run
    if (this.#hasVoterForgotten) violations.isMetadataWhole = false
    else violations.report('I23', '', null, { node, offset, committed: this.#entries.length })
  }

  #replay(from: MetadataOffset): void {
    const changes: Changes = new Map()
    const returned: NodeId[] = []
    const fenced: boolean[] = []
    for (let offset = from; offset < this.#entries.length; offset++) {
      const record = this.#entries[offset]?.record
      if (record === undefined) continue
      const broker = this.brokers.replay(record)
      if (broker !== null) returned.push(broker)
      if (record.type === 'BrokerRegistrationChange') fenced.push(record.fenced === true)
      this.#replayRecord(record, changes)
    }
    const run = this.#run
    for (const [watched, before] of changes) this.#checkChanged(watched, before)
    const looksAtAll = fenced.includes(true)
    for (const watched of looksAtAll ? run.partitions : changes.keys()) {
      checkFenced(run, watched, this.brokers)
    }
    for (const broker of returned) {
      for (const watched of run.partitions) checkExcluded(run, watched, broker)
    }
  }

  #replayRecord(record: MetadataRecord, changes: Changes): void {
    switch (record.type) {
      case 'Topic':
        this.#configs.setAll(record.name, record.configs)
        return
      case 'Config':
        this.#configs.replay(record)
        if (record.name === MIN_IN_SYNC_REPLICAS) this.#onMinIsr(record.resource)
        return
      case 'LeaderChange':
        this.#configs = new ConfigControl(
          { nodeId: record.leader, ...this.#defaults },
          this.#configs,
        )
        return
      case 'RemoveTopic':
        this.#remove(record.topic)
        return
      case 'Partition':
        this.#create(record, changes)
        return
      case 'PartitionChange':
        this.#change(record, changes)
    }
  }

  /**
   * 1. The controller counts by the new minimum at once. 2. A leader that has not heard of it moves
   * its high watermark by the old one, past a replica that has just become eligible.
   */
  #onMinIsr({ type, name }: ConfigResource): void {
    if (!this.#run.guards.elr) return
    for (const watched of this.#run.partitions) {
      if (type === 'broker' || watched.topic === name)
        watched.endCleanRun('min.insync.replicas changed')
    }
  }

  /** Nothing is promised of it any more; one of the same name is another. */
  #remove(topic: string): void {
    for (const watched of this.#run.partitions) {
      if (watched.topic === topic) watched.remove()
    }
    this.#firstOf.delete(topic)
    this.#configs.remove(topic)
  }

  #create(record: PartitionRecord, changes: Changes): void {
    const watched = this.#run.partition(record.partition)
    watched.topic = record.topic
    if (!this.#firstOf.has(record.topic)) this.#firstOf.set(record.topic, watched)
    this.#set(watched, registrationOf(record), changes)
  }

  #change(record: PartitionChangeRecord, changes: Changes): void {
    const watched = this.#run.partition(record.partition)
    const before = watched.registration
    if (before === null) return
    const after = mergeChange(before, record)
    if (this.#isUnclean(watched.topic, before, after)) watched.endCleanRun('unclean election')
    this.#set(watched, after, changes)
  }

  #set(watched: WatchedPartition, after: PartitionRegistration, changes: Changes): void {
    const before = watched.registration
    if (!changes.has(watched)) changes.set(watched, before)
    const minIsr = this.#minIsr(watched.topic)
    watched.register(after)
    checkRegistration(this.#run, watched, before, minIsr)
  }

  /** As the controller counts: by the replication factor of the topic’s first partition. */
  #minIsr(topic: string): number {
    const factor = this.#firstOf.get(topic)?.registration?.replicas.length ?? 1
    return Math.min(this.#configs.minInsyncReplicas(topic), factor)
  }

  /**
   * An election of somebody who was no candidate, where Kafka may make one: the topic allows it, an
   * operator has ordered it, or nobody is left but the last known leader.
   */
  #isUnclean(topic: string, before: PartitionRegistration, after: PartitionRegistration): boolean {
    const { leader } = after
    if (leader < 0 || leader === before.leader) return false
    if (before.isr.includes(leader) || before.elr.includes(leader)) return false
    return (
      this.#configs.uncleanLeaderElectionEnable(topic) ||
      before.lastKnownElr.includes(leader) ||
      this.#run.cluster.uncleanElectionsOrdered() > 0
    )
  }

  #checkChanged(watched: WatchedPartition, before: PartitionRegistration | null): void {
    const run = this.#run
    const after = watched.registration
    if (before !== null) checkReadmitted(run, watched, before, this.brokers)
    checkCandidates(run, watched)
    if (after !== null && after.leader >= 0) checkMaximalIsr(run, watched.replica(after.leader))
  }
}

/** Entries are shared by the logs that took them from one another. */
function isSame(a: QuorumLogEntry, b: QuorumLogEntry | undefined): boolean {
  if (a === b) return true
  return a.epoch === b?.epoch && JSON.stringify(a.record) === JSON.stringify(b.record)
}
