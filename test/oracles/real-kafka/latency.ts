// Kind latency: produce latency by round trip, acks, place and load, no fault.

import { OK } from '../../../src/history.ts'
import type { Load } from '../../../src/scenario/model.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { CaseRig, caseName, leaderRegion, usualPartition } from './case-rig.ts'
import type { LatencyExperiment } from './case-schemas.ts'
import { CLIENT_HABIT, caseSettings, numbersIn, settingsInProse } from './case-settings.ts'
import { ExperimentError, type Settings } from './experiment-parts.ts'
import { latenciesOf, producedOf } from './figures.ts'
import { type FigureVerdict, judgeLatencies, pooledOver } from './pass-rule.ts'

const DRAIN = 5 * SECOND
/** Longest that one record of a closed loop may take, seconds. */
const PATIENCE_S = 20

type Case = LatencyExperiment['cases'][number]

export function calibrateLatency(file: LatencyExperiment, seeds: number): FigureVerdict[] {
  return file.cases.flatMap((one) =>
    judgeLatencies(nameOf(one), one.measured_ms, () =>
      pooledOver(seeds, (seed) => simulate(file, one, seed)),
    ),
  )
}

function nameOf({ load, ...one }: Case): string {
  const pace = 'closed' in load ? 'one at a time' : `${load.open_records_per_s}/s`
  return `${caseName(one)}, ${pace}`
}

/** A cluster a case. */
function simulate(file: LatencyExperiment, one: Case, seed: number): number[] {
  const { broker } = caseSettings(one, ['load'], file.name)
  const cases = new CaseRig(file, { network: one, broker, packetBytes: null }, seed)
  return 'closed' in one.load ? oneAtATime(file, one, cases) : onSchedule(file, one, cases)
}

function oneAtATime(file: LatencyExperiment, one: Case, cases: CaseRig): number[] {
  const pattern = /(\d+) records, the first (\d+) left out/
  const [records, leftOut] = numbersIn(told(file, 'closed'), pattern, file.name)
  const { rig } = cases
  const load: Load = { kind: 'closed', inFlight: 1, thinkTime: 0 }
  addProducer(file, one, cases, load, records * PATIENCE_S)
  const { produced } = rig.simulation.history
  rig.wait('the last record', () => produced.length >= records, records * PATIENCE_S * SECOND)
  return latencies(cases).slice(leftOut, records)
}

function onSchedule(file: LatencyExperiment, one: Case, cases: CaseRig): number[] {
  const { rig } = cases
  const rate = 'closed' in one.load ? 0 : one.load.open_records_per_s
  const pattern = /(\d+) s, the first quarter of the records left out/
  const [seconds] = numbersIn(told(file, 'open'), pattern, file.name)
  const load: Load = { kind: 'open', steps: [{ at: rig.now, recordsPerSecond: rate }] }
  addProducer(file, one, cases, load, seconds)
  rig.run(rig.now + seconds * SECOND + DRAIN)
  const all = latencies(cases)
  return all.slice(Math.floor(all.length / 4))
}

function latencies({ rig, partitions }: CaseRig): number[] {
  const rows = producedOf(rig.simulation.history, new Set(partitions))
  return rows.filter((row) => row.outcome === OK).flatMap(latenciesOf)
}

function told({ name, how }: LatencyExperiment, what: 'closed' | 'open'): string {
  const sentence = how[what]
  if (sentence === undefined) throw new ExperimentError(`${name}: how has no "${what}"`)
  return sentence
}

function addProducer(
  file: LatencyExperiment,
  one: Case,
  cases: CaseRig,
  load: Load,
  seconds: number,
): void {
  const { how, producer } = file
  cases.addProducer({
    name: 'producer',
    region: one.client_region ?? producer?.region ?? leaderRegion(file),
    partition: how.partition ?? usualPartition(file),
    load,
    recordBytes: one.record_bytes ?? producer?.record_bytes ?? how.record_bytes,
    startsAfter: 0,
    seconds,
    config: { ...habits(file), ...caseSettings(one, ['load'], file.name).producer },
  })
}

/** Settings of all cases: the claim's, then those of `how`, then the file's. */
function habits({ name, claim, how, producer }: LatencyExperiment): Settings {
  const { client, closed, open, key, partition, ...others } = how
  return {
    ...CLIENT_HABIT,
    ...settingsInProse('producer', claim ?? ''),
    ...caseSettings(others, [], name).producer,
    ...(producer?.acks === undefined ? {} : { acks: producer.acks }),
    ...producer?.config,
  }
}
