// Models: how a replicator hands what it has read to a producer: to a partition that it names, or
// to the one that the partitioner chooses, by key where there is one.
// Leaves out: several threads in send() of one producer; partitioners of one's own.
// Source: KafkaProducer.doSend and partition(), as MirrorMaker and uReplicator call them.

import type { KafkaProducer } from '../kafka/clients/kafka-producer.ts'
import type { SendTarget } from '../kafka/clients/send-queue.ts'
import { type RecordKeys, runsByKey } from './record-keys.ts'
import { type SourceSlice, sliceOf } from './source-slice.ts'

/** What a process says of a send() that does not return, whatever its system. */
export function tellStalled(tell: (kind: string, text: string) => void, reason: string): void {
  tell('send-stalled', `stands still in send(): ${reason}`)
}

/** Part of a slice that was handed over, as its settlement names it. */
export class SentSlice {
  readonly slice: SourceSlice
  /** Whoever sent it, where the feed has several. */
  readonly sender: object | null

  constructor(slice: SourceSlice, sender: object | null) {
    this.slice = slice
    this.sender = sender
  }
}

/** Order within a partition of the source is kept, but for what its producer itself reorders. */
export class ProducerFeed {
  readonly #producer: KafkaProducer
  readonly #keys: RecordKeys
  #waiting: (() => void)[] = []

  constructor(producer: KafkaProducer, keys: RecordKeys) {
    this.#producer = producer
    this.#keys = keys
  }

  /**
   * Sends the records of a slice one after the other until send() blocks; the caller stands in that
   * one then. Each hand-over is tagged with its part of the slice, as a SentSlice.
   * @param partition a number, or a choice once it is known how many there are; null: the
   * partitioner chooses
   * @returns how many were handed over
   */
  send(
    slice: SourceSlice,
    topic: string,
    partition: SendTarget['partition'],
    sender: object | null = null,
  ): number {
    if (partition !== null) return this.#hand(slice, { topic, partition }, sender)
    const partitions = this.#producer.partitionsFor(topic).length
    if (partitions === 0) return this.#sendToUnknown(sliceOf(slice, 0, 1), topic, sender)
    let sent = 0
    for (const { skip, count, target } of runsByKey(this.#keys, slice.ids, topic, partitions)) {
      sent += this.#hand(sliceOf(slice, skip, count), target, sender)
      if (this.#producer.isBlocked) break
    }
    return sent
  }

  /** send() waits for the topic's metadata, and only then the key has something to choose from. */
  #sendToUnknown(first: SourceSlice, topic: string, sender: object | null): number {
    const id = first.ids[0]?.firstRecordId ?? -1
    const hasKey = this.#keys.partitionOf(id, 1) !== null
    const choice = (partitions: number) => this.#keys.partitionOf(id, partitions) ?? 0
    return this.#hand(first, { topic, partition: hasKey ? choice : null }, sender)
  }

  #hand(part: SourceSlice, target: SendTarget, sender: object | null): number {
    const { payloadBytes, compressionRatio, ids, values, count } = part
    const tag = new SentSlice(part, sender)
    this.#producer.send(target, { payloadBytes, compressionRatio, ids, values, tag })
    return count
  }

  // ---- several threads at one producer ----------------------------------------------------------

  /** Calls back as soon as nobody stands in send(). */
  whenFree(then: () => void): void {
    if (this.#producer.isBlocked) this.#waiting.push(then)
    else then()
  }

  /** send() has returned: one after the other goes on, until one stands in it again. */
  unblocked(): void {
    for (const then of this.#waiting.splice(0)) this.whenFree(then)
  }
}
