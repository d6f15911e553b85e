// Models: where a source task has come to, as Connect remembers it over restarts.
// Leaves out: offsets that are no numbers; partitions of sources that are not Kafka.
// Source: org.apache.kafka.connect.storage.OffsetStorageReader, OffsetStorageWriter.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'

/** Of each source partition the offset of the last record that was copied. */
export type SourceOffsets = ReadonlyMap<PartitionIndex, Offset>

export interface OffsetStore {
  /** What was flushed last for a connector, as far as the store was read when its task starts. */
  read(connector: string): SourceOffsets
  /**
   * Writes offsets of a connector. `onDone` hears whether they were acknowledged; it is called at
   * most once, and never after the worker has ended.
   */
  write(connector: string, offsets: SourceOffsets, onDone: (isWritten: boolean) => void): void
}

/** A task as its worker sees it. */
export interface RunningTask {
  /** It has thrown and waits to be restarted; absent: it never does. */
  readonly isFailed?: boolean
  /**
   * Stops it: what was sent is waited for, and its offsets are committed, within
   * task.shutdown.graceful.timeout.ms; `onStopped` is called when it is over.
   */
  stop(onStopped: () => void): void
  /** Ends it at once, without a commit: its time to stop is over. */
  cancel(): void
}
