// Kind throughput: producers beside the leader send as fast as they can.

import { OK } from '../../../src/history.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { CaseRig, caseName, leaderRegion, usualPartition } from './case-rig.ts'
import type { ThroughputExperiment } from './case-schemas.ts'
import { caseSettings, numbersIn, settingsInProse } from './case-settings.ts'
import type { Settings } from './experiment-parts.ts'
import { producedOf } from './figures.ts'
import { type FigureVerdict, judgeValue } from './pass-rule.ts'
import { quantile } from './quantile.ts'

/** How far off a rate may be, and how far where the batches exceed a TCP window of this size. */
const LIMIT = 0.15
const WINDOW_LIMIT = 0.4
const WINDOW_BYTES = 65_536
const MEGABYTE = 1_048_576
const MS_PER_SECOND = 1000

type Case = ThroughputExperiment['cases'][number]
const OWN_KEYS = ['producers']

export function calibrateThroughput(file: ThroughputExperiment, seeds: number): FigureVerdict[] {
  return file.cases.map((one) => {
    const rates: number[] = []
    for (let seed = 1; seed <= seeds; seed++) rates.push(simulate(file, one, seed))
    rates.sort((a, b) => a - b)
    const real = one.measured.records_per_s
    const isWindow = Number(producerSettings(file, one)['batch.size'] ?? 0) > WINDOW_BYTES
    const tolerance = (isWindow ? WINDOW_LIMIT : LIMIT) * real
    return judgeValue('records_per_s', caseName(one), real, quantile(rates, 0.5), tolerance)
  })
}

/** The file's `how` in numbers. */
function howOf({ name, how }: ThroughputExperiment) {
  const [rate, megabytes] = numbersIn(how.offered, /([\d,]+)\/s, buffer\.memory (\d+) MB/, name)
  const [from, to] = numbersIn(how.counted, /from (\d+) to (\d+) s after the first ack/, name)
  const [packet] = how.packets === undefined ? [] : numbersIn(how.packets, /([\d,]+) bytes/, name)
  return { rate, bufferBytes: megabytes * MEGABYTE, from, to, packetBytes: packet ?? null }
}

function producerSettings(file: ThroughputExperiment, one: Case): Settings {
  const { acks, config } = file.producer ?? {}
  return {
    ...settingsInProse('producer', file.claim ?? ''),
    ...(acks === undefined ? {} : { acks }),
    'buffer.memory': howOf(file).bufferBytes,
    ...config,
    ...caseSettings(one, OWN_KEYS, file.name).producer,
  }
}

/** Records acknowledged a second in the window that the file counts. */
function simulate(file: ThroughputExperiment, one: Case, seed: number): number {
  const { rate, from, to, packetBytes } = howOf(file)
  const { broker } = caseSettings(one, OWN_KEYS, file.name)
  const cases = new CaseRig(file, { network: one, broker, packetBytes }, seed)
  const { rig, partitions } = cases
  const region = one.client_region ?? file.producer?.region ?? leaderRegion(file)
  for (let i = 0; i < one.producers; i++) {
    cases.addProducer({
      name: `producer-${i}`,
      region,
      partition: usualPartition(file),
      load: { kind: 'open', steps: [{ at: rig.now, recordsPerSecond: rate }] },
      recordBytes: one.record_bytes ?? file.producer?.record_bytes,
      startsAfter: 0,
      seconds: file.how.seconds,
      config: producerSettings(file, one),
    })
  }
  rig.run(rig.now + (file.how.seconds + to) * SECOND)
  const acked = producedOf(rig.simulation.history, new Set(partitions)).filter(
    (row) => row.outcome === OK,
  )
  const start = (acked[0]?.doneAt ?? 0) / MS_PER_SECOND
  const isCounted = (doneAt: number) => {
    const ms = doneAt / MS_PER_SECOND - start
    return ms >= from * MS_PER_SECOND && ms < to * MS_PER_SECOND
  }
  const records = acked.reduce((sum, row) => sum + (isCounted(row.doneAt) ? row.count : 0), 0)
  return records / (to - from)
}
