// Records what clients sent, were told and read.

import { FAIL, type History, OK, PENDING, RECORDS_PER_STREAM, UNKNOWN } from '../../history.ts'
import type { Producer } from '../../kafka/clients/producer.ts'
import type {
  ProduceError,
  ProduceOutcome,
  ProducerObserver,
} from '../../kafka/clients/producer-observer.ts'
import type { KafkaError } from '../../kafka/errors.ts'
import type { Offset, PartitionIndex, RecordId } from '../../kafka/ids.ts'
import type { Micros } from '../../sim/time.ts'
import type { Causes } from './causes.ts'
import type { Clock } from './clock.ts'
import { isRefusal } from './refusals.ts'

const OUTCOMES = { ok: OK, fail: FAIL, unknown: UNKNOWN } as const

/** A record that waited this long, while nothing was acknowledged, is worth a line in the story. */
const PAUSE: Micros = 2_000_000

/** History of one producer. */
export class ProducerRecorder implements ProducerObserver {
  readonly #history: History
  readonly #causes: Causes
  readonly #name: string
  readonly #clock: Clock
  readonly #lastAckAt: (Micros | undefined)[] = []
  readonly #told = new Set<string>()
  /** Told of every acknowledgement. */
  onServed: () => void = () => {}
  #producer: Pick<Producer, 'unfinished'> | null = null

  constructor(history: History, causes: Causes, name: string, clock: Clock) {
    this.#history = history
    this.#causes = causes
    this.#name = name
    this.#clock = clock
  }

  onBatchDone(
    partition: PartitionIndex,
    firstRecordId: RecordId,
    count: number,
    bytes: number,
    createdFirst: Micros,
    createdLast: Micros,
    outcome: ProduceOutcome,
    error: ProduceError,
    baseOffset: Offset,
    attempts: number,
  ): void {
    const history = this.#history
    if (outcome === 'ok') this.onServed()
    if (outcome === 'ok') this.#acknowledged(partition, this.#clock.of(createdFirst))
    history.produced.push({
      stream: Math.floor(firstRecordId / RECORDS_PER_STREAM),
      partition,
      firstRecordId,
      count,
      bytes,
      createdFirst: this.#clock.of(createdFirst),
      createdLast: this.#clock.of(createdLast),
      doneAt: this.#clock.now(),
      outcome: OUTCOMES[outcome],
      error: error === 'NONE' ? -1 : history.names.id(error),
      baseOffset,
      attempts,
    })
    if (outcome !== 'ok') this.#tell(partition, error, `gives up on records: ${error}`)
  }

  onError(
    partition: PartitionIndex,
    _firstRecordId: RecordId,
    _count: number,
    error: KafkaError,
  ): void {
    this.#tell(partition, error, `${error} from ${this.#history.partitionName(partition)}`)
  }

  /** Follows an incarnation of its producer. */
  follow(producer: Pick<Producer, 'unfinished'>): void {
    this.#producer = producer
  }

  /** The run, or the process, is over: what was handed over and has no fate stays undecided. */
  close(): void {
    for (const batch of this.#producer?.unfinished() ?? []) {
      const { partition, firstRecordId, count, bytes, createdFirst, createdLast } = batch
      this.#history.produced.push({
        stream: Math.floor(firstRecordId / RECORDS_PER_STREAM),
        partition,
        firstRecordId,
        count,
        bytes,
        createdFirst: this.#clock.of(createdFirst),
        createdLast: this.#clock.of(createdLast),
        doneAt: this.#clock.now(),
        outcome: PENDING,
        error: -1,
        baseOffset: -1,
        attempts: batch.attempts,
      })
    }
    this.#producer = null
  }

  /** The first error of its kind since the last acknowledgement is a line; the others are rows. */
  #tell(partition: PartitionIndex, error: string, text: string): void {
    const history = this.#history
    const at = this.#clock.now()
    const client = history.names.id(this.#name)
    const key = `${partition}/${error}`
    let event = -1
    if (!this.#told.has(key)) {
      this.#told.add(key)
      const actor = `producer ${this.#name}`
      event = history.event({ at, actor, text, partition, ...this.#kindOf(partition, error) })
    }
    history.clientErrors.push({ client, error: history.names.id(error), partition, at, event })
  }

  #kindOf(partition: PartitionIndex, error: string) {
    if (isRefusal(error)) {
      return { kind: 'unauthorized', cause: this.#causes.ofRefusal(), values: { error } }
    }
    return { kind: 'client-error', cause: this.#causes.ofPartition(partition, []) }
  }

  #acknowledged(partition: PartitionIndex, created: Micros): void {
    const at = this.#clock.now()
    const before = this.#lastAckAt[partition]
    this.#lastAckAt[partition] = at
    if (this.#told.size > 0) this.#told.clear()
    const waitedSince = Math.max(before ?? created, created)
    if (at - waitedSince < PAUSE || this.#causes.fault < 0) return
    const seconds = ((at - waitedSince) / 1_000_000).toFixed(1)
    const name = this.#history.partitionName(partition)
    this.#history.event({
      at,
      actor: `producer ${this.#name}`,
      kind: 'produce-resumed',
      text: `first acknowledgement from ${name} after ${seconds} s`,
      cause: this.#causes.ofPartition(partition, []),
      partition,
      values: { pauseMs: (at - waitedSince) / 1000 },
    })
  }
}
