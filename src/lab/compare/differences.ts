// What scenarios say differently, in short words and complete: whatever the lab acts on, but for
// the defaults of what only some of them have.

import type { DesignDifference, EffectiveSetting } from '../../contract.ts'
import { targetText } from '../../faults/target-text.ts'
import type { ClusterSpec, NodeRole, Scenario } from '../../scenario/model.ts'
import { effectiveConfig } from '../result/effective-config.ts'
import { inCluster } from '../result/in-cluster.ts'
import { type Fact, fields, spanText, timeText } from './facts.ts'
import { factsBetweenClusters } from './link-facts.ts'

/** The subjects on which the scenarios differ, in the order in which they first come up. */
export function differencesOf(scenarios: readonly Scenario[]): DesignDifference[] {
  const facts = scenarios.map((scenario) => new Map(factsOf(scenario)))
  const defaults = scenarios.map((scenario) => new Set(defaultsOf(scenario)))
  const subjects = new Set(facts.flatMap((each) => [...each.keys()]))
  return [...subjects].flatMap((subject) => {
    const values = facts.map((each) => each.get(subject) ?? null)
    if (new Set(values).size === 1) return []
    const isImplied = values.every((value, i) => value === null || defaults[i]?.has(subject))
    return isImplied && values.includes(null) ? [] : [{ subject, values }]
  })
}

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
    ...factsBetweenClusters(scenario),
    ...effectiveConfig(scenario).map((one): Fact => [subjectOf(one), one.value]),
    ...fields('guard', guards),
  ]
}

function subjectOf({ scope, name }: EffectiveSetting): string {
  return `${scope} ${name}`
}

/** Settings that nobody wrote: a link's or a cluster's, they come and go with it. */
function defaultsOf(scenario: Scenario): string[] {
  const settings = effectiveConfig(scenario).filter(({ source }) => source === 'default')
  return settings.map(subjectOf)
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
