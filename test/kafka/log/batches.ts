import { type LogConfig, PartitionLog } from '../../../src/kafka/log/partition-log.ts'
import type { ProducedBatch, RecordBatch } from '../../../src/kafka/messages.ts'

export const LOG_CONFIG: LogConfig = {
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  retentionMs: -1,
  retentionBytes: -1,
  flushMessages: Number.MAX_SAFE_INTEGER,
  compressionType: 'producer',
  producerIdExpirationMs: 86_400_000,
}

/** A batch without idempotence, 100 bytes. */
export function produced(overrides: Partial<ProducedBatch> = {}): ProducedBatch {
  return {
    count: 1,
    bytes: 100,
    payloadBytes: 30,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    firstRecordId: 0,
    createdFirst: 0,
    createdLast: 0,
    ...overrides,
  }
}

/** A log of one-record batches with these leader epochs, from offset 0. */
export function logOf(epochs: readonly number[], config: LogConfig = LOG_CONFIG): PartitionLog {
  const log = new PartitionLog(config)
  for (const epoch of epochs) log.appendAsLeader(produced(), epoch)
  return log
}

/** Leader epochs by offset. */
export function epochsOf(log: PartitionLog): number[] {
  return log.batches().flatMap((batch) => Array<number>(batch.count).fill(batch.leaderEpoch))
}

export function batchOf(baseOffset: number, leaderEpoch: number, count = 1): RecordBatch {
  return { ...produced({ count }), baseOffset, leaderEpoch }
}
