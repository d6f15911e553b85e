// Hears what happens to the partitions of one broker, hands it on, and has the rules look.

import type { LeaderEpoch, NodeId, Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { ProducedBatch, RecordBatch } from '../../kafka/messages.ts'
import type { Partition } from '../../kafka/partition/partition.ts'
import type { PartitionObserver } from '../../kafka/partition/partition-ports.ts'
import { checkAnswer, checkCandidates, checkCommit } from './commit-rules.ts'
import { checkOffsets } from './offset-rules.ts'
import { checkMaximalIsr, checkTakeover, checkView } from './role-rules.ts'
import type { WatchedReplica } from './watched-partition.ts'
import type { WatchedRun } from './watched-run.ts'

/** The broker's partition objects, which are new with each of its processes. */
export type PartitionLookup = (partition: PartitionIndex) => Partition | null

/**
 * A leader's log is cut only where a link owns it: the records go that its source does not have,
 * and with them what had been promised of them.
 */
function noteCutBack(replica: WatchedReplica): void {
  const { of, partition, epochLed } = replica
  if (epochLed < 0 || partition?.isMirror !== true) return
  replica.highWatermark = Math.min(replica.highWatermark, partition.log.highWatermark)
  of.rewind(partition.log.highWatermark)
  of.endCleanRun('a cluster link cut the log back')
}

/**
 * The next observer hears of each step before a rule looks, so a violation finds the history
 * complete.
 */
export class BrokerWatch implements PartitionObserver {
  readonly #run: WatchedRun
  readonly #broker: NodeId
  readonly #find: PartitionLookup
  readonly #next: PartitionObserver
  /** By partition index. */
  readonly #replicas: (WatchedReplica | undefined)[] = []

  constructor(run: WatchedRun, broker: NodeId, find: PartitionLookup, next: PartitionObserver) {
    this.#run = run
    this.#broker = broker
    this.#find = find
    this.#next = next
  }

  /**
   * A leader's append moves its log's end, so I7 and I8 are looked at; a follower's does not matter
   * before its leader hears of it.
   */
  onAppend(partition: PartitionIndex, batch: RecordBatch, asLeader: boolean): void {
    this.#next.onAppend(partition, batch, asLeader)
    const replica = this.#replica(partition)
    replica.logEnd = batch.baseOffset + batch.count
    if (!asLeader) return
    const { of } = replica
    if (of.hasLossy && of.lostAs(this.#broker) !== undefined) this.#noteRewrite(replica)
    checkOffsets(this.#run, replica)
  }

  /** Whoever serves leads in a new epoch; only one that nobody hears yet goes on in its own. */
  #noteRewrite({ of }: WatchedReplica): void {
    if (!this.#run.cluster.isServing(this.#broker)) of.isRewritten = true
  }

  /** Whoever might be elected must still have all that is committed. */
  onTruncate(
    partition: PartitionIndex,
    from: Offset,
    to: Offset,
    removed: readonly RecordBatch[],
  ): void {
    this.#next.onTruncate(partition, from, to, removed)
    const replica = this.#replica(partition)
    replica.logEnd = to
    if (to < from) noteCutBack(replica)
    checkOffsets(this.#run, replica)
    if (replica.of.endedBecause === null) checkCandidates(this.#run, replica.of)
  }

  /** No claim: Kafka does it, and the judge counts what it costs. */
  onMistakenRepeat(partition: PartitionIndex, batch: ProducedBatch, offset: Offset): void {
    this.#next.onMistakenRepeat(partition, batch, offset)
  }

  /** No claim: what retention takes was not promised for longer. */
  onDeleted(partition: PartitionIndex, batch: RecordBatch): void {
    this.#next.onDeleted(partition, batch)
  }

  /** What a leader commits must be on all who may lead next. */
  onHighWatermark(partition: PartitionIndex, before: Offset, after: Offset): void {
    this.#next.onHighWatermark(partition, before, after)
    const replica = this.#replica(partition)
    checkOffsets(this.#run, replica)
    if (replica.epochLed >= 0) checkCommit(this.#run, replica)
  }

  /** An answer to acks=all promises what lies below its offset. */
  onReplicated(partition: PartitionIndex, required: Offset): void {
    this.#next.onReplicated(partition, required)
    checkAnswer(this.#run, this.#replica(partition), required)
  }

  /** The leader's view of its ISR is held against what the controller has committed. */
  onIsr(partition: PartitionIndex, isr: readonly NodeId[], maximal: readonly NodeId[]): void {
    this.#next.onIsr(partition, isr, maximal)
    const replica = this.#replica(partition)
    checkView(this.#run, replica)
    checkMaximalIsr(this.#run, replica)
  }

  /** A leader of a later epoch than it led before must begin with all that is committed. */
  onRole(
    partition: PartitionIndex,
    leader: NodeId,
    leaderEpoch: LeaderEpoch,
    logEnd: Offset,
  ): void {
    this.#next.onRole(partition, leader, leaderEpoch, logEnd)
    const replica = this.#replica(partition)
    replica.partition = this.#find(partition)
    replica.log = replica.partition?.log ?? null
    replica.logEnd = replica.log?.logEndOffset ?? 0
    checkView(this.#run, replica)
    const before = replica.epochLed
    replica.epochLed = leader === this.#broker ? leaderEpoch : -1
    if (replica.epochLed > before) checkTakeover(this.#run, replica)
  }

  /** The process ended: what it believed is gone. */
  onEnd(): void {
    for (const replica of this.#replicas) {
      if (replica === undefined) continue
      replica.epochLed = -1
      replica.leaderEpoch = -1
      replica.partitionEpoch = -1
    }
  }

  /** The disk lost what was not flushed, or all of it: whose log is shorter now is lossy. */
  onDiskLoss(brokerEpoch: number): void {
    for (const replica of this.#replicas) {
      if (replica === undefined) continue
      const { of } = replica
      const log = this.#run.cluster.logOn(this.#broker, of.index)
      const logEnd = log?.logEndOffset ?? 0
      if (log === undefined) replica.log = null
      if (logEnd >= replica.logEnd) continue
      replica.logEnd = logEnd
      of.loseRecords(this.#broker, brokerEpoch)
    }
  }

  #replica(partition: PartitionIndex): WatchedReplica {
    const known = this.#replicas[partition]
    if (known !== undefined) return known
    for (let i = this.#replicas.length; i < partition; i++) this.#replicas.push(undefined)
    const replica = this.#run.partition(partition).replica(this.#broker)
    this.#replicas[partition] = replica
    return replica
  }
}
