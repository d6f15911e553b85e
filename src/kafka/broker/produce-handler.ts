// Models: Produce requests: append, then answer at once, after replication, or never (acks=0).
// Leaves out: quotas, transactions, message conversion.
// Source: ReplicaManager.appendRecords, KafkaApis.handleProduceRequest.

import type { Disk } from '../../sim/disk.ts'
import type { ProcessContext } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import { NO_OFFSET, type Offset, type PartitionIndex } from '../ids.ts'
import type { ProducedBatch, ProduceRequest } from '../messages.ts'
import type { Reply } from '../network/rpc.ts'
import {
  DelayedProducePurgatory,
  type ProduceJudge,
  type ProduceStatus,
} from '../partition/delayed-produce.ts'
import { checkEnoughReplicasReachOffset } from '../partition/produce-append.ts'
import type { ReplicaManager } from './replica-manager.ts'

/**
 * A broker’s side of Produce. With acks=all the answer waits for the high watermark, not for the
 * disk: Kafka commits by replicas, unless flush.messages asks for an fsync.
 */
export class ProduceHandler implements ProduceJudge {
  readonly purgatory: DelayedProducePurgatory
  readonly #context: ProcessContext
  readonly #replicas: ReplicaManager
  readonly #disk: Disk

  constructor(context: ProcessContext, replicas: ReplicaManager, disk: Disk) {
    this.#context = context
    this.#replicas = replicas
    this.#disk = disk
    this.purgatory = new DelayedProducePurgatory(context, this)
  }

  /** Appends everywhere, wakes who waits for records, and goes on when the disk has taken them. */
  handle(request: ProduceRequest, reply: Reply): void {
    // Kafka's request thread stands in write() for that long; here the request waits alone.
    // Writes queue at the disk: the last to be done ends the wait of all.
    let delay = 0
    const statuses = request.partitions.map(({ partition, batch }) => {
      const status = this.#append(partition, batch, request)
      if (status.error === 'NONE') delay = Math.max(delay, this.#write(partition, batch.bytes))
      return status
    })
    if (delay === 0) this.#afterWrite(request, statuses, reply)
    else this.#awaitDisk(delay, request, statuses, reply)
  }

  /** Where the disk gets faster meanwhile, it moves the timer. */
  #awaitDisk(
    delay: Micros,
    request: ProduceRequest,
    statuses: ProduceStatus[],
    reply: Reply,
  ): void {
    const timer = this.#context.timer(() => this.#afterWrite(request, statuses, reply))
    timer.arm(delay)
    this.#disk.keepsWaiting(timer)
  }

  #append(
    partition: PartitionIndex,
    batch: ProducedBatch,
    { acks }: ProduceRequest,
  ): ProduceStatus {
    // Refused or not, the other partitions of the request go their own way.
    const append = this.#replicas.appendRecordsToLeader(partition, batch, acks)
    return {
      partition,
      requiredOffset: append.nextOffset,
      baseOffset: append.firstOffset,
      error: append.error,
      // A repetition waits too: what it repeats need not be replicated yet.
      isPending: append.error === 'NONE' && acks === -1,
      currentLeader: null,
    }
  }

  /** @returns the delay until the write is done, fsync included where flush.messages wants it */
  #write(index: PartitionIndex, bytes: number): number {
    const delay = this.#disk.write(bytes)
    const log = this.#replicas.ledLog(index)
    if (log?.flushIsDue !== true) return delay
    log.flush()
    return delay + this.#disk.fsync(0)
  }

  #afterWrite(request: ProduceRequest, statuses: ProduceStatus[], reply: Reply): void {
    if (request.acks === -1) this.purgatory.park(statuses, request.timeoutMs, reply)
    else if (request.acks === 1) this.respond(statuses, reply)
    else if (statuses.every(({ error }) => error === 'NONE')) reply.done()
    // Nobody waits for an answer: only a closed connection makes the producer look for the leader.
    else reply.send(null)
  }

  /**
   * DelayedProduce.tryComplete for one partition: also an error ends the wait, such as a leadership
   * lost or NOT_ENOUGH_REPLICAS_AFTER_APPEND.
   */
  check(index: PartitionIndex, requiredOffset: Offset): KafkaError | null {
    const partition = this.#replicas.partitions.get(index)
    if (partition === undefined) return this.#replicas.missing(index)
    return checkEnoughReplicasReachOffset(partition, requiredOffset)
  }

  /** With KIP-951's hint at the new leader beside errors that it can help with. */
  respond(statuses: readonly ProduceStatus[], reply: Reply): void {
    for (const status of statuses) {
      if (status.error === 'NONE') continue
      status.baseOffset = NO_OFFSET
      status.currentLeader = this.#replicas.leaderHint(status.partition, status.error)
    }
    reply.send({ api: 'Produce', partitions: statuses })
  }
}
