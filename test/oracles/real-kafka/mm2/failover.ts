// Kind mm2-failover: the source's region goes silent; what was acknowledged there and is not at the
// target is lost to whoever fails over.

import { RangeBag } from '../../../../src/check/intervals.ts'
import { OK } from '../../../../src/history.ts'
import type { Host } from '../../../../src/sim/host.ts'
import { SECOND } from '../../../../src/sim/time.ts'
import { producedBy } from '../figures.ts'
import { DEFAULT_TOLERANCE, type FigureVerdict, judgeFigure } from '../pass-rule.ts'
import { drawSpan } from '../steps.ts'
import { copyOf, endsOf, MirrorRig, producerOf } from './mirror-rig.ts'
import type { MirrorFailover } from './schemas.ts'

const PRODUCER = 'producer'
/** After the cut: whatever was on its way has arrived. */
const AFTERWARDS_S = 15
/** Longer than any cut is late. */
const SENDS_S = 60

interface Lost {
  readonly records: number
  readonly ms: number
}

export function calibrateMirrorFailover(file: MirrorFailover, seeds: number): FigureVerdict[] {
  const tolerance = { ...DEFAULT_TOLERANCE, ...file.tolerance }
  const runs = Array.from({ length: seeds }, (_, seed) => simulate(file, seed + 1))
  const real = (pick: 'lost_of_those' | 'rpo_ms') => file.measured.map((run) => run[pick])
  const lost = runs.map(({ records }) => records)
  const rpo = runs.map(({ ms }) => ms)
  return [
    judgeFigure('lost_of_those', '', 'count', real('lost_of_those'), lost, tolerance),
    judgeFigure('rpo_ms', '', 'time', real('rpo_ms'), rpo, tolerance),
  ]
}

function simulate(file: MirrorFailover, seed: number): Lost {
  const load = { name: PRODUCER, rate: file.open_records_per_s, start: 0, stop: SENDS_S }
  const rig = new MirrorRig(file, { producers: [producerOf(file, load)], consumers: [] }, seed)
  const { simulation } = rig
  const random = simulation.world.random.fork('calibrate')
  const cutAt = Math.round(drawSpan(file.how.cut_after_producer_start_s, random) * SECOND)
  simulation.advance(cutAt)
  for (const { hosts } of file.timeline) isolate(rig, hosts)
  simulation.advance(cutAt + AFTERWARDS_S * SECOND)
  return lostOf(file, rig, cutAt)
}

/** The listed hosts lose every host outside of the list: 'region:r1', or a host's name. */
function isolate({ simulation }: MirrorRig, names: readonly string[]): void {
  const { network } = simulation.world
  const isInside = (host: Host) =>
    names.includes(host.name) || names.includes(`region:${host.zone.region.name}`)
  network.addRule({
    name: 'isolate',
    test: (from, to) => (isInside(from) === isInside(to) ? 'pass' : 'drop'),
  })
}

/** Of what was acknowledged before the cut: how much is not at the target, and since when. */
function lostOf(file: MirrorFailover, rig: MirrorRig, cutAt: number): Lost {
  const { history } = rig.simulation
  const copies = rig.partitionsOf(endsOf(file).target, copyOf(file))
  const there = new RangeBag()
  for (const row of history.appends) {
    if (copies.has(row.partition)) there.add(row.firstRecordId, row.count)
  }
  const arrived = there.covered()
  const acked = producedBy(history, PRODUCER).filter((row) => {
    return row.outcome === OK && row.doneAt <= cutAt
  })
  const missing = acked.filter((row) => arrived.countIn(row.firstRecordId, row.count) < row.count)
  const records = missing.reduce((sum, { firstRecordId, count }) => {
    return sum + count - arrived.countIn(firstRecordId, count)
  }, 0)
  const firstAt = Math.min(cutAt, ...missing.map(({ doneAt }) => doneAt))
  return { records, ms: (cutAt - firstAt) / 1000 }
}
