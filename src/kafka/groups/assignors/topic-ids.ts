// Models: the order that the broker's assignors take from topic ids.
// Leaves out: the ids themselves. Kafka draws them at random, so that any order may come; here a
// topic's id is the number 1 and the hash of its name, and a run gives the same order every time.
// Source: org.apache.kafka.common.Uuid.hashCode and compareTo.

import { hashOfText, inHashOrder } from '../../hash-order.ts'
import { compareText } from './member-order.ts'

/** Topics as a HashMap keyed by their ids walks them. */
export function inIdHashOrder(topics: Iterable<string>): string[] {
  return inHashOrder(new Set(topics), (topic) => {
    const low = hashOfText(topic)
    const high = low < 0 ? -1 : 0
    return high ^ low ^ 1
  })
}

/** Order of two topics by id. */
export function compareTopicIds(a: string, b: string): number {
  return hashOfText(a) - hashOfText(b) || compareText(a, b)
}
