// What runs have reached, so that a search which finds nothing shows that it was not vacuous.

import { FAIL, OK, PENDING, UNKNOWN } from '../history.ts'
import { GUARD_NAMES, guardsFor } from '../kafka/version.ts'
import type { LinkSpec } from '../scenario/links.ts'
import type { Scenario } from '../scenario/model.ts'
import { restedCopies } from './claims/links/catch-up.ts'
import { comparedCopies } from './claims/links/order.ts'
import { writtenDown } from './claims/links/positions.ts'
import { readingsOf } from './claims/links/readers.ts'
import { changesOf, hadUncleanElection, keptPartitions } from './exposure.ts'
import { cutByOrder } from './linked/mirror-states.ts'
import { mayComeHome } from './linked/ways-home.ts'
import type { ObservedRun } from './observed-run.ts'
import type { Trial } from './violation.ts'

/** Number of runs that reached a thing, by kind of thing and name. */
export type Coverage = Map<string, Map<string, number>>

const OUTCOMES = [
  ['acknowledged', OK],
  ['failed', FAIL],
  ['unknown', UNKNOWN],
  ['pending', PENDING],
] as const

/** Adds the counts of `from` to those of `into`, by kind and name. */
export function addCoverage(into: Coverage, from: Coverage): void {
  for (const [kind, names] of from) {
    for (const [name, count] of names) note(into, kind, name, count)
  }
}

function note(coverage: Coverage, kind: string, name: string, count = 1): void {
  const names = coverage.get(kind) ?? new Map<string, number>()
  coverage.set(kind, names)
  names.set(name, (names.get(name) ?? 0) + count)
}

/** What one run reached; each thing counts once, however often it came. */
export function coverageOf({ run, judged }: Trial): Coverage {
  const coverage: Coverage = new Map()
  note(coverage, 'run', run === null ? 'stopped' : 'ended')
  for (const claim of judged) note(coverage, 'claim judged', claim)
  if (run === null) return coverage
  const things: readonly (readonly [string, Iterable<string>])[] = [
    ['version', [run.scenario.version]],
    ['guard switched', switchedGuards(run.scenario)],
    ['set-up', setUp(run.scenario)],
    ['fault', run.history.faults.map(({ kind }) => kind)],
    ['event', run.history.events.map(({ kind }) => kind)],
    ['client error', clientErrors(run)],
    ['outcome of a send', outcomes(run)],
    ['verdict', run.result.objectives.map(({ verdict }) => verdict)],
    ['fate', fates(run)],
    ['link', linkFates(run)],
    ['link in order', comparedCopies(run).map(({ copied }) => copied.link.system)],
    ['link whose position is known', writtenDown(run).map(({ copied }) => copied.link.system)],
    ['link whose copy is read on', readingsOf(run).map(({ copied }) => copied.link.system)],
    ['link that rested', restedCopies(run).map(({ link }) => link.system)],
    ['partition', partitionFates(run)],
    ['probe', run.simulation.world.probes.names()],
  ]
  for (const [kind, names] of things) {
    for (const name of new Set(names)) note(coverage, kind, name)
  }
  return coverage
}

function switchedGuards({ version, guards }: Scenario): string[] {
  const usual = guardsFor(version)
  return GUARD_NAMES.filter((name) => guards[name] !== usual[name]).map(
    (name) => `${name} ${guards[name] ? 'on' : 'off'}`,
  )
}

function setUp(scenario: Scenario): string[] {
  const nodes = scenario.clusters.flatMap((cluster) => cluster.nodes)
  const voters = nodes.filter(({ roles }) => roles.includes('controller'))
  const isCombined = voters.some(({ roles }) => roles.includes('broker'))
  return [
    `flavour ${scenario.flavour}`,
    `regions ${scenario.regions.length}`,
    `brokers ${nodes.filter(({ roles }) => roles.includes('broker')).length}`,
    `voters ${voters.length} ${isCombined ? 'combined' : 'apart'}`,
    `elr ${scenario.guards.elr ? 'on' : 'off'}`,
    ...scenario.topics.map(({ replicationFactor }) => `replication factor ${replicationFactor}`),
    ...scenario.topics.map(({ config }) => `min.insync.replicas ${config['min.insync.replicas']}`),
    ...scenario.topics.map(({ observerPromotionPolicy }) => `observers ${observerPromotionPolicy}`),
    ...scenario.producers.map(({ config }) => `acks=${config.acks}`),
    ...scenario.producers.map(({ load }) => `${load.kind} loop`),
    ...scenario.producers.map(
      ({ config }) => `idempotence ${config['enable.idempotence'] ? 'on' : 'off'}`,
    ),
    scenario.settle > 0 ? 'settles' : 'ends with its load',
  ]
}

