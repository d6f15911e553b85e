// Models: the offsets that groups have committed, as written and as replicated.
// Leaves out: metadata strings, expiry after offsets.retention.minutes, transactional commits.
// Source: group-coordinator's OffsetMetadataManager (timeline snapshots, fetchOffsets).

import { invariant } from '../../sim/invariant.ts'
import { ascends, type Checked } from '../../sim/state-checks.ts'
import type { CommittedOffset } from '../group-messages.ts'
import { type GroupId, NO_OFFSET, type Offset, type PartitionIndex } from '../ids.ts'
import type { OffsetCommitValue } from './group-values.ts'

/** Also what is written and not replicated. */
export const NO_LIMIT: Offset = Number.MAX_SAFE_INTEGER

interface Written {
  /** Where in the coordinator's log. */
  readonly at: Offset
  readonly value: OffsetCommitValue
}

/**
 * Per group and partition the newest replicated offset, and those written after it. Both are kept,
 * because an answer must not tell what a new coordinator might not know:
 *
 * 1. a member commits 9, and its coordinator is cut off before the record is replicated;
 * 2. the group's next owner asks the same coordinator, and is told 9;
 * 3. another broker takes over, with 5: whoever asks later reads again what was done in between.
 */
export class CommittedOffsets implements Checked {
  readonly #groups = new Map<GroupId, Map<PartitionIndex, Written[]>>()
  #committed: Offset = 0

  /** The record at `at` of the log. */
  replay(value: OffsetCommitValue, at: Offset): void {
    let group = this.#groups.get(value.group)
    if (group === undefined) {
      group = new Map()
      this.#groups.set(value.group, group)
    }
    const written = group.get(value.partition)
    if (written === undefined) group.set(value.partition, [{ at, value }])
    else {
      written.push({ at, value })
      this.#forgetBefore(written)
    }
  }

  /** Everything below `offset` of the log is replicated. */
  commitUpTo(offset: Offset): void {
    this.#committed = offset
  }

  /** Groups that have committed anything, replicated or not. */
  get groups(): readonly GroupId[] {
    return [...this.#groups.keys()]
  }

  /**
   * The newest commits below `before` of the log; all partitions where null is asked.
   * @param before by default what is replicated; NO_LIMIT: all that is written
   */
  fetch(
    group: GroupId,
    partitions: readonly PartitionIndex[] | null,
    before: Offset = this.#committed,
  ): CommittedOffset[] {
    const known = this.#groups.get(group)
    if (known === undefined) return []
    const answer: CommittedOffset[] = []
    for (const partition of partitions ?? known.keys()) {
      const value = known.get(partition)?.findLast(({ at }) => at < before)?.value
      if (value === undefined || value.offset === NO_OFFSET) continue
      answer.push({ partition, offset: value.offset, leaderEpoch: value.leaderEpoch })
    }
    return answer
  }

  /** Whether a commit of any of these partitions stands at or behind `from` of the log. */
  isAnyWrittenFrom(
    group: GroupId,
    partitions: readonly PartitionIndex[] | null,
    from: Offset,
  ): boolean {
    const known = this.#groups.get(group)
    if (known === undefined) return false
    const all = partitions ?? [...known.keys()]
    return all.some((partition) => (known.get(partition)?.at(-1)?.at ?? -1) >= from)
  }

  /** Whether the group has committed there, and it was not taken back. */
  has(group: GroupId, partition: PartitionIndex): boolean {
    const newest = this.#groups.get(group)?.get(partition)?.at(-1)
    return newest !== undefined && newest.value.offset !== NO_OFFSET
  }

  /**
   * Commits stand in the log's order under their own group and partition.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    for (const [group, byPartition] of this.#groups) {
      for (const [partition, written] of byPartition) {
        const offsets = written.map(({ at }) => at)
        ascends(offsets, 'commits are kept in the order of the log')
        const isOwn = written.every(({ value }) => {
          return value.group === group && value.partition === partition
        })
        invariant(isOwn, 'a commit is found by its group and partition', { group, partition })
      }
    }
  }

  #forgetBefore(written: Written[]): void {
    const newest = written.findLastIndex(({ at }) => at < this.#committed)
    if (newest > 0) written.splice(0, newest)
  }
}
