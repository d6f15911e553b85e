// Models: what a broker has on its disk: logs, high watermark checkpoint, clean-shutdown marker.
// Leaves out: several log directories; the log start checkpoint (a restart keeps the log's start).
// Source: LogManager, CleanShutdownFileHandler, OffsetCheckpointFile.

import type { Durable } from '../../sim/disk.ts'
import type { Random } from '../../sim/random.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { BrokerEpoch, Offset, PartitionIndex } from '../ids.ts'
import type { RecordBatch } from '../messages.ts'
import { type LogConfig, PartitionLog } from './partition-log.ts'

/** What a starting broker finds. */
export interface StoreOpening {
  /** All logs were closed in order. */
  readonly isClean: boolean
  /** What must be scanned before the broker may be unfenced; 0 after a clean stop. */
  readonly bytesToRecover: number
}

/** Told what a disk has lost of each log that lost a record. */
export interface DiskObserver {
  /** The log ended at `from` and would now end at `to`; `removed` is what it lost. */
  onDiskLoss(
    partition: PartitionIndex,
    from: Offset,
    to: Offset,
    removed: readonly RecordBatch[],
  ): void
}

const NO_BROKER_EPOCH: BrokerEpoch = -1

/** Outlives the broker's process; everything in it is the page cache's or the disk's. */
export class BrokerStore implements Durable, Checked {
  readonly logs = new Map<PartitionIndex, PartitionLog>()
  observer: DiskObserver | null = null
  /** As of the last checkpoint, not of the logs: what the next process begins with. */
  readonly #highWatermarks = new Map<PartitionIndex, Offset>()
  #cleanShutdownEpoch: BrokerEpoch = NO_BROKER_EPOCH
  /** The present process has loaded the logs, so that it is the one to close them. */
  #isOpen = true

  /** Broker epoch that the clean-shutdown marker names; -1 without one. */
  get markerEpoch(): BrokerEpoch {
    return this.#cleanShutdownEpoch
  }

  /** The log of a partition, made empty where there is none. */
  getOrCreate(partition: PartitionIndex, config: LogConfig): PartitionLog {
    const found = this.logs.get(partition)
    if (found !== undefined) {
      found.config = config
      return found
    }
    const log = new PartitionLog(config)
    this.logs.set(partition, log)
    return log
  }

  /** The topic is gone, or the replica moved away: log and checkpointed high watermark with it. */
  delete(partition: PartitionIndex): void {
    this.logs.delete(partition)
    this.#highWatermarks.delete(partition)
  }

  /**
   * Writes the high watermark file: what a stop leaves of the high watermarks. Nothing is lost by
   * its being old, but a leader may know less than it has promised:
   *
   * 1. records are committed and acknowledged; the process is killed before the next checkpoint;
   * 2. it comes back and leads: its watermark is the file's, below what producers were told;
   * 3. consumers get nothing above it until every member of the ISR has fetched once (KIP-207 keeps
   *    the leader from calling that the log's end).
   */
  checkpointHighWatermarks(): void {
    for (const [partition, log] of this.logs) this.#highWatermarks.set(partition, log.highWatermark)
  }

  /**
   * A new process reads the marker, in order to register with it. Until it loads the logs, all is
   * as its predecessor left it: a broker that goes before that is as clean as it came.
   */
  readMarker(): BrokerEpoch {
    this.#isOpen = false
    return this.#cleanShutdownEpoch
  }

  /** Orderly stop: everything flushed, and the marker names the broker epoch. */
  shutDownCleanly(brokerEpoch: BrokerEpoch): void {
    // Stopped before it loaded the logs: the marker of its predecessor still tells the truth.
    if (!this.#isOpen) return
    for (const log of this.logs.values()) log.flush()
    this.checkpointHighWatermarks()
    this.#cleanShutdownEpoch = brokerEpoch
  }

  /** Loads all logs for a new process and takes the marker away. */
  open(): StoreOpening {
    this.#isOpen = true
    const isClean = this.#cleanShutdownEpoch !== NO_BROKER_EPOCH
    this.#cleanShutdownEpoch = NO_BROKER_EPOCH
    let bytesToRecover = 0
    for (const [partition, log] of this.logs) {
      if (!isClean) bytesToRecover += log.bytesAboveRecoveryPoint
      log.load(this.#highWatermarks.get(partition) ?? log.logStartOffset)
    }
    return { isClean, bytesToRecover }
  }

  /** Each log keeps a prefix of its own; files that Kafka syncs are as they were. */
  powerLoss(random: Random): void {
    for (const [partition, log] of this.logs) {
      const from = log.logEndOffset
      const atRisk = log.read(log.recoveryPoint, from, Number.MAX_SAFE_INTEGER, true)
      log.powerLoss(random)
      const to = log.logEndOffset
      const removed = atRisk.filter(({ baseOffset }) => baseOffset >= to)
      if (removed.length > 0) this.observer?.onDiskLoss(partition, from, to, removed)
    }
  }

  /** Every log is whole, also those of partitions that this broker does not host just now. */
  assertWhole(): void {
    for (const log of this.logs.values()) log.assertWhole()
  }

  /** A new, empty disk. */
  wipe(): void {
    for (const [partition, log] of this.logs) {
      const removed = log.batches()
      if (removed.length > 0) this.observer?.onDiskLoss(partition, log.logEndOffset, 0, removed)
    }
    this.logs.clear()
    this.#highWatermarks.clear()
    this.#cleanShutdownEpoch = NO_BROKER_EPOCH
  }
}
