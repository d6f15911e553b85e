// Records what the control plane decides: the committed metadata log, and who is active.

import type { BrokerChange } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import type { PartitionRegistration } from '../../kafka/controller/partition-registration.ts'
import { mergeChange, registrationOf } from '../../kafka/controller/partition-registration.ts'
import type { ControllerObserver } from '../../kafka/controller/quorum-controller.ts'
import {
  type MetadataOffset,
  NO_NODE,
  type NodeId,
  type PartitionIndex,
  type QuorumEpoch,
} from '../../kafka/ids.ts'
import type {
  BrokerRegistrationChangeRecord,
  ConfigRecord,
  MetadataRecord,
  PartitionChangeRecord,
  PartitionRecord,
  RemoveTopicRecord,
} from '../../kafka/metadata/records.ts'
import type { MetadataObserver } from '../../kafka/node.ts'
import type { QuorumLogEntry } from '../../kafka/quorum-messages.ts'
import type { QuorumLog } from '../../kafka/raft/quorum-log.ts'
import type { QuorumStore } from '../../kafka/raft/quorum-store.ts'
import type { Micros } from '../../sim/time.ts'
import type { Causes } from './causes.ts'
import type { Clock } from './clock.ts'
import { MinIsrRecorder } from './min-isr.ts'
import { MirrorRecorder } from './mirrors.ts'

/** A committed record and when the active controller wrote it. */
export interface ControlLogEntry {
  readonly at: Micros
  readonly record: MetadataRecord
}

/** When and by which controller a record was written. */
interface Decision {
  readonly at: Micros
  readonly by: NodeId
}

/**
 * A record is written down when the first node knows it to be committed, under the time at which a
 * controller decided it.
 */
export class ControlRecorder implements ControllerObserver, MetadataObserver {
  /** Every committed record but NoOp and LeaderChange. */
  readonly log: ControlLogEntry[] = []
  readonly #history: History
  readonly #causes: Causes
  readonly #clock: Clock
  readonly #cluster: string
  readonly #minIsr: MinIsrRecorder
  readonly #decisions = new WeakMap<MetadataRecord, Decision>()
  readonly #partitions = new Map<PartitionIndex, PartitionRegistration>()
  readonly #mirrors: MirrorRecorder
  /** The metadata log as it is committed now. */
  readonly #committed: QuorumLogEntry[] = []
  #active: NodeId = -1
  #epoch: QuorumEpoch = -1

  /** @param minIsr min.insync.replicas of topics that do not say otherwise */
  constructor(
    history: History,
    causes: Causes,
    clock: Clock,
    { name, minIsr }: { readonly name: string; readonly minIsr: number },
  ) {
    this.#minIsr = new MinIsrRecorder(history, minIsr)
    this.#history = history
    this.#causes = causes
    this.#clock = clock
    this.#cluster = name
    this.#mirrors = new MirrorRecorder(history, clock, name)
  }

  // ---- who is active ----------------------------------------------------------------------------

  /** Word of an earlier term than the one that is known is passed over. */
  onActive(nodeId: NodeId, epoch: QuorumEpoch): void {
    if (epoch < this.#epoch) return
    const text = `is the active controller, epoch ${epoch}`
    this.#changeActive(nodeId, epoch, `controller ${nodeId}`, text)
  }

  /** Passed over where another one has become active already. */
  onInactive(nodeId: NodeId): void {
    if (nodeId !== this.#active) return
    this.#changeActive(-1, this.#epoch, `controller ${nodeId}`, 'is no longer active')
  }

  /** To be called when a process stopped: a dead controller tells nobody. */
  onStopped(nodeId: NodeId): void {
    if (nodeId !== this.#active) return
    this.#changeActive(-1, this.#epoch, `controller ${nodeId}`, 'the active controller is gone')
  }

  #changeActive(controller: NodeId, epoch: QuorumEpoch, actor: string, text: string): void {
    const at = this.#clock.now()
    const before = this.#active
    const cause = this.#causes.ofNodes(before < 0 ? [controller] : [before])
    const event = this.#history.event({
      at,
      actor,
      kind: 'controller',
      text,
      cause,
      values: { epoch },
    })
    this.#active = controller
    this.#epoch = epoch
    const change = { cluster: this.#cluster, controller, epoch, at, event }
    this.#history.controllerChanges.push(change)
  }

  // ---- what is committed ----------------------------------------------------------------------

  /** Kept with the records themselves, which may be committed later or never. */
  onDecision(by: NodeId, records: readonly MetadataRecord[]): void {
    const decision = { at: this.#clock.now(), by }
    for (const record of records) this.#decisions.set(record, decision)
  }

  /** Whoever is first tells; nodes that learn of it later add nothing. */
  onCommit({ log }: QuorumStore, to: MetadataOffset): void {
    const committed = this.#committed
    this.#forgetReplaced(log, to)
    const records: MetadataRecord[] = []
    for (let offset = committed.length; offset < to; offset++) {
      const entry = log.entryAt(offset)
      committed.push(entry)
      records.push(entry.record)
    }
    // A fence follows the partition changes that it causes in the log, so brokers come first here.
    for (const record of records) this.#recordBroker(record)
    for (const record of records) this.#recordPartition(record)
    for (const record of records) this.#mirrors.record(record, this.#atOf(record))
    for (const record of records) this.#keep(record)
  }

  /** Where voters have lost what was committed, a later term writes anew from there. */
  #forgetReplaced(log: QuorumLog, to: MetadataOffset): void {
    const committed = this.#committed
    let end = Math.min(to, committed.length)
    const isNewer = (entry: QuorumLogEntry, other?: QuorumLogEntry) =>
      other !== undefined && entry !== other && entry.epoch > other.epoch
    if (end === 0 || !isNewer(log.entryAt(end - 1), committed[end - 1])) return
    while (end > 0 && log.entryAt(end - 1) !== committed[end - 1]) end--
    committed.length = end
  }

  /** The disk of voter `node` has lost something; `store` is what it has left. */
  onVoterLoss(node: NodeId, { log, endOffsetBeforeLoss }: QuorumStore): void {
    const records = Math.min(this.#committed.length, endOffsetBeforeLoss) - log.endOffset
    if (records <= 0) return
    const at = this.#clock.now()
    const event = this.#history.event({
      at,
      actor: `controller ${node}`,
      kind: 'metadata-lost',
      text: `${records} committed records of the metadata log are gone from its disk`,
      cause: this.#causes.ofNodes([node]),
      values: { records },
    })
    this.#history.metadataLosses.push({ cluster: this.#cluster, node, records, at, event })
  }