function clientErrors({ history }: ObservedRun): Set<string> {
  return new Set([...history.clientErrors.column('error')].map((id) => history.names.text(id)))
}

function outcomes({ history }: ObservedRun): string[] {
  const seen = new Set(history.produced.column('outcome'))
  return OUTCOMES.flatMap(([name, outcome]) => (seen.has(outcome) ? [name] : []))
}

function fates({ result }: ObservedRun): string[] {
  const counts = { ...result.fates, ...result.consumerView }
  return Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [name] : []))
}

function linkFates(run: ObservedRun): string[] {
  const { scenario, history, result } = run
  const { links } = result
  const isTwice = ({ topic }: { topic: string }) => {
    return topic.split('.').filter((word) => history.clusters.includes(word)).length > 1
  }
  return [
    ...scenario.links.map(({ system }) => system),
    ...(links.some(({ copied }) => copied.records > 0) ? ['copied'] : []),
    ...(links.some(({ copied }) => copied.again > 0) ? ['copied again'] : []),
    ...(links.some(({ atLoadEnd }) => atLoadEnd.records > 0)
      ? ['behind at the end of the load']
      : []),
    ...shapesOf(scenario.links),
    ...(scenario.topics.some((topic) => mayComeHome(scenario, { ...topic, topic: topic.name }))
      ? ['told to bring records home']
      : []),
    ...(scenario.runbooks.length > 0 ? ['with a runbook'] : []),
    ...(scenario.network.overlay === null ? [] : ['over a slice']),
    ...(scenario.endpoints.length === 0 ? [] : ['clients come by a name']),
    ...(scenario.links.some(makesMirrors) ? ['makes mirrors by itself'] : []),
    ...(history.partitions.some(isTwice) ? ['a copy of a copy'] : []),
    ...(cutByOrder(run).size > 0 ? ['went home as a mirror'] : []),
    ...(scenario.links.some(isDialledBySource) ? ['dialled by its source'] : []),
  ]
}

/** Patterns of a graph, of which one run may have several. */
function shapesOf(links: readonly LinkSpec[]): string[] {
  const some = (test: (one: LinkSpec, other: LinkSpec) => boolean) =>
    links.some((one) => links.some((other) => other !== one && test(one, other)))
  return [
    ...(some((one, other) => one.from === other.to && one.to === other.from) ? ['both ways'] : []),
    ...(some((one, other) => one.to === other.to) ? ['fan-in'] : []),
    ...(some((one, other) => one.from === other.from) ? ['fan-out'] : []),
    ...(some((one, other) => one.to === other.from && one.from !== other.to) ? ['chain'] : []),
  ]
}

function makesMirrors(link: LinkSpec): boolean {
  return link.system === 'cluster-link' && link.autoMirrors.length > 0
}

function isDialledBySource(link: LinkSpec): boolean {
  return link.system === 'cluster-link' && link.source !== null
}

function partitionFates(run: ObservedRun): string[] {
  const { history, result } = run
  const changes = history.partitions.map(({ index }) => changesOf(history, index))
  return [
    ...(keptPartitions(run).includes(true) ? ['promised to be kept'] : []),
    ...(changes.some(hadUncleanElection) ? ['uncleanly elected'] : []),
    ...(changes.flat().some(({ elr }) => elr.length > 0) ? ['had an ELR'] : []),
    ...(changes.flat().some(({ leader }) => leader < 0) ? ['was without a leader'] : []),
    ...(result.rpo.undecided.length > 0 ? ['ended without a leader'] : []),
    ...(changes.some((list) => list.length > 1) ? ['changed'] : []),
    ...(history.diskLosses.length > 0 ? ['had a disk at risk'] : []),
  ]
}
