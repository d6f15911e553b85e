// What is known of a partition from outside: its registration as committed, what its leaders have
// committed, who led it when, whose log lost records, and whether its run is still a clean one.

import type { PartitionRegistration } from '../../kafka/controller/partition-registration.ts'
import type {
  BrokerEpoch,
  LeaderEpoch,
  NodeId,
  Offset,
  PartitionEpoch,
  PartitionIndex,
} from '../../kafka/ids.ts'
import type { PartitionLog } from '../../kafka/log/partition-log.ts'
import type { Partition } from '../../kafka/partition/partition.ts'

/** One replica, as it was when it was looked at last. */
export class WatchedReplica {
  readonly broker: NodeId
  readonly of: WatchedPartition
  /** Of the present incarnation of the broker, or of the last one. */
  partition: Partition | null = null
  log: PartitionLog | null = null
  logEnd: Offset = 0
  /** Epoch in which it acts as leader, -1 while it does not. */
  epochLed: LeaderEpoch = -1
  /** Its high watermark as leader of that epoch. */
  highWatermark: Offset = 0
  leaderEpoch: LeaderEpoch = -1
  partitionEpoch: PartitionEpoch = -1

  constructor(broker: NodeId, of: WatchedPartition) {
    this.broker = broker
    this.of = of
  }
}

/** Of a loss that happened in no process that is registered: a leader may take it back any time. */
const NO_REGISTRATION: BrokerEpoch = -1

/**
 * Its clean run ends once and for all: after an unclean election, or when nobody electable is left
 * whole, no loss breaks a promise.
 */
export class WatchedPartition {
  readonly index: PartitionIndex
  readonly name: string
  topic = ''
  registration: PartitionRegistration | null = null
  readonly replicas: WatchedReplica[] = []
  /** Leader epoch by partition epoch, and the broker that acted as leader by leader epoch. */
  readonly leaderEpochAt: LeaderEpoch[] = []
  readonly ledBy: (NodeId | undefined)[] = []
  /** Exclusive end of what any leader’s high watermark has passed. */
  committedEnd: Offset = 0
  /** Epochs of the committed records and where each begins among them. */
  readonly #epochs: LeaderEpoch[] = []
  readonly #starts: Offset[] = []
  #lastEpoch: LeaderEpoch = -1
  /** Whom an election may choose cleanly, without those that lost records. */
  candidates: readonly WatchedReplica[] = []
  /** Replicas whose log has lost records since a leader last took them in. */
  readonly #lossy = new Map<NodeId, BrokerEpoch>()
  /**
   * A leader that had lost its tail wrote again in the epoch that it led before, so that one epoch
   * has two records of an offset, and no truncation by epochs finds them. It takes a coordinator:
   * 1. the leader's host loses power, and its last writes with it; a follower has them;
   * 2. its next process leads by old metadata until it may register, with its port closed;
   * 3. a member's session ends, and the coordinator writes that into the shorter log.
   */
  isRewritten = false
  /** Why nothing is promised any more: an unclean election, or no candidate is intact. */
  endedBecause: string | null = null

  constructor(index: PartitionIndex, name: string) {
    this.index = index
    this.name = name
  }

  /** Made when it is first asked for; a linear search, as there are few. */
  replica(broker: NodeId): WatchedReplica {
    const { replicas } = this
    for (let i = 0; i < replicas.length; i++) {
      const replica = replicas[i]
      if (replica?.broker === broker) return replica
    }
    const replica = new WatchedReplica(broker, this)
    replicas.push(replica)
    return replica
  }

  /** The newest that its controller has committed. */
  isNewest(leaderEpoch: LeaderEpoch): boolean {
    return this.registration?.leaderEpoch === leaderEpoch
  }

  /** What is committed of the partition from now on. */
  register(registration: PartitionRegistration): void {
    this.registration = registration
    this.#noteStrangers(registration)
    this.leaderEpochAt[registration.partitionEpoch] = registration.leaderEpoch
    this.#judge()
  }

  /** Its topic was deleted: it is nobody’s any more, and every log of it may go. */
  remove(): void {
    this.registration = null
    this.endCleanRun('its topic was deleted')
  }

