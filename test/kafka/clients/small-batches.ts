import { MemoryRecordsBuilder } from '../../../src/kafka/clients/memory-records-builder.ts'
import { ProducerBatch } from '../../../src/kafka/clients/producer-batch.ts'

/** Records of 100 bytes that were all handed over then, in milliseconds. */
export function runAt(ms: number) {
  return { payloadBytes: 100, compressionRatio: 1, createdAt: () => ms * 1_000 }
}

/** An open batch of a partition, under a limit of 16 KiB. */
export function openBatch(partition = 0): ProducerBatch {
  return new ProducerBatch(partition, 0, new MemoryRecordsBuilder(16_384, false, 1), 0, 0)
}
