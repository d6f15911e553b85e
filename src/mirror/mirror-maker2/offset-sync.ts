// Models: a record of the offset-syncs topic: this record upstream is that record downstream.
// Leaves out: its bytes.
// Source: org.apache.kafka.connect.mirror.OffsetSync.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'

export interface OffsetSync {
  /** Of the source cluster. */
  readonly partition: PartitionIndex
  readonly upstream: Offset
  readonly downstream: Offset
}

/** Whether a value of the offset-syncs topic is one. */
export function isOffsetSync(value: object): value is OffsetSync {
  return 'partition' in value && 'upstream' in value && 'downstream' in value
}
