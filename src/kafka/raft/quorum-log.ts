// Models: the metadata log of one node: entries with their quorum epoch, one offset each.
// Leaves out: segments and snapshots (a log starts at 0 and is kept whole), batch headers.
// Source: KIP-595; org.apache.kafka.raft.ReplicatedLog, kafka.raft.KafkaMetadataLog.

import { invariant } from '../../sim/invariant.ts'
import { lastOf } from '../../sim/last-of.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { MetadataOffset, QuorumEpoch } from '../ids.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { QuorumLogEntry } from '../quorum-messages.ts'

/** Where a reader's log and this one part: the reader truncates to it and asks again. */
export interface DivergingEpoch {
  readonly epoch: QuorumEpoch
  readonly endOffset: MetadataOffset
}

/** Approximate size on disk and on the wire of one metadata record with its share of headers. */
export const METADATA_RECORD_BYTES = 100

/** Of a reader that has everything. */
const NO_ENTRIES: readonly QuorumLogEntry[] = []

/** Entry i has offset i. Entries are immutable and shared by every node's log. */
export class QuorumLog implements Checked {
  readonly #entries: QuorumLogEntry[] = []
  /** Each epoch of the log with the offset of its first entry, both ascending. */
  readonly #epochs: { readonly epoch: QuorumEpoch; readonly start: MetadataOffset }[] = []

  /** Exclusive. */
  get endOffset(): MetadataOffset {
    return this.#entries.length
  }

  /** Epoch of the last entry, 0 for an empty log as in Kafka's bootstrap. */
  get lastEpoch(): QuorumEpoch {
    return lastOf(this.#entries)?.epoch ?? 0
  }

  /** @throws InvariantViolation for an offset below 0 or at the log's end */
  entryAt(offset: MetadataOffset): QuorumLogEntry {
    const entry = this.#entries[offset]
    invariant(entry !== undefined, 'an offset is inside the metadata log', {
      offset,
      endOffset: this.endOffset,
    })
    return entry
  }

  /** Appends one record as the leader of `epoch`; returns its offset. */
  append(epoch: QuorumEpoch, record: MetadataRecord): MetadataOffset {
    this.#push({ epoch, record })
    return this.#entries.length - 1
  }

  /** Appends what a leader sent, without copying the entries themselves. */
  appendEntries(entries: readonly QuorumLogEntry[]): void {
    for (const entry of entries) this.#push(entry)
  }

  /** Entries from `offset` to the end. */
  read(offset: MetadataOffset): readonly QuorumLogEntry[] {
    return offset >= this.#entries.length ? NO_ENTRIES : this.#entries.slice(offset)
  }

  /** Drops every entry at or after `offset`; returns the new end. */
  truncateTo(offset: MetadataOffset): MetadataOffset {
    invariant(offset >= 0, 'a log is cut at one of its offsets', { offset })
    if (offset < this.#entries.length) {
      this.#entries.length = offset
      while ((this.#epochs[this.#epochs.length - 1]?.start ?? -1) >= offset) this.#epochs.pop()
    }
    return this.#entries.length
  }

  /** End of the newest epoch that is not above `epoch`; (0, 0) where the log has none. */
  endOffsetForEpoch(epoch: QuorumEpoch): DivergingEpoch {
    for (let i = this.#epochs.length - 1; i >= 0; i--) {
      const entry = this.#epochs[i]
      if (entry === undefined || entry.epoch > epoch) continue
      return { epoch: entry.epoch, endOffset: this.#epochs[i + 1]?.start ?? this.endOffset }
    }
    return { epoch: 0, endOffset: 0 }
  }

  /** null where a reader at `offset` whose last epoch is `lastFetchedEpoch` shares this log. */
  divergenceOf(offset: MetadataOffset, lastFetchedEpoch: QuorumEpoch): DivergingEpoch | null {
    // An empty log shares everything: there is nothing in it that could differ.
    if (offset === 0 && lastFetchedEpoch === 0) return null
    const end = this.endOffsetForEpoch(lastFetchedEpoch)
    return end.epoch === lastFetchedEpoch && offset <= end.endOffset ? null : end
  }

  /** Offset to which a follower cuts its log when told that it diverges at `diverging`. */
  truncationOffset(diverging: DivergingEpoch): MetadataOffset {
    const local = this.endOffsetForEpoch(diverging.epoch)
    return local.epoch === diverging.epoch
      ? Math.min(diverging.endOffset, local.endOffset)
      : local.endOffset
  }

  /** The list of epochs is that of the entries. @throws InvariantViolation */
  assertWhole(): void {
    for (const { epoch, start } of this.#epochs) {
      const { epoch: own } = this.entryAt(start)
      invariant(own === epoch, 'an epoch begins with a record of it', { epoch, start, own })
    }
    const last = lastOf(this.#epochs)?.epoch ?? 0
    invariant(last === this.lastEpoch, 'the last record’s epoch is known', { last })
  }

  #push(entry: QuorumLogEntry): void {
    const { lastEpoch, endOffset } = this
    invariant(entry.epoch >= lastEpoch, 'epochs never fall within the metadata log', {
      lastEpoch,
      epoch: entry.epoch,
    })
    if (endOffset === 0 || entry.epoch > lastEpoch) {
      this.#epochs.push({ epoch: entry.epoch, start: endOffset })
    }
    this.#entries.push(entry)
  }
}
