// What scenarios say differently, in short words and complete: whatever the lab acts on.

import type { DesignDifference } from '../../contract.ts'
import { targetText } from '../../faults/target-text.ts'
import type { ClusterSpec, NodeRole, Scenario } from '../../scenario/model.ts'
import { exactText } from '../../sim/long-text.ts'
import { effectiveConfig } from '../result/effective-config.ts'
import { inCluster } from '../result/in-cluster.ts'

/** The subjects on which the scenarios differ, in the order in which they first come up. */
export function differencesOf(scenarios: readonly Scenario[]): DesignDifference[] {
  const facts = scenarios.map((scenario) => new Map(factsOf(scenario)))
  const subjects = new Set(facts.flatMap((each) => [...each.keys()]))
  return [...subjects].flatMap((subject) => {
    const values = facts.map((each) => each.get(subject) ?? null)
    return new Set(values).size > 1 ? [{ subject, values }] : []
  })
}

type Fact = readonly [subject: string, text: string]

function factsOf(scenario: Scenario): Fact[] {
  const { version, flavour, regions, network, clusters, guards } = scenario
  return [
    ['Kafka', flavour === 'confluent' ? `Confluent ${version}` : version],
    ...fields('', { duration: scenario.duration, settle: scenario.settle }),
    [
      'regions',
      regions.map(({ name, cloud }) => [name, cloud].filter(Boolean).join(' ')).join(', '),
    ],
    ...clusters.flatMap((cluster): Fact[] => {
      const fact = (subject: string, text: string): Fact => {
        return [inCluster(scenario, cluster.name, subject), text]
      }
      return [
        fact('brokers', placesOf(cluster, 'broker')),
        fact('controllers', placesOf(cluster, 'controller')),
        fact('racks', cluster.nodes.map(({ id, rack }) => `${id}: ${rack ?? 'none'}`).join(', ')),
        ...fields(inCluster(scenario, cluster.name, 'disk'), cluster.disk),
        ...fields(inCluster(scenario, cluster.name, 'knob'), cluster.knobs),
      ]
    }),
    ...faultFacts(scenario),
    ...fields('inside a zone', network.intraZone),
    ...fields('inside a region', network.intraRegion),
    ...network.links.flatMap(({ from, to, source: _, ...link }) => fields(`${from} → ${to}`, link)),
    ...scenario.topics.flatMap(({ name, cluster, config: _, ...topic }) =>
      fields(inCluster(scenario, cluster, `topic ${name}`), topic),
    ),
    ...scenario.producers.flatMap(({ name, config: _, ...producer }) =>
      fields(`producer ${name}`, producer),
    ),
    ...scenario.consumers.flatMap(({ name, config: _, ...consumer }) =>
      fields(`consumer ${name}`, consumer),
    ),
    ...effectiveConfig(scenario).map(({ scope, name, value }): Fact => [`${scope} ${name}`, value]),
    ...fields('guard', guards),
  ]
}

/** 'us-east/a: 1, 2; eu-west/a: 4' */
function placesOf(cluster: ClusterSpec, role: NodeRole): string {
  const byZone = new Map<string, number[]>()
  for (const { id, zone, roles } of cluster.nodes) {
    if (roles.includes(role)) byZone.set(zone, [...(byZone.get(zone) ?? []), id])
  }
  return [...byZone].map(([zone, ids]) => `${zone}: ${ids.join(', ')}`).join('; ')
}

function faultFacts({ faults, randomFaults }: Scenario): Fact[] {
  const facts = faults.map(({ id, at, for: length, every, times, fault }): Fact => {
    const params: object & Aimed = fault.params
    const { target, between, ...others } = params
    const whom = target === undefined ? (between ?? []) : [target]
    return [
      id.replace('-', ' '),
      [
        ...[fault.kind, ...whom.map(targetText)],
        ...fields('', others).map(([name, text]) => `${name} ${text}`),
        `at ${spanText(at)}`,
        ...(length === null ? [] : [`for ${spanText(length)}`]),
        ...(every === null ? [] : [`${times} times, every ${timeText(every)}`]),
      ].join(' '),
    ]
  })
  const random: Fact[] =
    randomFaults === null ? [] : [['random faults', JSON.stringify(randomFaults)]]
  return [...facts, ...random]
}

interface Aimed {
  readonly target?: Parameters<typeof targetText>[0]
  readonly between?: readonly Parameters<typeof targetText>[0][]
}

const MICROS = new Set([
  ...['duration', 'settle', 'delay', 'jitter', 'start', 'stop', 'processTime'],
  ...['processTimePerRecord', 'thinkTime', 'at', 'every'],
])

/** The fields of a thing as facts about it; nested ones as JSON, which hides nothing. */
function fields(subject: string, thing: object): Fact[] {
  return Object.entries(thing).map(([name, value]) => [
    `${subject} ${name}`.trim(),
    typeof value === 'number' && MICROS.has(name)
      ? timeText(value)
      : typeof value === 'object'
        ? JSON.stringify(value)
        : exactText(value),
  ])
}

function spanText([from, to]: readonly [number, number]): string {
  return from === to ? timeText(from) : `${timeText(from)} to ${timeText(to)}`
}

function timeText(micros: number): string {
  return micros < 1_000_000 ? `${micros / 1_000} ms` : `${micros / 1_000_000} s`
}
