// Kind follower-fetch: from send() to the poll() of a consumer that reads from the leader or from
// the replica of its own rack.

import { SECOND } from '../../../src/sim/time.ts'
import { CaseRig, caseName, leaderRegion, usualPartition } from './case-rig.ts'
import type { FollowerFetchExperiment } from './case-schemas.ts'
import { CLIENT_HABIT, caseSettings, numbersIn, settingsInProse } from './case-settings.ts'
import { ExperimentError, type Settings } from './experiment-parts.ts'
import { deliveryLatencies } from './figures.ts'
import { type FigureVerdict, judgeLatencies, pooledOver } from './pass-rule.ts'

const DRAIN = 5 * SECOND
const RACK_AWARE = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'

type Case = FollowerFetchExperiment['cases'][number]
const OWN_KEYS = ['open_records_per_s', 'reads_from', 'consumer_region']

export function calibrateFollowerFetch(
  file: FollowerFetchExperiment,
  seeds: number,
): FigureVerdict[] {
  return file.cases.flatMap((one) =>
    judgeLatencies(caseName(one), one.measured_ms, () =>
      pooledOver(seeds, (seed) => simulate(file, one, seed)),
    ),
  )
}

function simulate(file: FollowerFetchExperiment, one: Case, seed: number): number[] {
  const { producer, consumer, broker } = caseSettings(one, OWN_KEYS, file.name)
  const isFollower = one.reads_from === 'follower'
  const selector: Settings = isFollower ? { 'replica.selector.class': RACK_AWARE } : {}
  const brokers = { ...selector, ...file.broker_config, ...broker }
  const cases = new CaseRig(file, { network: one, broker: brokers, packetBytes: null }, seed)
  const { rig } = cases
  const region = consumerRegion(file, one)
  const claim = file.claim ?? ''
  const rack: Settings = isFollower ? { 'client.rack': region } : {}
  const consumed = { ...settingsInProse('consumer', claim), ...rack }
  const config = { ...consumed, ...file.consumer?.config, ...consumer }
  cases.addConsumer('consumer', region, config)
  const [warmUp] = numbersIn(file.how.warm_up, /(\d+) s before the first record/, file.name)
  const acks = file.producer?.acks
  cases.addProducer({
    name: 'producer',
    region: one.client_region ?? file.producer?.region ?? leaderRegion(file),
    partition: usualPartition(file),
    load: { kind: 'open', steps: [{ at: 0, recordsPerSecond: one.open_records_per_s }] },
    recordBytes: one.record_bytes ?? file.producer?.record_bytes,
    startsAfter: warmUp,
    seconds: file.how.seconds,
    config: {
      ...CLIENT_HABIT,
      ...settingsInProse('producer', claim),
      ...(acks === undefined ? {} : { acks }),
      ...file.producer?.config,
      ...producer,
    },
  })
  rig.run(rig.now + (warmUp + file.how.seconds) * SECOND + DRAIN)
  return deliveryLatencies(rig.simulation.history).slice(leftOut(file))
}

/** Records at the beginning that are not counted. */
function leftOut({ how, name }: FollowerFetchExperiment): number {
  if (how.left_out === 'nothing') return 0
  const [records = 0] = numbersIn(how.left_out, /the first (\d+) records/, name)
  return records
}

/** The case says it, or the file, or the claim: "consumers in region 2". */
function consumerRegion(file: FollowerFetchExperiment, one: Case): string {
  const given = one.consumer_region ?? file.consumer?.region
  if (given !== undefined) return given
  const named = /consumers in (?:region )?r?(\d+)/.exec(file.claim ?? '')
  if (named === null) throw new ExperimentError(`${file.name}: where are the consumers?`)
  return `r${named[1]}`
}
