// A scenario of a pattern, from what a person asked for.

import { parseRate } from '../../faults/quantity.ts'
import { nearestName } from '../../kafka/settings/nearest.ts'
import { usageError } from '../usage-error.ts'
import { TOPOLOGIES } from './catalogue.ts'
import { replicasOf } from './parts.ts'
import { checkCount, readRegions, readRtt } from './regions.ts'
import { LINK_SYSTEMS } from './systems.ts'
import { designText } from './text.ts'
import type { Design, LinkSystem, Plan, Topology } from './topology.ts'
import { TRIALS, withAcks, withTrial } from './trials.ts'

const BROKERS_MAX = 30

/** As it was typed; what is left out has a default. */
export interface TopologyRequest {
  readonly pattern: string
  readonly regions?: string | undefined
  readonly rtt?: string | undefined
  readonly system?: string | undefined
  readonly brokers?: string | undefined
  readonly rate?: string | undefined
  /** A trial by name; absent: the pattern's own fault. */
  readonly fault?: string | undefined
  readonly acks?: string | undefined
}

export const TOPOLOGY_DEFAULTS = { system: 'mirror-maker2', brokers: '3', rate: '200/s' } as const

/** The text of a scenario; throws a UsageError where the request cannot be met. */
export function newScenario(request: TopologyRequest): string {
  const topology = named('pattern', request.pattern, TOPOLOGIES)
  const regions = readRegions(request.regions ?? topology.example)
  checkCount(topology, regions)
  const rtt = readRtt(regions, request.rtt)
  const system = named('system', request.system ?? TOPOLOGY_DEFAULTS.system, LINK_SYSTEMS)
  const brokers = readBrokers(topology, request.brokers ?? TOPOLOGY_DEFAULTS.brokers)
  const rate = readRate(request.rate ?? TOPOLOGY_DEFAULTS.rate)
  const [first, ...others] = regions
  if (first === undefined) throw usageError('there is no region', `as in ${topology.example}`)
  const plan = { regions, first, others, brokers, rate, system }
  const design = asTried(topology.design(plan), plan, request)
  checkNames(design, topology, system)
  const whole = withFactors(withCopies(design, system), system)
  const built = topology.hasLinks ? withReleaseOf(whole, system) : whole
  return designText(built, { topology, regions, rtt, command: commandOf(request, topology) })
}

/** With the fault and the acks that were asked for. */
function asTried(design: Design, plan: Plan, { fault, acks }: TopologyRequest): Design {
  const asked = acks === undefined ? design : withAcks(design, readAcks(acks))
  if (fault === undefined) return asked
  const tried = withTrial(asked, named('fault', fault, TRIALS), plan)
  if (tried !== null) return tried
  const message = 'there is nothing in such a design that it could strike'
  throw usageError(message, 'name another --fault, or another --system', fault)
}

function readAcks(text: string): string {
  if (text === '1' || text === 'all') return text
  throw usageError('unknown acks', 'write --acks with 1 or all', text)
}

/** Clusters of the kind and the release that the system is for. */
function withReleaseOf(design: Design, { flavour, lastVersion }: LinkSystem): Design {
  return {
    ...design,
    ...(flavour === 'confluent' ? { flavour } : {}),
    ...(lastVersion === undefined ? {} : { version: lastVersion }),
  }
}

/** A system without prefixes copies only to where the name is free. */
function checkNames({ links }: Design, { name }: Topology, system: LinkSystem): void {
  if (links?.renames !== true || system.keepsNames !== true) return
  const others = LINK_SYSTEMS.filter(({ keepsNames }) => keepsNames !== true)
  const fix = `several topics of one name meet: write --system with one of ${listOf(others)}`
  throw usageError(`${name} cannot be built with copies that keep their names`, fix, system.name)
}

/** The copies stand behind the topics that the pattern itself has. */
function withCopies(design: Design, { copies }: LinkSystem): Design {
  const listed = design.links?.copies ?? []
  if (copies === undefined || listed.length === 0) return design
  const entries = [...design.topics.entries, ...listed.map((item) => ({ item }))]
  return { ...design, topics: { why: `${design.topics.why} ${copies}`, entries } }
}

function listOf(systems: readonly LinkSystem[]): string {
  return systems.map(({ name }) => name).join(', ')
}

/** Kafka's default is one replica, which a lost broker takes along. */
function withFactors(design: Design, { takesDefaultFactor }: LinkSystem): Design {
  const { clusters } = design
  if (takesDefaultFactor !== true || clusters === undefined) return design
  const entries = clusters.entries.map(({ item: [name, cluster], ...rest }) => {
    const brokers = Object.values(cluster.brokers ?? {}).reduce((sum, count) => sum + count, 0)
    const config = { ...cluster.config, 'default.replication.factor': replicasOf(brokers) }
    return { ...rest, item: [name, { ...cluster, config }] as const }
  })
  return { ...design, clusters: { ...clusters, entries } }
}

/** The one of a table that bears a name; else the fix says which was meant. */
function named<T extends { readonly name: string }>(
  what: string,
  name: string,
  table: readonly T[],
): T {
  const found = table.find((one) => one.name === name)
  if (found !== undefined) return found
  const known = table.map((one) => one.name)
  const near = nearestName(name, known)
  const list = `known: ${known.join(', ')}`
  throw usageError(`unknown ${what}`, near === null ? list : `did you mean ${near}? ${list}`, name)
}

function readBrokers({ name, brokersMin = 1 }: Topology, text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= brokersMin && count <= BROKERS_MAX) return count
  const message = `${name} cannot be built of so many brokers a region`
  throw usageError(message, `write --brokers with ${brokersMin} to ${BROKERS_MAX}`, text)
}

function readRate(text: string): string {
  const rate = parseRate(text)
  if (rate !== null && rate > 0) return text
  throw usageError('--rate is no rate', 'write it as --rate 200/s', text)
}

/** The line that makes the same text again. */
function commandOf(request: TopologyRequest, { name, example }: Topology): string {
  const { regions = example, rtt, system, brokers, rate, fault, acks } = request
  const options = Object.entries({ regions, rtt, system, brokers, rate, fault, acks })
  const words = options.flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option} ${shellWord(value)}`],
  )
  return ['highwater new', name, ...words].join(' ')
}

/** Quoted where a shell would part or read it otherwise: 'azure:East US 2'. */
function shellWord(value: string): string {
  return /^[\w:,./-]+$/.test(value) ? value : `'${value.replace(/\s+/g, ' ')}'`
}
