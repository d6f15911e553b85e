// Models: what a coordinator writes into a partition that its own broker leads, as with acks=1.
// Leaves out: transactions; compression of the offsets topic.
// Source: CoordinatorPartitionWriter.append, ReplicaManager.appendRecordsToLeader.

import type { Disk } from '../../sim/disk.ts'
import type { KafkaError } from '../errors.ts'
import type { CoordinatorWriter } from '../groups/coordinator-log.ts'
import type { CoordinatorValue } from '../groups/group-values.ts'
import { payloadBytesOf } from '../groups/group-values.ts'
import { NO_PRODUCER, type PartitionIndex } from '../ids.ts'
import type { RecordIds } from '../internal-record-ids.ts'
import type { ProducedBatch } from '../messages.ts'
import type { ReplicaManager } from './replica-manager.ts'

/**
 * A coordinator writes as a producer with acks=1 would, min.insync.replicas unchecked; whoever
 * waits for what it wrote waits for the high watermark all the same (CoordinatorLog).
 */
export class CoordinatorAppends implements CoordinatorWriter {
  readonly #replicas: ReplicaManager
  readonly #disk: Disk
  readonly #recordIds: RecordIds

  constructor(replicas: ReplicaManager, disk: Disk, recordIds: RecordIds) {
    this.#replicas = replicas
    this.#disk = disk
    this.#recordIds = recordIds
  }

  /**
   * One batch of `bytes` on disk. NOT_LEADER_OR_FOLLOWER where the partition is led elsewhere:
   * nothing is written then.
   */
  append(index: PartitionIndex, values: readonly CoordinatorValue[], bytes: number): KafkaError {
    const batch = this.#batchOf(values, bytes)
    // acks=1 only spares the check of min.insync.replicas; nobody answers a client before the
    // watermark.
    const { error } = this.#replicas.appendRecordsToLeader(index, batch, 1)
    if (error === 'NONE') this.#disk.write(bytes)
    return error
  }

  #batchOf(values: readonly CoordinatorValue[], bytes: number): ProducedBatch {
    const { now } = this.#replicas
    return {
      count: values.length,
      bytes,
      payloadBytes: values.reduce((sum, value) => sum + payloadBytesOf(value), 0),
      producerId: NO_PRODUCER,
      producerEpoch: -1,
      baseSequence: -1,
      firstRecordId: this.#recordIds.next(values.length),
      createdFirst: now,
      createdLast: now,
      packing: undefined,
      ids: undefined,
      values,
    }
  }
}
