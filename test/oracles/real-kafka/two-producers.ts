// Kind two-producers: several producers at once on partitions with the same leader and followers.

import { OK } from '../../../src/history.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { CaseRig, leaderRegion } from './case-rig.ts'
import type { TwoProducersExperiment } from './case-schemas.ts'
import { CLIENT_HABIT, caseSettings, numbersIn, settingsInProse } from './case-settings.ts'
import { ExperimentError } from './experiment-parts.ts'
import { latenciesOf, producedBy } from './figures.ts'
import { type FigureVerdict, judgeLatencies } from './pass-rule.ts'

const DRAIN = 5 * SECOND

type Case = TwoProducersExperiment['cases'][number]
const OWN_KEYS = ['who', 'partition', 'open_records_per_s']

export function calibrateTwoProducers(
  file: TwoProducersExperiment,
  seeds: number,
): FigureVerdict[] {
  const pooled = new Map<string, number[]>()
  for (let seed = 1; seed <= seeds; seed++) {
    for (const [who, ms] of simulate(file, seed)) {
      pooled.set(who, (pooled.get(who) ?? []).concat(ms))
    }
  }
  return file.cases.flatMap((one) =>
    judgeLatencies(nameOf(one), one.measured_ms, () => pooled.get(one.who) ?? []),
  )
}

function nameOf({ who, acks, open_records_per_s: rate }: Case): string {
  return `${who}, acks ${acks ?? 'default'}, ${rate}/s`
}

/** Latencies by producer; all of them run on one cluster. */
function simulate(file: TwoProducersExperiment, seed: number): Map<string, number[]> {
  const settings = file.cases.map((one) => caseSettings(one, OWN_KEYS, file.name))
  const broker = Object.assign({}, ...settings.map((of) => of.broker))
  const cases = new CaseRig(file, { network: {}, broker, packetBytes: null }, seed)
  const { rig } = cases
  const [leftOut] = numbersIn(file.how.left_out, /the first (\d+) records of each/, file.name)
  for (const [i, one] of file.cases.entries()) {
    cases.addProducer({
      name: one.who,
      region: one.client_region ?? file.producer?.region ?? leaderRegion(file),
      partition: one.partition,
      load: {
        kind: 'open',
        steps: [{ at: 0, recordsPerSecond: one.open_records_per_s }],
      },
      recordBytes: one.record_bytes ?? file.producer?.record_bytes,
      startsAfter: timeOf(file, 'starts_at_s', one.who),
      seconds: timeOf(file, 'seconds', one.who),
      config: {
        ...CLIENT_HABIT,
        ...settingsInProse('producer', file.claim ?? ''),
        ...(file.producer?.acks === undefined ? {} : { acks: file.producer.acks }),
        ...file.producer?.config,
        ...settings[i].producer,
      },
    })
  }
  const ends = file.cases.map(
    ({ who }) => timeOf(file, 'starts_at_s', who) + timeOf(file, 'seconds', who),
  )
  rig.run(rig.now + Math.max(...ends) * SECOND + DRAIN)
  return new Map(
    file.cases.map(({ who }) => {
      const acked = producedBy(rig.simulation.history, who).filter((row) => row.outcome === OK)
      return [who, acked.flatMap(latenciesOf).slice(leftOut)] as const
    }),
  )
}

function timeOf(
  file: TwoProducersExperiment,
  what: 'starts_at_s' | 'seconds',
  who: string,
): number {
  const seconds = file.how[what][who]
  if (seconds === undefined) throw new ExperimentError(`${file.name}: how.${what} has no ${who}`)
  return seconds
}
