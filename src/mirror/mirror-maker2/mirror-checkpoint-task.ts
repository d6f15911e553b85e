// Models: the task that translates what groups have committed at the source, writes it down at the
// target, and moves idle groups there along.
// Leaves out: metadata of commits; metrics.
// Source: org.apache.kafka.connect.mirror.MirrorCheckpointTask.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { Process, Timer } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { MS, SECOND } from '../../sim/time.ts'
import type { PolledRecords, SourceTask } from '../connect/worker-source-task.ts'
import { type AdminJob, AdminJobs } from './admin-jobs.ts'
import { type Checkpoint, CheckpointStore } from './checkpoint-store.ts'
import type { Flow } from './flow.ts'
import { groupOffsetsToSync } from './group-offset-sync.ts'
import { NOBODY } from './mirror-admin.ts'
import type { Admins } from './mirror-source-connector.ts'
import type { TaskListener } from './mirror-source-task.ts'
import type { OffsetSync } from './offset-sync.ts'
import { OffsetSyncStore } from './offset-sync-store.ts'

/** Group, topic, partition, two offsets and metadata. */
const CHECKPOINT_BYTES = 90
/** A checkpoint comes from no partition. */
const NO_PARTITION = -1

/** A checkpoint as the topic holds it. */
export interface CheckpointRecord extends Checkpoint {
  readonly group: string
}

/** Whether a value of the checkpoints topic is one. */
export function isCheckpoint(value: object): value is CheckpointRecord {
  return 'group' in value && 'upstream' in value && 'downstream' in value
}

/** Reads a topic from its beginning; what it tells of goes on as long as it is open. */
export interface TopicReader {
  close(): void
}

/** The two topics that the task reads back. */
export interface CheckpointTopics {
  /** `onEnd` hears, now or later, whether the topic could be read to its present end. */
  readCheckpoints(
    onRecord: (checkpoint: CheckpointRecord) => void,
    onEnd: (isRead: boolean) => void,
  ): TopicReader
  /** `onEnd` hears the same; where it could not be read, it is not read any more. */
  readSyncs(onSync: (sync: OffsetSync) => void, onEnd: (isRead: boolean) => void): TopicReader
}

/**
 * Translates what groups have committed, downwards where it is not sure: a group that moves reads
 * some records again rather than skip any.
 */
export class MirrorCheckpointTask implements SourceTask, Checked {
  readonly #flow: Flow
  readonly #groups: readonly string[]
  readonly #admins: Admins
  readonly #process: Process
  readonly #listener: TaskListener
  readonly #timer: Timer
  readonly #jobs: AdminJobs
  readonly #checkpoints: CheckpointStore
  readonly #readers: TopicReader[] = []
  /** null until the checkpoints topic was read, or could not be. */
  #syncs: OffsetSyncStore | null = null
  /** Offsets at the target of groups that were empty there when last looked at. */
  readonly #idle = new Map<string, ReadonlyMap<PartitionIndex, Offset>>()
  #isClosed = false

  /** Its clients are closed with it. */
  constructor(
    flow: Flow,
    groups: readonly string[],
    admins: Admins,
    topics: CheckpointTopics,
    process: Process,
    listener: TaskListener,
  ) {
    this.#flow = flow
    this.#groups = groups
    this.#admins = admins
    this.#process = process
    this.#listener = listener
    this.#checkpoints = new CheckpointStore(flow.guards)
    this.#jobs = new AdminJobs(process)
    this.#timer = process.timer(() => this.#look())
    process.memory.add(this)
    this.#jobs.execute((done) => this.#readBack(topics, done))
  }

  /**
   * First what was written before, then the syncs; only then is anything translated. The clock of
   * the groups at the target begins behind both reads, that of the checkpoints before them.
   *
   * Nobody tries again what could not be read, and for Connect the task runs:
   *
   * 1. a worker dies, and the one that takes its tasks over starts this one while the source is
   *    away;
   * 2. a minute later the offset syncs are given up, with a line in the log;
   * 3. the source is back and records are copied again, but no group is translated any more, and
   *    none at the target moves along: at the failover they go on from where they were then.
   */
  #readBack(topics: CheckpointTopics, done: () => void): void {
    const known = new Set(this.#groups)
    const remember = (checkpoint: CheckpointRecord) => {
      const { group } = checkpoint
      if (known.has(group)) this.#checkpoints.restore(group, [checkpoint])
    }
    const read = (isRead: boolean) => {
      this.#readSyncs(topics, new OffsetSyncStore(this.#flow.guards, !isRead), done)
    }
    this.#readers.push(topics.readCheckpoints(remember, read))
  }

