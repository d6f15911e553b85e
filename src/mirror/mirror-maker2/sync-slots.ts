// Models: which syncs of a partition are kept: ever fewer the older they are.
// Leaves out: offsets beyond 2^53.
// Source: OffsetSyncStore.updateSyncArray, invariants A to D; KAFKA-14666, KAFKA-15202.

import { invariant } from '../../sim/invariant.ts'
import type { OffsetSync } from './offset-sync.ts'

/** One slot for each bit of an offset. */
const SLOTS = 64
/** Powers of two, exact. */
const POWERS: readonly number[] = powersOfTwo(SLOTS)

/**
 * Syncs of one partition, newest first; a sync may fill many slots in a row. Slot i may be at most
 * 2^i upstream offsets older than slot 0, and different syncs are about half of that apart, so
 * that a lagging group finds a sync about as far behind it as it is behind the end.
 */
export type SyncSlots = readonly OffsetSync[]

/** Slots that know one sync only. */
export function onlySync(sync: OffsetSync): SyncSlots {
  return new Array<OffsetSync>(SLOTS).fill(sync)
}

/**
 * Slots after a newer sync: each that has become too old takes the best of what came before it,
 * up to the first that is still young enough.
 * @param everyOld whether each kept sync may move to an older slot, or only the last one pushed out
 */
export function withNewest(slots: SyncSlots, sync: OffsetSync, everyOld: boolean): SyncSlots {
  const next = [...slots]
  const candidates = everyOld ? new EveryOld(slots, sync) : new LastPushedOut(slots, sync)
  next[0] = sync
  for (let i = 1; i < SLOTS; i++) {
    const previous = next[i - 1] ?? sync
    const current = next[i] ?? sync
    const replacement = candidates.bestFor(i, previous, next[i + 1])
    if (isYoungEnough(previous, current, i)) break
    candidates.pushedOut(current)
    next[i] = replacement
  }
  return next
}

/**
 * States Kafka's invariants A to D of one partition's slots, but for a sync that is repeated: a
 * task that begins again writes one for an offset that it may have written one for before, and
 * Kafka puts the second before the first without a look at what stands apart.
 * @param everyOld as for `withNewest`: up to 3.5.1 syncs could stand too near to one another
 */
export function assertSlotsWhole(slots: SyncSlots, everyOld: boolean): void {
  invariant(slots.length === SLOTS, 'there is a slot for each bit', { slots: slots.length })
  for (const [i, sync] of slots.entries()) {
    const previous = slots[i - 1] ?? sync
    const isOlder = sync.upstream <= previous.upstream
    invariant(isOlder, 'slots hold ever older syncs', { slot: i, upstream: sync.upstream })
    const isNear = isYoungEnough(previous, sync, i)
    invariant(isNear, 'a slot is not too old for its place', { slot: i, upstream: sync.upstream })
    const isApart = i === 0 || isRepeated(previous, sync) || isFarEnough(previous, sync, i - 1)
    invariant(!everyOld || isApart, 'different syncs stand apart', { slot: i })
  }
}

/** What may take the place of a slot's sync. */
interface Candidates {
  bestFor(slot: number, previous: OffsetSync, following: OffsetSync | undefined): OffsetSync
  pushedOut(sync: OffsetSync): void
}

/** Walks the old slots from the newest on, never past the slot to fill. */
class EveryOld implements Candidates {
  readonly #old: SyncSlots
  #best: OffsetSync
  #at = 0

  constructor(old: SyncSlots, newest: OffsetSync) {
    this.#old = old
    this.#best = newest
  }

  bestFor(slot: number, previous: OffsetSync, following: OffsetSync | undefined): OffsetSync {
    for (;;) {
      const candidate = this.#old[this.#at] ?? this.#best
      const isPromoted = isFit(candidate, slot, previous, following)
      if (isPromoted) this.#best = candidate
      // A twin of its neighbour, or one too close to what is kept, will fit no older slot either.
      const isTwin = this.#at + 1 < SLOTS && candidate === this.#old[this.#at + 1]
      const isUseless = isTwin || !isFarEnough(previous, candidate, slot - 1)
      if (isPromoted || isUseless) this.#at++
      if (!isUseless || this.#at >= slot) return this.#best
    }
  }

  pushedOut(): void {}
}

/** As up to 3.5.1: a sync that does not fit at once is lost. */
class LastPushedOut implements Candidates {
  #best: OffsetSync
  #pushedOut: OffsetSync

  constructor(old: SyncSlots, newest: OffsetSync) {
    this.#best = newest
    this.#pushedOut = old[0] ?? newest
  }

  bestFor(slot: number, previous: OffsetSync, following: OffsetSync | undefined): OffsetSync {
    if (isFit(this.#pushedOut, slot, previous, following)) this.#best = this.#pushedOut
    return this.#best
  }

  pushedOut(sync: OffsetSync): void {
    this.#pushedOut = sync
  }
}

function isFit(
  candidate: OffsetSync,
  slot: number,
  previous: OffsetSync,
  following: OffsetSync | undefined,
): boolean {
  return (
    isYoungEnough(previous, candidate, slot) &&
    isFarEnough(previous, candidate, slot - 1) &&
    (following === undefined || isFarEnough(candidate, following, slot))
  )
}

/** Invariant B between a slot and the one before it. */
function isYoungEnough(previous: OffsetSync, sync: OffsetSync, slot: number): boolean {
  // 2^slot - 2^(slot-1)
  return previous === sync || previous.upstream <= sync.upstream + power(slot - 1)
}

/** Invariant C: the sync of a slot is so far ahead of any older one. */
function isFarEnough(sync: OffsetSync, older: OffsetSync, slot: number): boolean {
  return sync === older || sync.upstream >= older.upstream + power(Math.max(slot - 2, 0))
}

/** Two syncs of one upstream offset. */
function isRepeated(sync: OffsetSync, older: OffsetSync): boolean {
  return sync.upstream === older.upstream
}

function power(exponent: number): number {
  return POWERS[exponent] ?? 1
}

function powersOfTwo(count: number): number[] {
  const powers: number[] = []
  for (let power = 1; powers.length < count; power *= 2) powers.push(power)
  return powers
}
