// Kind mm2-latency: from send() at the source to poll() at the target, by where the worker runs.

import { RECORDS_PER_STREAM } from '../../../../src/history.ts'
import { SECOND } from '../../../../src/sim/time.ts'
import { numbersIn } from '../case-settings.ts'
import { latenciesOf } from '../figures.ts'
import { type FigureVerdict, judgeLatencies, pooledOver } from '../pass-rule.ts'
import { copyOf, endsOf, MirrorRig, producerOf, regionOf } from './mirror-rig.ts'
import type { MirrorLatency } from './schemas.ts'

const DRAIN_S = 5
const WARM_UP_RATE = 20
const PRODUCER = 'counted'

type Case = MirrorLatency['cases'][number]

export function calibrateMirrorLatency(file: MirrorLatency, seeds: number): FigureVerdict[] {
  return file.cases.flatMap((one) => {
    const { rtt_ms, worker_region, open_records_per_s } = one
    const name = `rtt ${rtt_ms} ms, worker in ${worker_region}, ${open_records_per_s}/s`
    return judgeLatencies(name, one.measured_ms, () =>
      pooledOver(seeds, (seed) => simulate(file, one, seed)),
    )
  })
}

/** Clusters of its own for each case: a warm-up, a quiet time, then the records that count. */
function simulate(file: MirrorLatency, one: Case, seed: number): number[] {
  const { target } = endsOf(file)
  const warmUp = file.how.warm_up ?? '0 records, then 0 s'
  const [records, quiet] = numbersIn(warmUp, /(\d+) records\D*(\d+) s/, file.name)
  const start = records / WARM_UP_RATE + quiet
  const stop = start + file.how.seconds
  const warm = { name: 'warm-up', rate: WARM_UP_RATE, start: 0, stop: start - quiet }
  const counted = { name: PRODUCER, rate: one.open_records_per_s, start, stop }
  const loads = records > 0 ? [warm, counted] : [counted]
  const { simulation } = new MirrorRig(
    file,
    {
      rttMs: one.rtt_ms,
      workerRegion: one.worker_region,
      producers: loads.map((load) => producerOf(file, load)),
      consumers: [
        {
          ...{ name: 'reader', cluster: target, region: regionOf(file, target) },
          topic: copyOf(file),
          config: { 'auto.offset.reset': 'earliest' },
        },
      ],
    },
    seed,
  )
  simulation.advance((stop + DRAIN_S) * SECOND)
  const { delivered, streams } = simulation.history
  const isCounted = (recordId: number) =>
    streams[Math.floor(recordId / RECORDS_PER_STREAM)]?.producer === PRODUCER
  const rows = [...delivered].filter(({ firstRecordId }) => isCounted(firstRecordId))
  return rows.flatMap((row) => latenciesOf({ ...row, doneAt: row.at }))
}
