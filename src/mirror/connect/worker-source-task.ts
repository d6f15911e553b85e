// Models: the loop of a source task: poll, send all of it, poll again; and its offset commits, when
// the worker's thread for them comes to it.
// Leaves out: exactly-once support, pausing; of errors.tolerance all but a failed send (a converter
// or a transformation that fails, dead letters).
// Source: connect.runtime.AbstractWorkerSourceTask (execute, close, cancel), WorkerSourceTask
// (producerSendFailed, commitOffsets, finalOffsetCommit); KIP-779.

import type { HandedRecords } from '../../kafka/clients/handed-batch.ts'
import type { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import type { SendOwner, SendTarget, SettledRecords } from '../../kafka/clients/send-queue.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, millis } from '../../sim/time.ts'
import type { OffsetStore, RunningTask } from './source-offsets.ts'
import { Submitted, SubmittedRecords } from './submitted-records.ts'
import type { SourceTaskOffsetCommitter } from './task-offset-committer.ts'

/** Records of one source partition, as a poll returns them: offsets without a gap. */
export interface PolledRecords {
  readonly partition: PartitionIndex
  readonly from: Offset
  readonly count: number
  readonly target: SendTarget
  readonly records: Omit<HandedRecords, 'tag'>
}

/** What a connector's task does; the loop around it is the same for all. */
export interface SourceTask {
  /** Begins a poll; the answer comes through `onPolled`, not before this returns. */
  poll(): void
  /** Hears that `count` records from `upstream` on became the offsets from `downstream` on. */
  recordsCopied(
    partition: PartitionIndex,
    upstream: Offset,
    downstream: Offset,
    count: number,
  ): void
  /** The offsets of what was copied have been committed. */
  committed(): void
  /** Never while a poll is under way: the loop's own thread does it, when it is over. */
  close(): void
}

/** What happens to records between poll and send. */
export interface Transformations {
  /** The thread's time for one of them. */
  readonly perRecord: Micros
  /** What is left of them, part by part. */
  apply(polled: PolledRecords): readonly PolledRecords[]
}

export interface SourceTaskConfig {
  readonly connector: string
  readonly offsetFlushTimeoutMs: number
  /** Between poll and send; absent: none. */
  readonly transformations?: Transformations
  /** Hears that the task has thrown. */
  readonly onFailed?: (reason: string) => void
  /** send() stands still for a place that the target does not have. */
  readonly onStalled?: (reason: string) => void
  /** errors.tolerance all: what cannot be sent is passed over. Absent: the task fails. */
  readonly onPassedOver?: ((count: number, error: string) => void) | undefined
}

/** One thread polls, transforms and sends; another commits what has been acknowledged by then. */
export class WorkerSourceTask implements RunningTask, SendOwner, Checked {
  readonly #config: SourceTaskConfig
  readonly #offsets: OffsetStore
  readonly #submitted = new SubmittedRecords()
  /**
   * What the next commit may write: as acknowledged when the loop last began to poll. A thread that
   * stands in poll() or send() looks at no acknowledgement (updateCommittableOffsets).
   */
  #committable = new Map<PartitionIndex, Offset>()
  readonly #committer: SourceTaskOffsetCommitter
  #cancelCommits: () => void = () => {}
  readonly #waitTimer: Timer
  readonly #workTimer: Timer
  /** null before `start`: task and loop know each other, so one of them comes first. */
  #task: SourceTask | null = null
  #producer: KafkaProducer | null = null
  /** What the last poll returned and no transformation has seen. */
  #polled: PolledRecords[] = []
  /** What came of it and send() has not taken yet. */
  #toSend: PolledRecords[] = []
  #state: 'running' | 'stopping' | 'committing' | 'over' = 'running'
  /** The thread stands in poll(). */
  #isPolling = false
  #isLeaving = false
  readonly #onStopped: (() => void)[] = []
  #isFailed = false
  /** Of the first record that a producer with endless retries could not send; '' for none. */
  #sendError = ''

  constructor(
    context: ProcessContext,
    config: SourceTaskConfig,
    offsets: OffsetStore,
    committer: SourceTaskOffsetCommitter,
  ) {
    this.#config = config
    this.#offsets = offsets
    this.#committer = committer
    this.#waitTimer = context.timer(() => this.#commitFinally())
    this.#workTimer = context.timer(() => this.#sendAll())
  }

  /** Begins to work; `producer` must have this as its owner. */
  start(task: SourceTask, producer: KafkaProducer): void {
    invariant(this.#task === null, 'a loop runs one task', { connector: this.#config.connector })
    this.#task = task
    this.#producer = producer
    producer.process.memory.add(this)
    this.#cancelCommits = this.#committer.schedule((onDone) => this.#commit(onDone))
    this.#poll()
  }

  // ---- the loop ---------------------------------------------------------------------------------

  /**
   * A turn of the loop begins (beginSendIteration): acknowledgements count up to here, and only
   * then the thread goes into poll() and is blind for them.
   */
  #poll(): void {
    this.#updateCommittable()
    this.#isPolling = true
    this.#task?.poll()
  }

  /** What a poll returned. A task that was cancelled meanwhile ends here. */
  onPolled(records: readonly PolledRecords[]): void {
    this.#isPolling = false
    if (this.#state === 'over') {
      this.#task?.close()
      return
    }
    this.#polled = [...records]
    this.#sendAll()
  }

  /** The loop goes on with what was left of its batch. */
  onUnblocked(): void {
    this.#sendAll()
  }

  onStalled(reason: string): void {
    this.#config.onStalled?.(reason)
  }

  /**
   * Hands over one partition's records after the other until send() blocks; then polls again, or
   * leaves the loop where that is asked for.
   */
  #sendAll(): void {
    const producer = this.#producer
    if (producer === null || this.#isPolling || this.#state === 'over') return
    if (this.#workTimer.armed) return
    // WorkerSourceTask.maybeThrowProducerSendException: looked at before anything more is sent.
    if (this.#sendError !== '' && this.#state === 'running') {
      this.fail(`a record could not be sent: ${this.#sendError}`)
      return
    }
    while (!producer.isBlocked) {
      const next = this.#toSend.shift()
      if (next === undefined) {
        if (this.#transformNext()) continue
        break
      }
      const { partition, from, count, target, records } = next
      const tag = this.#submitted.submit(partition, from, count)
      const { payloadBytes, compressionRatio, ids, values } = records
      producer.send(target, { payloadBytes, compressionRatio, ids, values, tag })
    }
    const isDone = this.#toSend.length === 0 && this.#polled.length === 0
    if (producer.isBlocked || this.#workTimer.armed || !isDone) return
    if (this.#state === 'running') this.#poll()
    else this.#leaveLoop()
  }

  /** The thread works on one partition's records; false: there are none, or they take time. */
  #transformNext(): boolean {
    const next = this.#polled.shift()
    if (next === undefined) return false
    const chain = this.#config.transformations
    this.#toSend = chain === undefined ? [next] : [...chain.apply(next)]
    const time = next.count * (chain?.perRecord ?? 0)
    if (time === 0) return true
    this.#workTimer.arm(time)
    return false
  }

  /**
   * Acknowledged records may be committed once nothing before them is open; what failed ends the
   * task or is left out, as errors.tolerance has it.
   */
  onSettled({ tag, skip, ids, baseOffset, outcome, error }: SettledRecords): void {
    if (this.#state === 'over') return
    invariant(tag instanceof Submitted, 'the task alone sends with its producer')
    const count = ids.reduce((sum, range) => sum + range.count, 0)
    if (outcome !== 'ok') {
      this.#sendFailed(tag, skip, count, error)
      return
    }
    const upstream = tag.from + skip
    this.#task?.recordsCopied(tag.partition, upstream, baseOffset, count)
    this.#submitted.ack(tag, skip, count)
  }

  /** A tolerated record counts as copied: the task's position goes past it, and nobody waits. */
  #sendFailed(tag: Submitted, skip: number, count: number, error: string): void {
    const { onPassedOver } = this.#config
    if (onPassedOver === undefined) {
      if (this.#sendError === '') this.#sendError = error
      return
    }
    onPassedOver(count, error)
    this.#submitted.ack(tag, skip, count)
  }

  // ---- offsets ----------------------------------------------------------------------------------

  #updateCommittable(): void {
    for (const [partition, offset] of this.#submitted.takeCommittable()) {
      this.#committable.set(partition, offset)
    }
  }

  /**
   * SourceTask.commit is called also where there is nothing to write: MirrorMaker sends syncs then.
   */
  #commit(onDone: () => void): void {
    const offsets = this.#committable
    this.#committable = new Map()
    if (offsets.size === 0) {
      this.#task?.committed()
      onDone()
      return
    }
    this.#offsets.write(this.#config.connector, offsets, (isWritten) => {
      // The next commit takes them along, or what came after them.
      if (!isWritten) this.#committable = new Map([...offsets, ...this.#committable])
      else if (this.#state !== 'over') this.#task?.committed()
      onDone()
    })
  }

  // ---- the end ----------------------------------------------------------------------------------

  /** A failed task stays until somebody restarts it: nobody does by default. */
  get isFailed(): boolean {
    return this.#isFailed
  }

  /** The task has thrown: what was sent is still waited for and committed, and nothing follows. */
  fail(reason: string): void {
    if (this.#state !== 'running') return
    this.#isFailed = true
    this.#isPolling = false
    this.#config.onFailed?.(reason)
    this.#askToStop()
    this.#leaveLoop()
  }

  /** Whatever the thread stands in comes to its end first: a poll, or a send() that blocks. */
  stop(onStopped: () => void): void {
    if (this.#state === 'over') {
      onStopped()
      return
    }
    this.#onStopped.push(onStopped)
    if (this.#state === 'running') this.#askToStop()
  }

  /** No scheduled commit any more: the last one comes at the end of the loop. */
  #askToStop(): void {
    this.#state = 'stopping'
    this.#cancelCommits()
  }

  /** The last records are on their way: their offsets are waited for, but not for ever. */
  #leaveLoop(): void {
    if (this.#isLeaving) return
    this.#isLeaving = true
    this.#waitTimer.arm(millis(this.#config.offsetFlushTimeoutMs))
    this.#submitted.awaitAll(() => this.#commitFinally())
  }

  /** All is acknowledged, or offset.flush.timeout.ms is over. */
  #commitFinally(): void {
    if (this.#state !== 'stopping') return
    this.#state = 'committing'
    this.#waitTimer.cancel()
    this.#updateCommittable()
    this.#commit(() => {
      if (this.#state === 'committing') this.#task?.close()
      this.#end()
      for (const told of this.#onStopped.splice(0)) told()
    })
  }

  /** What it stands in goes on without anything to show for it. */
  cancel(): void {
    if (this.#state === 'over') return
    if (!this.#isPolling) this.#task?.close()
    this.#end()
  }

  /**
   * Whatever its producer still has is dropped. Kafka gives it up to 30 s, which the worker cuts
   * short after task.shutdown.graceful.timeout.ms.
   */
  #end(): void {
    this.#state = 'over'
    this.#cancelCommits()
    this.#waitTimer.cancel()
    this.#workTimer.cancel()
    this.#producer?.process.memory.delete(this)
    this.#producer?.close(0)
  }

  /** Its submitted records are. */
  assertWhole(): void {
    this.#submitted.assertWhole()
  }
}
