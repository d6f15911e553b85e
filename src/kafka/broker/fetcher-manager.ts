// Models: which fetcher thread follows which partition: one thread a leader and fetcher number.
// Leaves out: changing the number of fetchers while running.
// Source: AbstractFetcherManager, ReplicaFetcherManager.

import { areDistinct, type Checked } from '../../sim/state-checks.ts'
import type { NodeId, PartitionIndex } from '../ids.ts'
import type { Partition } from '../partition/partition.ts'
import { type FetcherOptions, ReplicaFetcher } from './replica-fetcher.ts'

export interface FetcherManagerOptions
  extends Pick<FetcherOptions, 'context' | 'config' | 'guards' | 'disk' | 'brokerEpoch'> {
  /** A client with connections of its own, for one fetcher thread. */
  rpcFor(source: NodeId, fetcherId: number): FetcherOptions['rpc']
  fetcherIdOf(partition: PartitionIndex): number
}

/**
 * One a broker process. A thread for each pair of source broker and fetcher id: the partitions of
 * one share a request, so that a large one delays its neighbours; more fetchers share the load of a
 * far leader over more connections, each with a TCP window of its own. A partition keeps its id for
 * life (AbstractFetcherManager.getFetcherId), so that a new leader means another thread.
 */
export class FetcherManager implements Checked {
  /** In the order of their making. */
  readonly fetchers = new Map<string, ReplicaFetcher>()
  readonly #options: FetcherManagerOptions

  constructor(options: FetcherManagerOptions) {
    this.#options = options
  }

  /** Follows `partition` at its present leader. */
  add(partition: Partition): void {
    const fetcherId = this.#options.fetcherIdOf(partition.index)
    this.#getOrCreate(partition.leader, fetcherId).add(partition)
  }

  /** Stops following; a request that is out for it goes on for the others. */
  remove(index: PartitionIndex): void {
    for (const fetcher of this.fetchers.values()) if (fetcher.remove(index)) return
  }

  /**
   * The thread that follows it now, failed or not; undefined for what is led here or has no leader.
   */
  fetcherOf(index: PartitionIndex): ReplicaFetcher | undefined {
    for (const fetcher of this.fetchers.values()) if (fetcher.states.has(index)) return fetcher
    return undefined
  }

  /** Retention has deleted the beginnings of logs. */
  onDeletedSegments(): void {
    for (const fetcher of this.fetchers.values()) fetcher.onDeletedSegments()
  }

  /** Ends threads without partitions and closes their connections. */
  shutDownIdle(): void {
    for (const [key, fetcher] of this.fetchers) {
      if (!fetcher.isIdle) continue
      fetcher.stop()
      this.fetchers.delete(key)
    }
  }

  /** Ends all threads: answers on their way are lost, what was appended stays. */
  shutDown(): void {
    for (const fetcher of this.fetchers.values()) fetcher.stop()
    this.fetchers.clear()
  }

  /** Every thread is whole, no partition is followed by two. @throws InvariantViolation */
  assertWhole(): void {
    const followed: PartitionIndex[] = []
    for (const fetcher of this.fetchers.values()) {
      fetcher.assertWhole()
      for (const { partition } of fetcher.states) followed.push(partition.index)
    }
    areDistinct(followed, 'a partition is followed by one thread')
  }

  #getOrCreate(source: NodeId, fetcherId: number): ReplicaFetcher {
    const key = `${source}-${fetcherId}`
    const found = this.fetchers.get(key)
    if (found !== undefined) return found
    const { context, config, disk } = this.#options
    const fetcher = new ReplicaFetcher({
      context,
      config,
      guards: this.#options.guards,
      disk,
      source,
      rpc: this.#options.rpcFor(source, fetcherId),
      brokerEpoch: () => this.#options.brokerEpoch(),
    })
    this.fetchers.set(key, fetcher)
    return fetcher
  }
}
