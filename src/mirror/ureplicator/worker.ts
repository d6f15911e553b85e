// Models: a worker: threads with a consumer each, over which its partitions are dealt, queues, and
// threads with a producer each; offsets in ZooKeeper, and Helix to tell it what to copy.
// Leaves out: rate limits; federated workers, which a manager lends to routes; fetchers grouped by
// the leaders of the target.
// Source: com.uber.stream.ureplicator.worker: WorkerInstance, FetcherManager, ProducerManager,
// WorkerStarter; ControllerWorkerHelixHandler.

import { absOf, hashOfText } from '../../kafka/hash-order.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import { invariant } from '../../sim/invariant.ts'
import { type Micros, millis } from '../../sim/time.ts'
import type { AssignedSourceOptions } from '../assigned-source.ts'
import { type GroupMirrorOptions, targetProducer } from '../group-mirror.ts'
import { tellStalled } from '../producer-feed.ts'
import { ZooKeeperCheckpoints } from './checkpoints.ts'
import { ChunkQueue } from './chunk-queue.ts'
import { type FetcherSettings, FetcherThread } from './fetcher-thread.ts'
import { type HelixPartition, partsOf } from './helix.ts'
import {
  HelixParticipant,
  type HelixParticipantOptions,
  type Participant,
} from './helix-participant.ts'
import { ProducerThread, type ProducerThreadSettings } from './producer-thread.ts'
import { ZooKeeperSession } from './zookeeper-session.ts'

/** Of the session that offsets are written in: they outlive it. */
const COMMIT_SESSION_TIMEOUT_MS = 10_000

export interface UReplicatorSettings extends FetcherSettings, ProducerThreadSettings {
  /** num.consumer.fetchers */
  readonly fetchers: number
  /** num.of.producers */
  readonly producers: number
  /** queued.max.message.chunks */
  readonly queueChunks: number
  /** fetcher.manager.refresh.ms */
  readonly refreshMs: number
}

export interface WorkerOptions
  extends HelixParticipantOptions,
    Pick<GroupMirrorOptions, 'target' | 'keys' | 'consumer' | 'producer' | 'onReady' | 'tell'> {
  readonly source: AssignedSourceOptions['cluster']
  readonly settings: UReplicatorSettings
  /** commit.zookeeper.connect: keeps offsets; the source’s own, as a rule. */
  readonly commitZookeeper: HelixParticipantOptions['zookeeper']
  /** group.id: a folder in ZooKeeper, and no group of Kafka’s. */
  readonly groupId: string
}

/**
 * Partition, fetcher, queue, producer: each partition has one of each, by hashes of its name, so
 * that its order is kept from end to end. A producer that stands still fills its queue, then stops
 * the fetchers of that queue, and with them all of their partitions.
 *
 * A partition is taken up or given up at the next refresh of its fetchers, counted from the
 * worker's start.
 */
export class UReplicatorWorker implements Participant {
  readonly #options: WorkerOptions
  readonly #startedAt: Micros
  readonly #commitSession: ZooKeeperSession
  readonly #checkpoints: ZooKeeperCheckpoints
  readonly #queues: ChunkQueue[]
  readonly #fetchers = new Map<string, FetcherThread>()
  readonly #producers: ProducerThread[]
  readonly #helix: HelixParticipant
  #isStopping = false

  /** Build one at each boot of its process. */
  constructor(options: WorkerOptions) {
    const { process, network, commitZookeeper, settings } = options
    this.#options = options
    this.#startedAt = process.now
    this.#commitSession = new ZooKeeperSession({
      ...{ process, network, server: commitZookeeper },
      sessionTimeoutMs: COMMIT_SESSION_TIMEOUT_MS,
    })
    this.#checkpoints = new ZooKeeperCheckpoints(this.#commitSession, options.groupId)
    const numbers = Array.from({ length: settings.producers }, (_, n) => n)
    this.#queues = numbers.map(() => new ChunkQueue(settings.queueChunks))
    this.#producers = this.#queues.map((queue) => this.#newProducer(queue))
    this.#helix = new HelixParticipant(options, this)
  }

  #newProducer(queue: ChunkQueue): ProducerThread {
    const { process, settings, keys, tell } = this.#options
    return new ProducerThread({
      ...{ process, settings, queue, keys, checkpoints: this.#checkpoints },
      newProducer: (owner) => targetProducer(this.#options, owner),
      onAborted: (reason) => {
        tell('thread-failed', `a thread has failed: ${reason}`)
        this.shutdown()
      },
      onStalled: (reason) => tellStalled(tell, reason),
      onDropped: (records, reason) => tell('send-failed', `${records} records: ${reason}`),
    })
  }

  /** Under the name of the process. */
  tell(kind: string, text: string): void {
    this.#options.tell(kind, text)
  }

  // ---- partitions -------------------------------------------------------------------------------

  /** Begins behind what anybody has committed; auto.offset.reset decides where nobody has. */
  online(partition: HelixPartition, onDone: () => void): void {
    this.#checkpoints.fetchOffset(partition, (offset) => {
      const index = this.#indexOf(partition)
      if (index !== null && !this.#isStopping) {
        this.#atRefresh(() => this.#fetcherOf(partition).add(index, offset))
        this.#options.onReady()
      }
      onDone()
    })
  }

  /**
   * What lies in queues is sent and committed all the same. The next owner may have read the
   * position before that commit: what lay in between goes twice.
   */
  offline(partition: HelixPartition): void {
    const index = this.#indexOf(partition)
    if (index === null) return
    this.#atRefresh(() => this.#fetcherOf(partition).remove(index))
  }

  #indexOf(partition: HelixPartition): PartitionIndex | null {
    const { topic, number } = partsOf(partition)
    return this.#options.source.topics.indexOf(topic, number)
  }

  /** FetcherManager looks at what was added and removed every now and then. */
  #atRefresh(change: () => void): void {
    const { process, settings } = this.#options
    const refresh = millis(settings.refreshMs)
    const wait = refresh - ((process.now - this.#startedAt) % refresh)
    process.timer(change).arm(wait)
  }

  /** By TopicPartition.hashCode; a thread puts all that it reads into one queue. */
  #fetcherOf(partition: HelixPartition): FetcherThread {
    const { process, network, settings, source: cluster, consumer } = this.#options
    const { topic, number } = partsOf(partition)
    const hash = (31 * (31 + number) + hashOfText(topic)) | 0
    const name = `ConsumerFetcherThread-${Math.abs(hash % settings.fetchers)}`
    const known = this.#fetchers.get(name)
    if (known !== undefined) return known
    const queue = this.#queues[absOf(hashOfText(name) % this.#queues.length)]
    invariant(queue !== undefined, 'there is a queue for each producer', { name })
    const { config, channel = {} } = consumer
    const made = new FetcherThread({
      ...{ process, network, cluster, config, channel, settings, queue },
    })
    this.#fetchers.set(name, made)
    return made
  }

  // ---- the end ----------------------------------------------------------------------------------

  /** SIGTERM, or a thread that failed: the others flush and commit, then it leaves Helix. */
  shutdown(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    let running = this.#producers.length
    for (const producer of this.#producers) {
      producer.shutdown(() => {
        running--
        if (running === 0) this.#end()
      })
    }
  }

  #end(): void {
    for (const fetcher of this.#fetchers.values()) fetcher.close()
    this.#commitSession.close()
    this.#helix.disconnect()
    this.#options.process.exit()
  }
}
