// Claim: how long replication took, by each of four definitions that are in use. They differ in the
// instant from which they count, and one in the instant up to which.
//
// record     from the application's send: MirrorMaker's replication-latency-ms, whose clock starts
//            at the record's timestamp. Holds the produce latency as well.
// log        from the append at the source's leader: the link alone.
// risk       from the acknowledgement: for so long the record would have been lost with its source.
// delivered  from the send to the first delivery by anybody who reads the target.
// All four are over records that arrived; what did not is the recovery point's.

import type { History } from '../../history.ts'
import { createdWithin } from '../created.ts'
import type { LatencyPhases } from '../figures.ts'
import { newPhases, phasePicker, summarize } from '../latency.ts'
import type { LinkLatency } from './judgement.ts'
import type { Path } from './path.ts'
import type { Piece } from './piece.ts'
import { firstSpans } from './spans.ts'

/** Milliseconds, in the phases of latency.ts. What was never copied is in none of the four. */
export function linkLatency(history: History, path: Path): LinkLatency {
  const copied = path.pieces.filter(({ copiedAt }) => Number.isFinite(copiedAt))
  return {
    record: over(history, copied, ({ createdLast, createdFirst, copiedAt }) => [
      copiedAt - createdLast,
      copiedAt - createdFirst,
    ]),
    log: over(history, copied, ({ sourceAt, copiedAt }) => same(copiedAt - sourceAt)),
    risk: over(history, copied, ({ ackedAt, copiedAt }) => same(copiedAt - ackedAt)),
    delivered: deliveredLatency(history, path),
  }
}

/** The shortest and the longest of a piece's latencies; null where it has none. */
type Between = (piece: Piece) => readonly [low: number, high: number] | null

function same(micros: number): readonly [number, number] | null {
  return Number.isFinite(micros) ? [Math.max(0, micros), Math.max(0, micros)] : null
}

function over(history: History, pieces: readonly Piece[], between: Between): LatencyPhases {
  const phases = newPhases()
  const pick = phasePicker(history, phases)
  for (const piece of pieces) {
    const range = between(piece)
    if (range === null) continue
    pick(piece.createdFirst, piece.copiedAt).addRange(range[0], range[1], piece.count)
  }
  return summarize(phases)
}

function deliveredLatency(history: History, { streams, delivered }: Path): LatencyPhases {
  const columns = history.delivered.columnsByName()
  const { at: ats, firstRecordId, count } = columns
  const spans = firstSpans(delivered, firstRecordId, count, (stream) => streams.has(stream))
  const phases = newPhases()
  const pick = phasePicker(history, phases)
  for (const ofStream of spans.values()) {
    for (const { start, end, row } of ofStream) {
      const at = ats[row] ?? 0
      const created = createdWithin(columns, row, start, end)
      pick(created.first, at).addRange(at - created.last, at - created.first, end - start)
    }
  }
  return summarize(phases)
}
