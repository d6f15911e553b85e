import type { ProducerEntry } from '../../../../src/kafka/log/producer-entry.ts'
import {
  type AppendOrigin,
  type EndTxnMarker,
  type ProducerBatch,
  ProducerStateManager,
} from '../../../../src/kafka/log/producer-state.ts'
import { compareAnswer, type Json, type JsonObject, type Outcome } from '../compare.ts'
import { flag, MalformedVector, num, objects, str, strOr } from '../fields.ts'

const EXPIRATION_MS = 1000
/** Answered after every operation, recorded where the harness asked. */
const ALWAYS_ASKED = ['logEndOffset', 'firstUnstableOffset']

/** What lies in the log: enough to read it again after a truncation. */
type Logged = { readonly offset: number; readonly end: number; readonly time: number } & (
  | { readonly batch: ProducerBatch }
  | { readonly marker: EndTxnMarker }
)

/** One partition's log with its producer state, asked in the order in which a log asks. */
class Harness {
  readonly state = new ProducerStateManager(EXPIRATION_MS)
  #log: Logged[] = []
  #logStart = 0
  #logEnd = 0
  #now = 0

  run(op: JsonObject): JsonObject {
    const answer = this.#apply(op)
    return {
      ...answer,
      logEndOffset: this.#logEnd,
      firstUnstableOffset: this.state.firstUnstableOffset() ?? null,
    }
  }

  #apply(op: JsonObject): JsonObject {
    switch (str(op, 'op')) {
      case 'startAt':
        this.#logStart = this.#logEnd = num(op, 'offset')
        this.state.truncateFullyAndStartAt(this.#logEnd)
        return {}
      case 'append':
        return this.#append(op)
      case 'marker':
        return this.#marker(op)
      case 'highWatermark':
        this.state.onHighWatermarkUpdated(num(op, 'offset'))
        return {}
      case 'truncate':
        return this.#truncate(num(op, 'to'))
      case 'time':
        this.#now = num(op, 'now')
        return {}
      case 'expire':
        this.state.removeExpiredProducers(num(op, 'now'))
        return { producers: this.#producers() }
      default:
        throw new MalformedVector(`unknown op '${str(op, 'op')}'`)
    }
  }

  #append(op: JsonObject): JsonObject {
    const batch: ProducerBatch = {
      producerId: num(op, 'producerId'),
      producerEpoch: num(op, 'epoch'),
      baseSequence: num(op, 'baseSequence'),
      count: num(op, 'records'),
      isTransactional: flag(op, 'transactional'),
    }
    const offset = num(op, 'offset')
    const origin = originOf(op, 'client')
    const duplicate = origin === 'client' ? this.state.findDuplicate(batch) : undefined
    if (duplicate !== undefined) {
      return { result: 'DUPLICATE', firstAt: duplicate.firstOffset, producer: null }
    }
    const error = this.state.append(batch, offset, this.#now, origin)
    if (error === 'NONE') {
      this.#extend({ batch, offset, end: offset + batch.count, time: this.#now })
    }
    return { result: okOr(error), producer: this.#producer(batch.producerId) }
  }

  #marker(op: JsonObject): JsonObject {
    const type = str(op, 'type')
    if (type !== 'COMMIT' && type !== 'ABORT') throw new MalformedVector(`marker type '${type}'`)
    const marker: EndTxnMarker = {
      producerId: num(op, 'producerId'),
      producerEpoch: num(op, 'epoch'),
      coordinatorEpoch: num(op, 'coordinatorEpoch'),
      type,
    }
    const offset = num(op, 'offset')
    const done = this.state.appendMarker(marker, offset, this.#now, originOf(op, 'coordinator'))
    let completedTxn: Json = null
    if (done.completedTxn !== null) {
      const { firstOffset, lastOffset, isAborted } = done.completedTxn
      const lastStableOffset = this.state.lastStableOffset(done.completedTxn)
      completedTxn = { firstOffset, lastOffset, aborted: isAborted, lastStableOffset }
      this.state.completeTxn(done.completedTxn)
    }
    if (done.error === 'NONE') this.#extend({ marker, offset, end: offset + 1, time: this.#now })
    return {
      result: okOr(done.error),
      completedTxn,
      producer: this.#producer(marker.producerId),
    }
  }

  #truncate(to: number): JsonObject {
    this.#log = this.#log.filter((entry) => entry.end <= to)
    this.#logEnd = to
    if (this.state.truncateAndReload(this.#logStart, to)) {
      for (const entry of this.#log) this.#readAgain(entry)
      this.state.updateMapEndOffset(to)
    }
    return { producers: this.#producers() }
  }

  #readAgain(entry: Logged): void {
    if ('batch' in entry) {
      this.state.append(entry.batch, entry.offset, entry.time, 'replication')
      return
    }
    const done = this.state.appendMarker(entry.marker, entry.offset, entry.time, 'replication')
    if (done.completedTxn !== null) this.state.completeTxn(done.completedTxn)
  }

  #extend(entry: Logged): void {
    this.#log.push(entry)
    this.#logEnd = entry.end
    this.state.updateMapEndOffset(entry.end)
  }

  #producer(id: number): Json {
    const entry = this.state.entry(id)
    return entry === undefined ? null : producerJson(entry)
  }

  #producers(): JsonObject {
    const all: JsonObject = {}
    for (const entry of this.state.entries()) all[entry.producerId] = producerJson(entry)
    return all
  }
}

function okOr(error: string): string {
  return error === 'NONE' ? 'OK' : error
}

function originOf(op: JsonObject, otherwise: AppendOrigin): AppendOrigin {
  const origin = strOr(op, 'origin', otherwise)
  if (origin === 'client' || origin === 'coordinator' || origin === 'replication') return origin
  throw new MalformedVector(`unknown origin '${origin}'`)
}

function producerJson(entry: Readonly<ProducerEntry>): Json {
  return {
    epoch: entry.epoch,
    batches: entry.batches.map((b) => [
      b.firstSequence,
      b.lastSequence,
      b.firstOffset,
      b.lastOffset,
    ]),
    txnFirstOffset: entry.txnFirstOffset ?? null,
    coordinatorEpoch: entry.coordinatorEpoch,
  }
}

/** One log, its operations in order; every recorded field after each. */
export function replayProducerState(goldenCase: JsonObject): Outcome {
  const harness = new Harness()
  for (const [i, op] of objects(goldenCase, 'ops').entries()) {
    const path = `ops[${i}] ${str(op, 'op')}`
    const difference = compareAnswer(path, op, harness.run(op), ALWAYS_ASKED)
    if (difference !== null) return difference
  }
  return null
}
