// Kind mm2-latency: from send() at the source to poll() at the target, by where the worker runs.

import { RECORDS_PER_STREAM } from '../../../../src/history.ts'
import { SECOND } from '../../../../src/sim/time.ts'
import { World } from '../../../../src/sim/world.ts'
import { numbersIn } from '../case-settings.ts'
import type { Settings } from '../experiment-parts.ts'
import { latenciesOf } from '../figures.ts'
import { type FigureVerdict, judgeLatencies } from '../pass-rule.ts'
import { drawSpan } from '../steps.ts'
import { copyOf, endsOf, MirrorRig, producerOf, regionOf } from './mirror-rig.ts'
import type { MirrorLatency } from './schemas.ts'

const DRAIN_S = 5
const WARM_UP_RATE = 20

type Case = MirrorLatency['cases'][number]
/** What a case says that is no property of MirrorMaker's. */
const OWN_KEYS = [
  'rtt_ms',
  'worker_region',
  'open_records_per_s',
  'measured_ms',
  'each_fifth_record_later_by_ms',
  'p90_of_each_stretch_ms',
  'note',
]

export function calibrateMirrorLatency(file: MirrorLatency, seeds: number): FigureVerdict[] {
  return seriesOf(file).flatMap((series) => {
    const pooled = series.map((): number[] => [])
    for (let seed = 1; seed <= seeds; seed++) {
      for (const [i, found] of simulate(file, series, seed).entries()) pooled[i]?.push(...found)
    }
    return series.flatMap(({ rtt_ms, worker_region, open_records_per_s, measured_ms }, i) => {
      const name = `rtt ${rtt_ms} ms, worker in ${worker_region}, ${open_records_per_s}/s`
      return judgeLatencies(name, measured_ms, () => pooled[i] ?? [])
    })
  })
}

/** Cases that follow one another in the same place: they ran on the same clusters. */
function seriesOf({ cases }: MirrorLatency): Case[][] {
  const series: Case[][] = []
  for (const one of cases) {
    const last = series.at(-1)
    const [before] = last ?? []
    const isSame = before !== undefined && placeOf(before) === placeOf(one)
    if (last !== undefined && isSame) last.push(one)
    else series.push([one])
  }
  return series
}

/** Where a case runs and under which settings, in words that can be compared. */
function placeOf({ rtt_ms, worker_region, ...rest }: Case): string {
  return JSON.stringify([rtt_ms, worker_region, propertiesOf(rest)])
}

function propertiesOf(one: Readonly<Record<string, unknown>>): Settings {
  const properties: Settings = {}
  for (const [name, value] of Object.entries(one)) {
    if (!OWN_KEYS.includes(name)) properties[name] = value as Settings[string]
  }
  return properties
}

/** Latencies of each case of a series: a warm-up, a quiet time, then the records that count. */
function simulate(file: MirrorLatency, series: readonly Case[], seed: number): number[][] {
  const { target } = endsOf(file)
  const warmUp = file.how.warm_up ?? '0 records, then 0 s'
  const [records, quiet] = numbersIn(warmUp, /(\d+) records\D*(\d+) s/, file.name)
  const { seconds, stretches = 1, quiet_s = [quiet, quiet] } = file.how
  const random = new World({ seed: `${seed}` }).random.fork('stretches')
  const length = records / WARM_UP_RATE + Math.max(...[quiet_s].flat()) + seconds + DRAIN_S
  const runs = series.flatMap((one) => Array.from({ length: stretches }, () => one))
  const producers = runs.flatMap(({ open_records_per_s: rate }, i) => {
    const warmUntil = i * length + records / WARM_UP_RATE
    // To the millisecond, as a duration is written.
    const start = Number((warmUntil + drawSpan(quiet_s, random)).toFixed(3))
    const stop = Number((start + seconds).toFixed(3))
    const counted = { name: `case-${i}`, rate, start, stop }
    const warm = { rate: WARM_UP_RATE, start: i * length, stop: warmUntil }
    return records === 0 ? [counted] : [{ name: `warm-up-${i}`, ...warm }, counted]
  })
  const { simulation } = new MirrorRig(
    file,
    {
      rttMs: series[0]?.rtt_ms ?? 0,
      workerRegion: series[0]?.worker_region ?? '',
      properties: propertiesOf(series[0] ?? {}),
      producers: producers.map((load) => producerOf(file, load)),
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
  simulation.advance(Math.ceil(runs.length * length * SECOND))
  const { delivered, streams } = simulation.history
  return series.map((_, i) => {
    const isCounted = (recordId: number) => {
      const name = streams[Math.floor(recordId / RECORDS_PER_STREAM)]?.producer ?? ''
      return name.startsWith('case-') && Math.floor(Number(name.slice(5)) / stretches) === i
    }
    const rows = [...delivered].filter(({ firstRecordId }) => isCounted(firstRecordId))
    return rows.flatMap((row) => latenciesOf({ ...row, doneAt: row.at }))
  })
}