  #readSyncs(topics: CheckpointTopics, syncs: OffsetSyncStore, done: () => void): void {
    this.#syncs = syncs
    const ended = (isRead: boolean) => {
      if (isRead) {
        syncs.loaded()
        this.#scheduleSync()
      }
      done()
    }
    this.#readers.push(topics.readSyncs((sync) => syncs.handle(sync), ended))
  }

  /**
   * The clocks of looking and of writing run at the same rate, the second one interval later: what
   * is written rests on what the groups at the target were up to an interval before.
   */
  #scheduleSync(): void {
    const { settings } = this.#flow
    if (!settings['sync.group.offsets.enabled']) return
    const interval = settings['sync.group.offsets.interval.seconds'] * SECOND
    this.#jobs.repeat((done) => this.#lookForIdle([...this.#groups], done), interval, 0)
    this.#jobs.repeat(this.#syncGroups, interval, interval)
  }

  // ---- checkpoints ------------------------------------------------------------------------------

  /** It sleeps consumer.poll.timeout.ms again and again until the interval is over. */
  poll(): void {
    const { settings } = this.#flow
    const nap = settings['consumer.poll.timeout.ms'] * MS
    const interval = settings['emit.checkpoints.interval.seconds'] * SECOND
    this.#timer.arm(Math.ceil(interval / nap) * nap)
  }

  /**
   * Nothing is translated before both topics were read: an early answer could be too low for ever.
   */
  #look(): void {
    if (this.#syncs === null) this.#listener.onPolled([])
    else this.#lookAt([...this.#groups], this.#syncs, [])
  }

  /** One group after the other; one that cannot be asked has no checkpoints this time. */
  #lookAt(groups: string[], syncs: OffsetSyncStore, found: CheckpointRecord[]): void {
    const group = groups.shift()
    if (this.#isClosed) return
    if (group === undefined) {
      this.#listener.onPolled(found.length === 0 ? [] : [this.#recordsOf(found)])
      return
    }
    this.#admins.source.listConsumerGroupOffsets(group, (_error, committed) => {
      const { topics } = this.#flow.source
      const own = [...(committed ?? [])].filter(([partition]) => {
        return this.#flow.isTopicOfFilter(topics.topicOf(partition))
      })
      const emitted = this.#checkpoints.update(group, new Map(own), syncs)
      found.push(...emitted.map((checkpoint) => ({ group, ...checkpoint })))
      this.#lookAt(groups, syncs, found)
    })
  }

  /** Connect sends them as any record, and commits an offset for them that nobody reads. */
  #recordsOf(checkpoints: readonly CheckpointRecord[]): PolledRecords {
    const { now } = this.#process
    const count = checkpoints.length
    const firstRecordId = this.#flow.recordIds.next(count)
    const ids = [{ firstRecordId, count, createdFirst: now, createdLast: now }]
    return {
      ...{ partition: NO_PARTITION, from: 0, count },
      target: { topic: this.#flow.checkpointsTopic, partition: 0 },
      records: { payloadBytes: CHECKPOINT_BYTES, compressionRatio: 1, ids, values: checkpoints },
    }
  }

  /** Checkpoints have no offsets that anybody translates. */
  recordsCopied(): void {}

  /** Its source offsets are never read again. */
  committed(): void {}

  // ---- groups at the target ---------------------------------------------------------------------

  /** A failed look leaves the groups unknown: then they are treated as new at the target. */
  #lookForIdle(groups: string[], done: () => void): void {
    const { target } = this.#admins
    target.areGroupsEmpty(groups, (_error, empty) => {
      const idle = groups.filter((group) => empty?.get(group) === true)
      this.#readIdle(idle, done)
    })
  }

  /** Only of groups found empty; one that cannot be read is left out and not tried again. */
  #readIdle(groups: string[], done: () => void): void {
    const group = groups.shift()
    if (group === undefined) {
      done()
      return
    }
    this.#admins.target.listConsumerGroupOffsets(group, (_error, offsets) => {
      if (offsets !== null) this.#idle.set(group, offsets)
      this.#readIdle(groups, done)
    })
  }

  /**
   * All groups at once, and nobody waits for the answers: a group whose coordinator is out of reach
   * holds up neither the others nor the next look (syncGroupOffset).
   */
  readonly #syncGroups: AdminJob = (done) => {
    for (const group of this.#groups) {
      const offsets = this.#atTarget(group)
      if (offsets.size > 0) this.#admins.target.alterConsumerGroupOffsets(group, offsets, NOBODY)
    }
    this.#idle.clear()
    done()
  }

  /** Checkpoints name partitions of the source; the write names their copies. */
  #atTarget(group: string): Map<PartitionIndex, Offset> {
    const idle = this.#idle.get(group)
    const known = [...this.#checkpoints.of(group).values()].flatMap((checkpoint) => {
      const partition = this.#flow.copyOf(checkpoint.partition)
      return partition === null ? [] : [{ ...checkpoint, partition }]
    })
    return groupOffsetsToSync(known, idle ?? null)
  }

  /** Its readers and clients are closed with it. */
  close(): void {
    this.#isClosed = true
    this.#timer.cancel()
    this.#jobs.close()
    for (const reader of this.#readers) reader.close()
    this.#admins.source.close()
    this.#admins.target.close()
    this.#process.memory.delete(this)
  }

  /** The syncs that it has read are in order. */
  assertWhole(): void {
    this.#syncs?.assertWhole()
  }
}
