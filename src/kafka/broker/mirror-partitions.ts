// Models: what a broker does for cluster links: appends of mirrored batches at the leader, cuts.
// Leaves out: quotas of link traffic, validation of batches.
// Source: Confluent's docs (mirror topics are byte-for-byte, offset-preserving and read-only);
// KIP-1279 for batches that keep the source's leader epoch and for producer ids that cannot clash.

import type { Disk, DiskWait } from '../../sim/disk.ts'
import type { Micros } from '../../sim/time.ts'
import { NO_EPOCH, NO_NODE, type NodeId, type Offset, type PartitionIndex } from '../ids.ts'
import type { RecordBatch, Request } from '../messages.ts'
import type { AclBinding } from '../metadata/acls.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'
import {
  isReadOnly,
  type MirrorProgress,
  type MirrorTopic,
  NO_PROGRESS,
} from '../metadata/mirror-records.ts'
import type { RpcCaller } from '../network/rpc.ts'
import { followerRestartAt, followerTruncate } from '../partition/follower-truncate.ts'
import { maybeIncrementHighWatermark } from '../partition/high-watermark.ts'
import type { Partition } from '../partition/partition.ts'
import type { ControllerPort } from './alter-partition-manager.ts'
import type { LedMirror, LogEnds, MirrorAppend, MirrorHost, MirrorLog } from './mirror-port.ts'
import type { ReplicaManager } from './replica-manager.ts'

/**
 * All that a cluster link may see and do on its broker. It answers by this broker's own metadata,
 * which lags: null, empty or -1 before the first image.
 */
export class MirrorPartitions implements MirrorHost {
  readonly #replicas: ReplicaManager
  readonly #disk: Disk
  readonly #controller: ControllerPort
  readonly #numberOf: (partition: PartitionIndex) => number

  constructor(
    replicas: ReplicaManager,
    disk: Disk,
    controller: ControllerPort,
    numberOf: (partition: PartitionIndex) => number,
  ) {
    this.#replicas = replicas
    this.#disk = disk
    this.#controller = controller
    this.#numberOf = numberOf
  }

  get nodeId(): NodeId {
    return this.#replicas.nodeId
  }

