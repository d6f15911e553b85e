// Models: which offsets a source task may commit: up to the first record that is not acknowledged.
// Leaves out: records without an offset, transformations that drop records.
// Source: org.apache.kafka.connect.runtime.SubmittedRecords.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { SourceOffsets } from './source-offsets.ts'

/** Records of one source partition that were sent together; offsets without a gap. */
export class Submitted {
  readonly partition: PartitionIndex
  readonly from: Offset
  readonly count: number
  /** The first so many are acknowledged. */
  acked = 0
  /** Acknowledged behind one that is not, by place: the producer may have parted them. */
  readonly later = new Map<number, number>()

  constructor(partition: PartitionIndex, from: Offset, count: number) {
    this.partition = partition
    this.from = from
    this.count = count
  }
}

/**
 * Acknowledgements come partition by partition of the target, so out of order for a source
 * partition: only what has no gap before it may be committed.
 */
export class SubmittedRecords implements Checked {
  /** By source partition, in the order of sending; the first is not wholly acknowledged. */
  readonly #waiting = new Map<PartitionIndex, Submitted[]>()
  /** Offset of the last record up to which all are acknowledged. */
  #committable = new Map<PartitionIndex, Offset>()
  #whenAllAcked: (() => void) | null = null

  /** In the order of offsets within a partition; the answer is what `ack` is told of. */
  submit(partition: PartitionIndex, from: Offset, count: number): Submitted {
    const submitted = new Submitted(partition, from, count)
    const queue = this.#waiting.get(partition)
    if (queue === undefined) this.#waiting.set(partition, [submitted])
    else queue.push(submitted)
    return submitted
  }

  /** `count` records that follow the first `skip` of what was submitted are in a target's log. */
  ack(submitted: Submitted, skip: number, count: number): void {
    const { partition, later } = submitted
    later.set(skip, count)
    for (let next = later.get(submitted.acked); next !== undefined; ) {
      later.delete(submitted.acked)
      submitted.acked += next
      next = later.get(submitted.acked)
    }
    const { acked, count: all } = submitted
    invariant(acked <= all, 'no more is acknowledged than was submitted', { partition, acked, all })
    const queue = this.#waiting.get(partition) ?? []
    while (queue[0] !== undefined) {
      const [first] = queue
      if (first.acked > 0) this.#committable.set(partition, first.from + first.acked - 1)
      if (first.acked < first.count) break
      queue.shift()
    }
    if (queue.length === 0) this.#waiting.delete(partition)
    if (this.#waiting.size === 0) this.#tellAllAcked()
  }

  /** What may be committed since the last call. */
  takeCommittable(): SourceOffsets {
    const taken = this.#committable
    this.#committable = new Map()
    return taken
  }

  /** The first that waits is open, and what is acknowledged later lies behind a gap. */
  assertWhole(): void {
    for (const [partition, queue] of this.#waiting) {
      const isOpen = (queue[0]?.acked ?? 0) < (queue[0]?.count ?? 0)
      invariant(isOpen, 'the first that waits is not wholly acknowledged', { partition })
      for (const submitted of queue) {
        const { acked, count, later } = submitted
        invariant(submitted.partition === partition, 'records wait by partition', { partition })
        for (const [skip, more] of later) {
          const isBehind = skip > acked && skip + more <= count
          invariant(isBehind, 'what is acknowledged later is behind a gap', { partition, skip })
        }
      }
    }
  }

  /** Whether all that was sent is acknowledged. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  /** Calls back once, as soon as nothing is under way. */
  awaitAll(onDone: () => void): void {
    if (this.isEmpty) onDone()
    else this.#whenAllAcked = onDone
  }

  #tellAllAcked(): void {
    const told = this.#whenAllAcked
    this.#whenAllAcked = null
    told?.()
  }
}
