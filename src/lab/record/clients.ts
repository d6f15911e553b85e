// Records what clients sent, were told and read.

import { FAIL, type History, OK, PENDING, RECORDS_PER_STREAM, UNKNOWN } from '../../history.ts'
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

const OUTCOMES = { ok: OK, fail: FAIL, unknown: UNKNOWN } as const

/** A record that waited this long, while nothing was acknowledged, is worth a line in the story. */
const PAUSE: Micros = 2_000_000

/** A batch that has been sent and has met no fate yet. */
interface OpenBatch {
  /** Number of the sending among all of this producer's. */
  readonly order: number
  readonly partition: PartitionIndex
  readonly firstRecordId: RecordId
  readonly count: number
  readonly bytes: number
  readonly createdFirst: Micros
  readonly createdLast: Micros
  attempts: number
}

/** History of one producer. */
export class ProducerRecorder implements ProducerObserver {
  readonly #history: History
  readonly #causes: Causes
  readonly #name: string
  readonly #clock: Clock
  /** By partition; few at a time, so that a scan finds one sooner than a hash. */
  readonly #open: OpenBatch[][] = []
  #sent = 0
  readonly #lastAckAt: (Micros | undefined)[] = []
  readonly #told = new Set<string>()

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
    this.#close(partition, firstRecordId)
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

  onSent(
    partition: PartitionIndex,
    firstRecordId: RecordId,
    count: number,
    bytes: number,
    createdFirst: Micros,
    createdLast: Micros,
    attempts: number,
  ): void {
    let open = this.#open[partition]
    if (open === undefined) {
      open = []
      this.#open[partition] = open
    }
    const known = open[placeOf(open, firstRecordId)]
    if (known !== undefined) {
      known.attempts = attempts
      return
    }
    open.push({
      order: this.#sent++,
      partition,
      firstRecordId,
      count,
      bytes,
      createdFirst,
      createdLast,
      attempts,
    })
  }

  #close(partition: PartitionIndex, firstRecordId: RecordId): void {
    const open = this.#open[partition]
    if (open === undefined) return
    const place = placeOf(open, firstRecordId)
    if (place === 0) open.shift()
    else if (place > 0) open.splice(place, 1)
  }

  onError(
    partition: PartitionIndex,
    _firstRecordId: RecordId,
    _count: number,
    error: KafkaError,
  ): void {
    this.#tell(partition, error, `${error} from ${this.#history.partitionName(partition)}`)
  }

  /** The run, or the process, is over: what is still open stays undecided. */
  close(): void {
    const undecided = this.#open.flat().sort((a, b) => a.order - b.order)
    for (const batch of undecided) {
      this.#history.produced.push({
        ...batch,
        createdFirst: this.#clock.of(batch.createdFirst),
        createdLast: this.#clock.of(batch.createdLast),
        stream: Math.floor(batch.firstRecordId / RECORDS_PER_STREAM),
        doneAt: this.#clock.now(),
        outcome: PENDING,
        error: -1,
        baseOffset: -1,
      })
    }
    this.#open.length = 0
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
      const cause = this.#causes.ofPartition(partition, [])
      const actor = `producer ${this.#name}`
      event = history.event({ at, actor, kind: 'client-error', text, cause, partition })
    }
    history.clientErrors.push({ client, error: history.names.id(error), partition, at, event })
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

/** Where the batch stands in the list; -1 where it does not. */
function placeOf(open: readonly OpenBatch[], firstRecordId: RecordId): number {
  for (let i = 0; i < open.length; i++) if (open[i]?.firstRecordId === firstRecordId) return i
  return -1
}
