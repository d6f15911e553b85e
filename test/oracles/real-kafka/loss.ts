// Kind loss: one record at a time over links that lose or delay packets.

import { OK } from '../../../src/history.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { CaseRig, caseName, leaderRegion, usualPartition } from './case-rig.ts'
import type { LossExperiment } from './case-schemas.ts'
import { CLIENT_HABIT, caseSettings, numbersIn, settingsInProse } from './case-settings.ts'
import { latenciesOf, producedOf } from './figures.ts'
import {
  type FigureVerdict,
  judgePercentile,
  judgeRatio,
  judgeValue,
  P50_LIMITS,
  pooledOver,
} from './pass-rule.ts'
import { quantile } from './quantile.ts'

const P90_LIMITS = { ms: 0, relative: 0.4 }
const MEAN_LIMIT = 0.2
const P99_FACTOR = 2
/** Longest that one record of the loop may take, seconds. */
const PATIENCE_S = 20

type Case = LossExperiment['cases'][number]

export function calibrateLoss(file: LossExperiment, seeds: number): FigureVerdict[] {
  return file.cases.flatMap((one) => {
    const pooled = pooledOver(seeds, (seed) => simulate(file, one, seed)).sort((a, b) => a - b)
    const real = one.measured_ms
    const name = caseName(one)
    const mean = pooled.reduce((sum, ms) => sum + ms, 0) / pooled.length
    return [
      judgePercentile('p50', name, real.p50, pooled, 0.5, P50_LIMITS),
      judgePercentile('p90', name, real.p90, pooled, 0.9, P90_LIMITS),
      judgeRatio('p99', name, real.p99, quantile(pooled, 0.99), P99_FACTOR),
      judgeValue('mean', name, real.mean, mean, MEAN_LIMIT * real.mean),
    ]
  })
}

function simulate(file: LossExperiment, one: Case, seed: number): number[] {
  const { broker, producer } = caseSettings(one, [], file.name)
  const cases = new CaseRig(file, { network: one, broker, packetBytes: null }, seed)
  const { rig, partitions } = cases
  const { acks, config } = file.producer ?? {}
  const [records, leftOut] = countsOf(file, one)
  cases.addProducer({
    name: 'producer',
    region: one.client_region ?? file.producer?.region ?? leaderRegion(file),
    partition: usualPartition(file),
    load: { kind: 'closed', inFlight: 1, thinkTime: 0 },
    recordBytes: one.record_bytes ?? file.producer?.record_bytes ?? file.how?.record_bytes,
    startsAfter: 0,
    seconds: records * PATIENCE_S,
    config: {
      ...CLIENT_HABIT,
      ...settingsInProse('producer', file.claim ?? ''),
      ...(acks === undefined ? {} : { acks }),
      ...config,
      ...producer,
    },
  })
  const { produced } = rig.simulation.history
  rig.wait('the last record', () => produced.length >= records, records * PATIENCE_S * SECOND)
  return producedOf(rig.simulation.history, new Set(partitions))
    .filter((row) => row.outcome === OK)
    .slice(0, records)
    .flatMap(latenciesOf)
    .slice(leftOut)
}

/** How many records are sent, and how many of the first are not counted. */
function countsOf({ how, name }: LossExperiment, one: Case): readonly number[] {
  if (how?.closed === undefined) return [one.measured_ms.n, 0]
  return numbersIn(how.closed, /(\d+) records, the first (\d+) left out/, name)
}
