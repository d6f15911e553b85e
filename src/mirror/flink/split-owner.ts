// Models: which subtask of a source reads which partition.
// Leaves out: nothing.
// Source: org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumerator.getSplitOwner.

import { hashOfText } from '../../kafka/hash-order.ts'

/** Partitions of a topic go round, from a subtask that the topic's name chooses. */
export function splitOwner(topic: string, number: number, readers: number): number {
  const start = (Math.imul(hashOfText(topic), 31) & 0x7f_ff_ff_ff) % readers
  return (start + number) % readers
}
