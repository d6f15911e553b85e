// Whole scenarios: places, a cluster, a release, topics, clients, faults and promises. All that a
// file may say is drawn somewhere here, and every scenario drawn is a valid one.

import fc from 'fast-check'
import type { ScenarioInput } from '../scenario/document/document.ts'
import { OBJECTIVE_NAMES, OBJECTIVES } from '../scenario/objectives.ts'
import { tableOf } from '../sim/closed-table.ts'
import { cluster, clusterOf, nodesOf } from './cluster.ts'
import { faultsOf, timetable } from './faults.ts'
import { geography, networkOf, regionsOf } from './geography.ts'
import { consumer, consumerOf, type Places, producer, producerOf } from './load.ts'
import { seldom, time } from './plain.ts'
import { release, releaseOf } from './release.ts'
import type { Layout } from './targets.ts'
import { partitionsOf, TOPICS, topic, topicOf } from './topics.ts'

/** Promises about what is not drawn: links, clouds with prices, topics bound to regions. */
const OF_OTHERS = /^rpo\.link\.|^rto\.link$|^replication\.|^cost\.|^residency$/

/** Far more than a scenario of this size needs: what goes beyond hangs. */
const EVENTS_MAX = 3_000_000
/** After this much quiet every replica must be back: cuts, time-outs and restarts are shorter. */
const SETTLE_MS = 110_000

const choices = fc.record({
  release,
  geography,
  cluster,
  topics: fc.array(topic, { minLength: 1, maxLength: TOPICS.length }),
  producers: fc.array(producer, { minLength: 1, maxLength: 3 }),
  consumers: fc.array(consumer, { maxLength: 3 }),
  faults: timetable,
  loadSeconds: fc.integer({ min: 5, max: 30 }),
  settles: fc.boolean(),
  promises: seldom(fc.subarray(OBJECTIVE_NAMES.filter((name) => !OF_OTHERS.test(name)))),
  seed: fc.nat(9_999),
})
export type ScenarioChoices = typeof choices extends fc.Arbitrary<infer T> ? T : never

/** Any scenario, as a file would hold it; it shrinks to fewer and plainer lines. */
export const anyScenario: fc.Arbitrary<ScenarioInput> = choices.map(scenarioInput)

function scenarioInput(of: ScenarioChoices): ScenarioInput {
  const loadMs = of.loadSeconds * 1_000
  const { topics, places, layout } = surroundings(of, loadMs)
  const objectives = promisesOf(of.promises ?? [])
  const network = networkOf(of.geography)
  return {
    scenario: 'found',
    ...releaseOf(of.release),
    seed: String(of.seed),
    duration: time(loadMs),
    settle: of.settles ? time(SETTLE_MS) : 0,
    regions: regionsOf(of.geography),
    ...(network === undefined ? {} : { network }),
    cluster: clusterOf(of.cluster, of.geography),
    topics,
    producers: of.producers.map((one, index) => producerOf(one, index, places)),
    consumers: of.consumers.map((one, index) => consumerOf(one, index, places)),
    ...faultsOf(of.faults, layout, loadMs),
    ...(of.promises === undefined ? {} : { objectives }),
    limits: { events: EVENTS_MAX },
  }
}

function surroundings(of: ScenarioChoices, loadMs: number) {
  const { geography: where, cluster: nodes, release: version } = of
  const around = { cluster: nodes, geography: where, isConfluent: version.confluent }
  const topics = of.topics.map((one, index) => topicOf(one, TOPICS[index] ?? TOPICS[0], around))
  const partitions = of.topics.map(partitionsOf)
  const places: Places = { geography: where, partitions, loadMs }
  const layout: Layout = {
    geography: where,
    nodes: nodesOf(nodes, where),
    clients: clientNames(of),
    topics: topics.map(({ name }, index) => ({ name, partitions: partitions[index] ?? 1 })),
    isConfluent: version.confluent,
  }
  return { topics, places, layout }
}

function clientNames(of: ScenarioChoices): string[] {
  const producers = of.producers.flatMap(({ count }, index) =>
    count === undefined ? [`p${index + 1}`] : [`p${index + 1}-1`, `p${index + 1}-2`],
  )
  return [...producers, ...of.consumers.map((_, index) => `c${index + 1}`)]
}

/** Limits that some runs keep and others break. */
function promisesOf(names: readonly (typeof OBJECTIVE_NAMES)[number][]) {
  const amounts = { records: 0, bytes: 0, micros: '5s', fraction: '90%', usd: 100 } as const
  return tableOf(names, (name) => amounts[OBJECTIVES[name].unit])
}
