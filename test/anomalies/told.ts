// Logs as the cases tell them, where brokers are scripted: 'k@e' is record k of leader epoch e.

import type { PartitionLog } from '../../src/kafka/log/partition-log.ts'
import type { Acks, Request } from '../../src/kafka/messages.ts'
import { produceOf } from '../kafka/broker/broker-bench.ts'
import { produced } from '../kafka/log/batches.ts'

export function told(log: PartitionLog): string[] {
  return log
    .batches()
    .flatMap(({ count, firstRecordId, leaderEpoch }) =>
      Array.from({ length: count }, (_, i) => `${firstRecordId + i}@${leaderEpoch}`),
    )
}

/** Records 'from' to 'to', both included, as one batch without idempotence. */
export function records(from: number, to: number, acks: Acks): Request {
  return produceOf(produced({ firstRecordId: from, count: to - from + 1 }), acks)
}

/** Offsets below both ends that hold different records. */
export function differing(a: PartitionLog, b: PartitionLog): number[] {
  const [left, right] = [told(a), told(b)]
  const offsets = left.slice(0, right.length).map((_, offset) => offset)
  return offsets.filter((offset) => left[offset] !== right[offset])
}

/** Which of these record ids a log does not hold. */
export function missing(log: PartitionLog, ids: readonly number[]): number[] {
  const held = new Set(told(log).map((record) => Number.parseInt(record, 10)))
  return ids.filter((id) => !held.has(id))
}