  get #image(): MetadataImage | null {
    return this.#replicas.image
  }

  /** Of every link and in every state, STOPPED among them. */
  mirrors(): Iterable<MirrorTopic> {
    return this.#image?.mirrors.topics.values() ?? []
  }

  /** Undefined for a topic that never was a mirror. */
  mirror(topic: string): MirrorTopic | undefined {
    return this.#image?.mirrors.of(topic)
  }

  /** The whole link; a single topic is paused by its state. */
  isPaused(link: string): boolean {
    return this.#image?.mirrors.isPaused(link) === true
  }

  /** False until a record has named the link itself; a mirror topic of it is not enough. */
  hasLink(link: string): boolean {
    return this.#image?.mirrors.hasLink(link) === true
  }

  /** In the topic's present state; nothing before a leader has reported. */
  progressOf(topic: string, partition: PartitionIndex | -1): MirrorProgress {
    return this.#image?.mirrors.progressOf(topic, partition) ?? NO_PROGRESS
  }

  /** By topic, then by number. Ask again after each publication: leaders move. */
  *led(): Iterable<LedMirror> {
    for (const mirror of this.mirrors()) {
      if (!isReadOnly(mirror)) continue
      for (const index of this.partitionsOf(mirror.topic)) {
        const partition = this.#ledPartition(index)
        if (partition === undefined) continue
        const { leaderEpoch } = partition
        const progress = this.progressOf(mirror.topic, index)
        yield { index, number: this.#numberOf(index), mirror, leaderEpoch, progress }
      }
    }
  }

  /** Also of topics that are no mirrors. */
  partitionsOf(topic: string): readonly PartitionIndex[] {
    return this.#image?.topics.get(topic)?.partitions ?? []
  }

  /** Those of this cluster, local and copied alike. */
  acls(): Iterable<AclBinding> {
    return this.#replicas.image?.acls ?? []
  }

  /** Empty for a topic that sets none, and for one that does not exist. */
  configsOf(topic: string): Readonly<Record<string, string>> {
    return this.#image?.topics.get(topic)?.configs ?? {}
  }

  /** Mirrors and others, in the order of their creation. */
  topics(): Iterable<string> {
    return this.#image?.topics.keys() ?? []
  }

  /** A broker in its controlled shutdown still counts. */
  liveBrokers(): readonly NodeId[] {
    const image = this.#image
    if (image === null) return []
    return [...image.brokers.keys()].filter((id) => image.isAlive(id))
  }

  /** Offsets of now; the latest epoch is -1 where no record is left to be of it. */
  log(index: PartitionIndex): MirrorLog | null {
    const log = this.#ledPartition(index)?.log
    if (log === undefined) return null
    const { logStartOffset, logEndOffset, highWatermark, lastStableOffset, epochs } = log
    // Nothing stands in an empty log that the source might not have.
    const isEmpty = logStartOffset >= logEndOffset
    const latestEpoch = isEmpty ? NO_EPOCH : (epochs.latestEpoch() ?? NO_EPOCH)
    return { logEndOffset, highWatermark, lastStableOffset, latestEpoch }
  }

  /**
   * Batches keep offsets and epochs, producer ids are turned negative (KIP-1279). Refused where it
   * leads no more, or where they do not continue the log; then those before the gap stay.
   */
  append(index: PartitionIndex, batches: readonly RecordBatch[]): MirrorAppend {
    const partition = this.#ledPartition(index)
    if (partition === undefined) return { refused: 'not-leader' }
    const mirrored = batches.map(asMirrored)
    this.#replicas.waiters.onState(index)
    beginWithBatch(partition, mirrored)
    if (!partition.log.appendAsFollower(mirrored)) return { refused: 'gap' }
    const { observer, waiters } = this.#replicas
    if (observer !== null) for (const batch of mirrored) observer.onAppend(index, batch, true)
    waiters.onLogEnd(index)
    if (maybeIncrementHighWatermark(partition)) waiters.onHighWatermark(index)
    return { took: this.#write(partition, mirrored) }
  }

  /** Lets the disk end `wait` sooner where it gets faster meanwhile. */
  keepsWaiting(wait: DiskWait): void {
    this.#disk.keepsWaiting(wait)
  }

  #write({ log }: Partition, batches: readonly RecordBatch[]): Micros {
    let bytes = 0
    for (const batch of batches) bytes += batch.bytes
    const took = bytes > 0 ? this.#disk.write(bytes) : 0
    if (!log.flushIsDue) return took
    log.flush()
    return took + this.#disk.fsync(0)
  }

  /**
   * Drops all and goes on at `offset`; nothing where the log has come that far, or is led
   * elsewhere.
   */
  startAt(index: PartitionIndex, offset: Offset): void {
    const partition = this.#ledPartition(index)
    if (partition === undefined || partition.log.logEndOffset >= offset) return
    followerRestartAt(partition, offset)
    this.#replicas.waiters.onLogEnd(index)
  }

  /** By what the followers last fetched from; false where this broker does not lead. */
  isConverged(index: PartitionIndex): boolean {
    const partition = this.#ledPartition(index)
    if (partition === undefined) return false
    const { log, followers, isrState } = partition
    return followers.every(({ id, logEndOffset }) => {
      return logEndOffset <= log.logEndOffset || !isrState.isr.includes(id)
    })
  }

  /** By metadata, which may name a broker that has gone. */
  leaderOf(index: PartitionIndex): NodeId {
    return this.#image?.partitions.get(index)?.leader ?? NO_NODE
  }

  /** Of this replica alone: its end may lie above what is committed. */
  endsOf(index: PartitionIndex): LogEnds | null {
    const log = this.#replicas.partitions.get(index)?.log
    return log === undefined ? null : { start: log.logStartOffset, end: log.logEndOffset }
  }

  /** Whole batches; an offset beyond the end cuts nothing. Followers find out by their epochs. */
  truncate(index: PartitionIndex, offset: Offset): number {
    const partition = this.#ledPartition(index)
    if (partition === undefined) return 0
    const before = partition.log.logEndOffset
    this.#replicas.waiters.onState(index)
    followerTruncate(partition, Math.min(offset, before))
    const after = partition.log.logEndOffset
    // The epoch began at an end that is gone: nobody is to wait for it.
    const start = partition.leaderEpochStartOffset ?? after
    partition.leaderEpochStartOffset = Math.min(start, after)
    // A log that is cut to nothing has forgotten every epoch.
    partition.noteEpoch()
    return before - after
  }

  /** Through the channel of AlterPartition: a controller that is cut off holds both back. */
  tellController(request: Request, caller: RpcCaller): void {
    this.#controller.send(request, caller)
  }

  #ledPartition(index: PartitionIndex): Partition | undefined {
    const partition = this.#replicas.partitions.get(index)
    return partition?.isLeader === true ? partition : undefined
  }
}

/** An empty log that was to begin inside a batch begins with it: batches are appended whole. */
function beginWithBatch(partition: Partition, [first]: readonly RecordBatch[]): void {
  const { logStartOffset, logEndOffset } = partition.log
  if (first === undefined || logStartOffset < logEndOffset) return
  if (first.baseOffset < logEndOffset) followerRestartAt(partition, first.baseOffset)
}

/**
 * The batch of the source under a producer id of its own: the id of another cluster must not meet
 * one that this cluster has given to somebody else. Mirrored back, it is the first id again.
 */
function asMirrored(batch: RecordBatch): RecordBatch {
  return batch.producerId === -1 ? batch : { ...batch, producerId: -(batch.producerId + 2) }
}