  /** An event, with what was last known of the node as its cause. */
  onFatal(node: NodeId, sentence: string): void {
    const cause = this.#causes.ofNodes([node])
    const text = `ends itself: its metadata log denies that ${sentence}`
    this.#history.event({
      ...{ at: this.#clock.now(), actor: `node ${node}`, kind: 'metadata-fault', text, cause },
    })
  }

  #keep(record: MetadataRecord): void {
    if (record.type === 'NoOp' || record.type === 'LeaderChange') return
    this.log.push({ at: this.#atOf(record), record })
  }

  #atOf(record: MetadataRecord): Micros {
    return this.#decisions.get(record)?.at ?? this.#clock.now()
  }

  #recordBroker(record: MetadataRecord): void {
    switch (record.type) {
      case 'RegisterBroker':
        this.#broker(record, record.brokerId, 'registered', 'registered')
        return
      case 'UnregisterBroker':
        this.#broker(record, record.brokerId, 'unregistered', 'unregistered')
        return
      case 'BrokerRegistrationChange':
        this.#brokerChange(record)
    }
  }

  #brokerChange(record: BrokerRegistrationChangeRecord): void {
    const { brokerId } = record
    if (record.inControlledShutdown === true) {
      this.#broker(record, brokerId, 'controlled-shutdown', 'in controlled shutdown')
    }
    if (record.fenced === true) {
      this.#broker(record, brokerId, 'fenced', `fenced${this.#whyFenced(brokerId)}`)
    }
    if (record.fenced === false) this.#broker(record, brokerId, 'unfenced', 'unfenced')
  }

  /** One that asked to go is fenced when it may, and once more when its session is over. */
  #whyFenced(broker: NodeId): string {
    const last = this.#history.brokerChanges.findLast((change) => change.broker === broker)
    const isLeaving = last?.change === 'controlled-shutdown'
    return isLeaving ? ' in its controlled shutdown' : ': no heartbeat within its session'
  }

  #broker(
    record: MetadataRecord,
    broker: NodeId,
    change: BrokerChange['change'],
    what: string,
  ): void {
    const at = this.#atOf(record)
    const event = this.#history.event({
      at,
      actor: this.#actorOf(record),
      kind: `broker-${change}`,
      text: `broker ${broker} ${what}`,
      cause: this.#causes.ofNodes([broker]),
      values: { broker },
    })
    this.#causes.noteNode(broker, event)
    this.#history.brokerChanges.push({ broker, change, at, event })
  }

  #recordPartition(record: MetadataRecord): void {
    if (record.type === 'Topic') {
      this.#minIsr.onTopic(record)
    } else if (record.type === 'Config') {
      this.#config(record)
    } else if (record.type === 'RemoveTopic') {
      this.#removed(record)
    } else if (record.type === 'Partition') {
      this.#describe(record)
      const registration = registrationOf(record)
      this.#partitions.set(record.partition, registration)
      this.#partition(record, record.partition, registration, 'created', -1)
    } else if (record.type === 'PartitionChange') {
      const before = this.#partitions.get(record.partition)
      if (before === undefined) return
      const after = mergeChange(before, record)
      this.#partitions.set(record.partition, after)
      const cause = this.#causes.ofNodes(involved(before, after, record))
      this.#partition(record, record.partition, after, changeText(before, after), cause)
      if (after.leader !== before.leader) {
        this.#minIsr.look(record.partition, after.leader, this.#atOf(record))
      }
    }
  }

  #config(record: ConfigRecord): void {
    if (!this.#minIsr.onConfig(record)) return
    const at = this.#atOf(record)
    for (const [index, { leader }] of this.#partitions) this.#minIsr.look(index, leader, at)
  }

  /** Nobody leads it any more, and nobody will. */
  #removed(record: RemoveTopicRecord): void {
    const { partitions, removals } = this.#history
    for (const { index, cluster, topic } of partitions) {
      const before = this.#partitions.get(index)
      if (cluster !== this.#cluster || topic !== record.topic || before === undefined) continue
      this.#partitions.delete(index)
      removals.push({ partition: index, leader: this.#lastHolder(index), at: this.#atOf(record) })
      const after = { ...before, leader: NO_NODE, isr: [], elr: [] }
      this.#partition(record, index, after, 'deleted with its topic', -1)
    }
  }

  /**
   * Whose log a deletion takes. Where nobody leads any more the last leader's is still on its disk,
   * unless that was lost since: then the records were gone before anybody deleted them.
   */
  #lastHolder(index: PartitionIndex): NodeId {
    const { partitionChanges, diskLosses } = this.#history
    const led = partitionChanges.findLast(({ partition, leader }) => {
      return partition === index && leader !== NO_NODE
    })
    if (led === undefined) return NO_NODE
    const isGone = diskLosses.some(({ node, what, at }) => {
      return node === led.leader && what === 'all' && at >= led.at
    })
    return isGone ? NO_NODE : led.leader
  }

  /** Fills in what was not known when the partition got its number. */
  #describe({ partition, topic, leader, replicas, observers }: PartitionRecord): void {
    const asked = this.#minIsr.onCreated(partition, topic, leader)
    const known = this.#history.partitions[partition]
    if (known === undefined) return
    const minIsr = Math.min(asked, replicas.length)
    this.#history.partitions[partition] = { ...known, replicas, observers, minIsr }
  }

  #partition(
    record: MetadataRecord,
    partition: PartitionIndex,
    { leader, leaderEpoch, partitionEpoch, replicas, isr, elr }: PartitionRegistration,
    what: string,
    cause: number,
  ): void {
    const at = this.#atOf(record)
    const isUnclean = record.type === 'PartitionChange' && record.recovery === 'RECOVERING'
    const event = this.#history.event({
      at,
      actor: this.#actorOf(record),
      kind: 'partition',
      text: `${this.#history.partitionName(partition)}: ${what}`,
      cause,
      partition,
      values: { leader, leaderEpoch, partitionEpoch, ...(isUnclean ? { unclean: 1 } : {}) },
    })
    if (cause >= 0) this.#causes.notePartition(partition, event)
    const state = { leader, leaderEpoch, partitionEpoch, replicas, isr, elr }
    this.#history.partitionChanges.push({ partition, ...state, at, event })
  }

  /** Who decided it, which may be another one than the one that commits it. */
  #actorOf(record: MetadataRecord): string {
    const by = this.#decisions.get(record)?.by
    return by === undefined ? 'controller' : `controller ${by}`
  }
}

