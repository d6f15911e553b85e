// Models: a thread of a worker with a consumer of its own: it takes up and gives up partitions
// between two polls, and puts what a poll returns into a queue, partition by partition.
// Leaves out: rate limits; the lag that it logs every minute; partitions with an end.
// Source: com.uber.stream.ureplicator.worker.ConsumerFetcherThread (doWork, processFetchedData).

import type { Assignment } from '../../kafka/clients/subscription.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { millis } from '../../sim/time.ts'
import { AssignedSource, type AssignedSourceOptions } from '../assigned-source.ts'
import type { SourceSlice } from '../source-slice.ts'
import type { ChunkQueue, FetchedDataChunk } from './chunk-queue.ts'
import { helixPartition } from './helix.ts'

export interface FetcherSettings {
  /** poll.timeout.ms */
  readonly pollTimeoutMs: number
  /** refresh.backoff.ms: how long it sleeps after a poll that returned nothing. */
  readonly backoffMs: number
}

export type FetcherOptions = Omit<AssignedSourceOptions, 'assignments'> & {
  readonly process: Process
  readonly settings: FetcherSettings
  readonly queue: ChunkQueue
}

/**
 * A worker has num.consumer.fetchers of them, made when the first partition falls to one. While it
 * stands in put() it does not poll; it is in no consumer group that would miss it.
 *
 * Changes count from the next poll on. What a poll returns of a partition that was removed
 * meanwhile is dropped.
 */
export class FetcherThread {
  readonly #options: FetcherOptions
  readonly #source: AssignedSource
  readonly #timer: Timer
  /** With where to begin; null has auto.offset.reset decide. */
  readonly #partitions = new Map<PartitionIndex, Offset | null>()
  #isChanged = false
  #isIdle = true
  #isClosed = false

  constructor(options: FetcherOptions) {
    this.#options = options
    this.#source = new AssignedSource({ ...options, assignments: [] })
    this.#timer = options.process.timer(() => this.#run())
  }

  /** One that it has keeps its position, whatever `start` says. */
  add(partition: PartitionIndex, start: Offset | null): void {
    if (this.#partitions.has(partition)) return
    this.#partitions.set(partition, start)
    this.#changed()
  }

  /** Nothing where it does not have it. */
  remove(partition: PartitionIndex): void {
    if (this.#partitions.delete(partition)) this.#changed()
  }

  /** What lies in its queue stays there. */
  close(): void {
    this.#isClosed = true
    this.#timer.cancel()
    this.#source.close()
  }

  /** One without partitions looks for some now and then, and otherwise sleeps. */
  #changed(): void {
    this.#isChanged = true
    if (!this.#isIdle) return
    this.#isIdle = false
    this.#sleep()
  }

  #sleep(): void {
    this.#timer.arm(millis(this.#options.settings.backoffMs))
  }

  #run(): void {
    if (this.#isClosed) return
    if (this.#isChanged) {
      this.#isChanged = false
      const assignments: Assignment[] = [...this.#partitions].map(([partition, start]) => {
        return { partition, start }
      })
      this.#source.assign(assignments)
    }
    if (this.#partitions.size === 0) {
      this.#isIdle = true
      return
    }
    this.#source.poll(this.#options.settings.pollTimeoutMs, (slices) => {
      if (slices.length === 0) this.#sleep()
      else this.#putAll(this.#chunksOf(slices))
    })
  }

  #chunksOf(slices: readonly SourceSlice[]): FetchedDataChunk[] {
    const { topics } = this.#options.cluster
    const own = slices.filter(({ partition }) => this.#partitions.has(partition))
    return [...new Set(own.map(({ partition }) => partition))].map((one) => ({
      partition: helixPartition(topics.topicOf(one), topics.numberOf(one)),
      slices: own.filter(({ partition }) => partition === one),
    }))
  }

  #putAll(chunks: readonly FetchedDataChunk[]): void {
    const [first, ...others] = chunks
    if (this.#isClosed) return
    if (first === undefined) this.#run()
    else this.#options.queue.put(first, () => this.#putAll(others))
  }
}