  /** Some replica's log has lost records, and no leader has taken it in since. */
  get hasLossy(): boolean {
    return this.#lossy.size > 0
  }

  /** A replica’s log is shorter than it was, though nobody truncated it. */
  loseRecords(broker: NodeId, registeredAs: BrokerEpoch): void {
    this.#lossy.set(broker, registeredAs)
    this.#judge()
  }

  /** A leader has seen that the replica has what it had lost. */
  readmit(broker: NodeId): void {
    if (this.#lossy.delete(broker)) this.#judge()
  }

  /** In which epoch the replica’s broker was registered when it lost records, if it has. */
  lostAs(broker: NodeId): BrokerEpoch | undefined {
    return this.#lossy.get(broker)
  }

  /**
   * A replica that was taken off the assignment deletes its log, and Kafka may leave it in the ELR:
   * 1. another partition of the topic sets the minimum, which is above this one's replicas;
   * 2. so an ISR of all replicas counts as too small, and those that have left it stay eligible;
   * 3. the next reassignment brings one of them back, empty, and it may be elected at once.
   */
  #noteStrangers({ elr, replicas }: PartitionRegistration): void {
    for (const id of elr) if (!replicas.includes(id)) this.#lossy.set(id, NO_REGISTRATION)
  }

  /** Whom an election may choose cleanly and who has lost nothing. */
  intact(registration: PartitionRegistration): NodeId[] {
    return electable(registration).filter((id) => !this.#lossy.has(id))
  }

  #judge(): void {
    const { registration } = this
    if (registration === null) return
    this.candidates = this.intact(registration).map((broker) => this.replica(broker))
    if (this.candidates.length === 0) this.endCleanRun('no candidate is intact')
  }

  /** Only the first reason is kept. */
  endCleanRun(reason: string): void {
    this.endedBecause ??= reason
  }

  /** What was committed from `end` on is gone by order. */
  rewind(end: Offset): void {
    this.committedEnd = Math.min(this.committedEnd, end)
    while ((this.#starts.at(-1) ?? -1) >= this.committedEnd) {
      this.#starts.pop()
      this.#epochs.pop()
    }
    this.#lastEpoch = this.#epochs.at(-1) ?? -1
  }

  /** A leader’s high watermark has come to `end`: notes the epochs of what lies below it now. */
  commit(log: PartitionLog, end: Offset): void {
    const from = this.committedEnd
    if (end <= from) return
    // Not the leader's own epoch: a mirror's records keep those of their source.
    const latest = log.epochs.latestEpoch()
    if (latest !== undefined && log.epochs.epochForOffset(from) === latest) {
      this.#begin(latest, from)
    } else {
      for (const batch of log.read(from, end, Number.MAX_SAFE_INTEGER, true)) {
        this.#begin(batch.leaderEpoch, Math.max(batch.baseOffset, from))
      }
    }
    this.committedEnd = end
  }

  #begin(epoch: LeaderEpoch, start: Offset): void {
    if (this.#lastEpoch === epoch) return
    this.#lastEpoch = epoch
    this.#epochs.push(epoch)
    this.#starts.push(start)
  }

  /** Epoch of the committed record at `offset`. */
  epochAt(offset: Offset): LeaderEpoch {
    let i = this.#starts.length - 1
    while (i > 0 && (this.#starts[i] ?? 0) > offset) i--
    return this.#epochs[i] ?? -1
  }

  /** First offset at which a log differs from what is committed; -1 where it holds all of it. */
  firstDifference(log: PartitionLog): Offset {
    for (const { baseOffset, count, leaderEpoch } of log.batches()) {
      if (baseOffset >= this.committedEnd) break
      const last = Math.min(baseOffset + count, this.committedEnd) - 1
      if (this.epochAt(baseOffset) !== leaderEpoch || this.epochAt(last) !== leaderEpoch) {
        return baseOffset
      }
    }
    return log.logEndOffset < this.committedEnd ? log.logEndOffset : -1
  }
}

/** Whom an election may choose cleanly: only replicas, whoever else is still in the ELR. */
function electable({ isr, elr, replicas }: PartitionRegistration): NodeId[] {
  return elr.length === 0 ? [...isr] : [...isr, ...elr.filter((id) => replicas.includes(id))]
}
