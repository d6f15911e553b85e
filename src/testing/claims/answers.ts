import type { ProducedRow } from '../../history/facts.ts'
import { type History, PENDING } from '../../history.ts'
import type { ProducerSpec } from '../../scenario/model.ts'
import { type ObservedRun, producerOf } from '../observed-run.ts'
import type { Claim } from './claim.ts'

/** From a timer to what it does. */
const GRACE_MS = 1_000
/** One contradiction is enough to look at. */
const SHOWN_MAX = 2

/** Liveness of a producer: nobody waits for ever. */
export const everySendIsAnswered: Claim = {
  name: 'every-send-is-answered',
  says: 'with a producer id every record is acknowledged or given up by delivery.timeout.ms',
  check(run) {
    if (stoodStill(run)) return null
    const heardAt = firstHeardAt(run.history)
    const late: string[] = []
    for (const row of run.history.produced) {
      const spec = producerOf(run, row.stream)
      const limit = limitMs(spec)
      const waited = (row.doneAt - row.createdFirst) / 1_000
      if (waited <= limit) continue
      // Kafka's Sender looks at no batch, not even to expire it, before it has its producer id.
      const isFirst = row.doneAt <= (heardAt.get(processOf(run.history, row.stream)) ?? row.doneAt)
      const isWithoutId = isFirst && (row.attempts === 0 || isSentAndExpired(run.history, row))
      if (spec.config['enable.idempotence'] && isWithoutId) continue
      const end = row.outcome === PENDING ? 'is still open' : 'was answered'
      late.push(`a batch of ${spec.name} ${end} after ${waited} ms, at most ${limit} are allowed`)
      if (late.length === SHOWN_MAX) break
    }
    return late
  },
}

/**
 * Batches expire from the front. One in flight may stand behind a younger one until that is
 * answered; and retries without sequence numbers come back in any order, so that one may wait for
 * the end of a younger one.
 */
function limitMs({ config }: ProducerSpec): number {
  const delivery = config['delivery.timeout.ms']
  const isOrdered =
    config['enable.idempotence'] || config['max.in.flight.requests.per.connection'] === 1
  const queued = isOrdered ? delivery : 2 * delivery
  return Math.max(queued + config['request.timeout.ms'], config['max.block.ms']) + GRACE_MS
}

/** The look that sends a batch for the first time finds it expired: what arrives comes later. */
function isSentAndExpired({ appends }: History, row: ProducedRow): boolean {
  if (row.attempts > 1) return false
  return ![...appends].some(
    ({ firstRecordId, at }) => firstRecordId === row.firstRecordId && at <= row.doneAt,
  )
}

/** By process of a producer: when something that it had sent was first over, if anything was. */
function firstHeardAt(history: History): Map<string, number> {
  const heardAt = new Map<string, number>()
  for (const { stream, attempts, doneAt } of history.produced) {
    const process = processOf(history, stream)
    if (attempts > 0) heardAt.set(process, Math.min(heardAt.get(process) ?? doneAt, doneAt))
  }
  return heardAt
}

/** One that is started again has to ask for its producer id again. */
function processOf({ streams }: History, stream: number): string {
  const { producer, incarnation = 0 } = streams[stream] ?? {}
  return `${producer}/${incarnation}`
}

/** A producer that was paused answers nobody meanwhile. */
function stoodStill({ history, scenario }: ObservedRun): boolean {
  const pauses = history.faults.filter(({ kind }) => kind === 'pause')
  const names = [...scenario.producers.map(({ name }) => name), 'region', ' more']
  return pauses.some(({ target }) => names.some((name) => target.includes(name)))
}
