// Kind mm2-kill: the worker is killed and started again: what is doubled at the target, and how
// long the copy stood still.

import { RangeBag } from '../../../../src/check/intervals.ts'
import { SECOND } from '../../../../src/sim/time.ts'
import type { Settings } from '../experiment-parts.ts'
import { DEFAULT_TOLERANCE, type FigureVerdict, judgeFigure } from '../pass-rule.ts'
import { drawSpan } from '../steps.ts'
import { copyOf, endsOf, MirrorRig, producerOf } from './mirror-rig.ts'
import type { MirrorKill } from './schemas.ts'

const PRODUCER = 'producer'
/** After the producer: a worker that waited for its group catches up. */
const AFTERWARDS_S = 60
const FLUSH_DEFAULT_MS = 60_000

interface Doubled {
  readonly duplicates: number
  readonly missing: number
  readonly stalledMs: number
}

export function calibrateMirrorKill(file: MirrorKill, seeds: number): FigureVerdict[] {
  const tolerance = { ...DEFAULT_TOLERANCE, ...file.tolerance }
  const runs = Array.from({ length: seeds }, (_, seed) => simulate(file, seed + 1))
  const real = (pick: 'duplicates' | 'missing' | 'stalled_ms') =>
    file.measured.map((run) => run[pick])
  const of = (pick: keyof Doubled) => runs.map((run) => run[pick])
  return [
    judgeFigure('duplicates', '', 'count', real('duplicates'), of('duplicates'), tolerance),
    judgeFigure('missing', '', 'count', real('missing'), of('missing'), tolerance),
    judgeFigure('stalled_ms', '', 'gap', real('stalled_ms'), of('stalledMs'), tolerance),
  ]
}

function simulate(file: MirrorKill, seed: number): Doubled {
  const { how } = file
  const load = { name: PRODUCER, rate: file.rate_per_s, start: 0, stop: how.producer_seconds }
  // In dedicated mode only a setting with the target's prefix counts: the file's own is what ruled.
  const flush = file.offset_flush_ms
  const worker: Settings = flush === FLUSH_DEFAULT_MS ? {} : { 'offset.flush.interval.ms': flush }
  const producers = [producerOf(file, load)]
  const rig = new MirrorRig(file, { producers, consumers: [], worker }, seed)
  const { simulation } = rig
  const random = simulation.world.random.fork('calibrate')
  const killAt = drawSpan(how.worker_killed_after_producer_start_s, random)
  simulation.advance(Math.round(killAt * SECOND))
  rig.worker.crash()
  const startup = drawSpan(how.process_start_s, random)
  rig.worker.start(Math.round((how.restarted_after_s + startup) * SECOND))
  simulation.advance((how.producer_seconds + AFTERWARDS_S) * SECOND)
  return doubledOf(file, rig)
}

function doubledOf(file: MirrorKill, rig: MirrorRig): Doubled {
  const { history } = rig.simulation
  const copies = rig.partitionsOf(endsOf(file).target, copyOf(file))
  const copied = new RangeBag()
  let [lastAt, longest] = [Number.NaN, 0]
  for (const row of history.appends) {
    if (!copies.has(row.partition)) continue
    copied.add(row.firstRecordId, row.count)
    if (row.at - lastAt > longest) longest = row.at - lastAt
    lastAt = row.at
  }
  const sent = new RangeBag()
  for (const row of history.produced) sent.add(row.firstRecordId, row.count)
  const missing = sent.covered().minus(copied.covered()).size
  return { duplicates: copied.surplus(), missing, stalledMs: longest / 1000 }
}