/** The nodes whose fate explains a change: who left, who came, whose leadership ended. */
function involved(
  before: PartitionRegistration,
  after: PartitionRegistration,
  record: PartitionChangeRecord,
): NodeId[] {
  const left = before.isr.filter((id) => !after.isr.includes(id))
  const came = after.isr.filter((id) => !before.isr.includes(id))
  const deposed = record.leader !== undefined && before.leader >= 0 ? [before.leader] : []
  return [...left, ...came, ...deposed]
}

function changeText(before: PartitionRegistration, after: PartitionRegistration): string {
  const name = (id: NodeId) => (id < 0 ? 'none' : String(id))
  const parts: string[] = []
  if (after.leader !== before.leader) {
    parts.push(`leader ${name(before.leader)} → ${name(after.leader)}`)
  }
  if (after.leaderEpoch !== before.leaderEpoch) {
    parts.push(`epoch ${before.leaderEpoch} → ${after.leaderEpoch}`)
  }
  if (String(after.isr) !== String(before.isr)) parts.push(`ISR [${before.isr}] → [${after.isr}]`)
  if (String(after.elr) !== String(before.elr)) parts.push(`ELR [${before.elr}] → [${after.elr}]`)
  if (after.recovery !== before.recovery) parts.push(after.recovery)
  if (String(after.replicas) !== String(before.replicas)) parts.push(`replicas [${after.replicas}]`)
  return parts.length === 0 ? `partition epoch ${after.partitionEpoch}` : parts.join(', ')
}
