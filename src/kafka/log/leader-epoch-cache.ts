// Models: the ordered map from leader epoch to the first offset written in it, kept by every log.
// Leaves out: the checkpoint file; what of it survives a crash is decided by the log's disk.
// Source: KIP-101, KIP-279; org.apache.kafka.storage.internals.epoch.LeaderEpochFileCache.

import { invariant } from '../../sim/invariant.ts'
import { lastOf } from '../../sim/last-of.ts'
import { ascends, type Checked } from '../../sim/state-checks.ts'
import { type LeaderEpoch, NO_EPOCH, NO_OFFSET, type Offset } from '../ids.ts'

/** An epoch and the offset at which it ends; (-1, -1) where the cache cannot tell. */
export interface EpochEndOffset {
  readonly epoch: LeaderEpoch
  readonly endOffset: Offset
}

const UNDEFINED_END: EpochEndOffset = { epoch: NO_EPOCH, endOffset: NO_OFFSET }

/** States what holds of the epochs of a log and where each begins. */
export function assertEpochsWhole(epochs: readonly LeaderEpoch[], starts: readonly Offset[]): void {
  ascends(epochs, 'the epochs of a log ascend')
  ascends(starts, 'each epoch of a log begins after the one before')
  const [size, known] = [epochs.length, starts.length]
  invariant(size === known, 'each epoch of a log has its start', { size, known })
}

/**
 * Epochs and their start offsets, both strictly ascending.
 * Two parallel arrays, because a log has few epochs and nearly every question is about the last.
 */
export class LeaderEpochCache implements Checked {
  readonly #epochs: LeaderEpoch[] = []
  /** The last of them: every append and every fetch asks for it. */
  #latest: LeaderEpoch | undefined = undefined
  readonly #startOffsets: Offset[] = []

  /** Entries: an epoch without records may be one, an epoch that a log never saw is none. */
  get size(): number {
    return this.#epochs.length
  }

  /** Entries as [epoch, startOffset], oldest first; a copy. */
  entries(): [LeaderEpoch, Offset][] {
    return this.#epochs.map((epoch, i) => [epoch, this.#startOffsets[i] ?? NO_OFFSET])
  }

  /** Replaces the content, for instance with what a checkpoint held after a crash. */
  restore(entries: readonly (readonly [LeaderEpoch, Offset])[]): void {
    this.clear()
    for (const [epoch, startOffset] of entries) this.assign(epoch, startOffset)
  }

  /**
   * Notes that `epoch` begins at `startOffset`. Entries that stand in the way, those of an equal
   * or later epoch and those that start at or after it, are dropped: a log can be cut and go on.
   * Assigning the latest epoch again at a later offset changes nothing.
   * @returns whether the cache changed
   */
  assign(epoch: LeaderEpoch, startOffset: Offset): boolean {
    invariant(epoch >= 0 && startOffset >= 0, 'an epoch entry has an epoch and an offset', {
      epoch,
      startOffset,
    })
    const last = this.#epochs.length - 1
    if (last >= 0 && this.#epochs[last] === epoch && startOffset >= this.#startAt(last)) {
      return false
    }
    let size = this.#epochs.length
    while (size > 0 && (this.#epochAt(size - 1) >= epoch || this.#startAt(size - 1) >= startOffset))
      size--
    this.#shrinkTo(size)
    this.#epochs.push(epoch)
    this.#startOffsets.push(startOffset)
    this.#latest = epoch
    return true
  }

  /** The newest epoch; it may have no record yet. Undefined in an empty cache. */
  latestEpoch(): LeaderEpoch | undefined {
    return this.#latest
  }

  /** The oldest epoch that still has records, or is about to have; undefined in an empty cache. */
  earliestEpoch(): LeaderEpoch | undefined {
    return this.#epochs[0]
  }

  /** The epoch before `epoch`, which need not be in the cache; by default before the latest. */
  previousEpoch(epoch?: LeaderEpoch): LeaderEpoch | undefined {
    if (epoch === undefined) return this.#epochs[this.#epochs.length - 2]
    return this.#epochs[this.#countUntil(epoch - 1) - 1]
  }

  /** The smallest epoch above `epoch`. */
  nextEpoch(epoch: LeaderEpoch): LeaderEpoch | undefined {
    return this.#epochs[this.#countUntil(epoch)]
  }

  /** The epoch in force at `offset`; undefined before the first entry. */
  epochForOffset(offset: Offset): LeaderEpoch | undefined {
    let i = this.#epochs.length - 1
    while (i >= 0 && this.#startAt(i) > offset) i--
    return this.#epochs[i]
  }

  /**
   * Where `requestedEpoch` ended in this log, the answer to OffsetsForLeaderEpoch and the test for
   * divergence in a fetch. The latest epoch ends at the log's end; an epoch in a gap is answered
   * with the one below it; one below all entries with itself and the first start offset.
   * @param logEndOffset the log's end, which the cache does not know
   */
  endOffsetFor(requestedEpoch: LeaderEpoch, logEndOffset: Offset): EpochEndOffset {
    // A log without epochs asks for none: whoever hears this falls back to a high watermark.
    if (requestedEpoch === NO_EPOCH) return UNDEFINED_END
    if (this.latestEpoch() === requestedEpoch) {
      return { epoch: requestedEpoch, endOffset: logEndOffset }
    }
    const higher = this.#countUntil(requestedEpoch)
    // Later than all that this log knows: it cannot say where it ended.
    if (higher === this.#epochs.length) return UNDEFINED_END
    const endOffset = this.#startAt(higher)
    return { epoch: higher === 0 ? requestedEpoch : this.#epochAt(higher - 1), endOffset }
  }

  /** Drops entries that start at or after `endOffset`; a negative one drops nothing. */
  truncateFromEnd(endOffset: Offset): void {
    if (endOffset < 0) return
    let size = this.#epochs.length
    while (size > 0 && this.#startAt(size - 1) >= endOffset) size--
    this.#shrinkTo(size)
  }

  /** Drops what ended before `startOffset`; the epoch in force there then starts there. */
  truncateFromStart(startOffset: Offset): void {
    let dropped = 0
    while (dropped < this.#epochs.length && this.#startAt(dropped) <= startOffset) dropped++
    if (dropped === 0) return
    this.#epochs.splice(0, dropped - 1)
    this.#startOffsets.splice(0, dropped - 1)
    this.#startOffsets[0] = startOffset
  }

  /** Forgets all epochs, as a log that starts anew does (LeaderEpochFileCache.clearAndFlush). */
  clear(): void {
    this.#shrinkTo(0)
  }

  /** Epochs and their starts both ascend strictly. @throws InvariantViolation */
  assertWhole(): void {
    assertEpochsWhole(this.#epochs, this.#startOffsets)
  }

  /** How many entries have an epoch <= `epoch`; from the end, where the answer mostly is. */
  #countUntil(epoch: LeaderEpoch): number {
    let count = this.#epochs.length
    while (count > 0 && this.#epochAt(count - 1) > epoch) count--
    return count
  }

  #epochAt(i: number): LeaderEpoch {
    return this.#epochs[i] ?? NO_EPOCH
  }

  #startAt(i: number): Offset {
    return this.#startOffsets[i] ?? NO_OFFSET
  }

  #shrinkTo(size: number): void {
    this.#epochs.length = size
    this.#startOffsets.length = size
    this.#latest = lastOf(this.#epochs)
  }
}
