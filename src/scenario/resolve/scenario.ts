// A checked document as the value that the lab runs.

import { guardsFor } from '../../kafka/version.ts'
import type { ScenarioDocument } from '../document/document.ts'
import { estimateRun, MEMORY_MIN_MB } from '../estimate.ts'
import { type LinkSpec, processesOf } from '../links.ts'
import type { Scenario } from '../model.ts'
import type { RegistrySpec } from '../registries.ts'
import { noteHostsOfClusters } from './acl-hosts.ts'
import { resolveConsumers, resolveProducers } from './clients.ts'
import { resolveClusters } from './clusters.ts'
import { resolveEndpoints } from './endpoints.ts'
import { resolveExpectation, resolveObjectives } from './expectation.ts'
import type { Findings } from './findings.ts'
import { noteLinkLimits } from './links/cluster-link-limits.ts'
import { resolveLinks } from './links/links.ts'
import { noteLoops } from './links/looping-links.ts'
import { noteCycles, noteSharedGroups } from './links/mirror-maker2-traps.ts'
import { resolveMirrorTopics } from './links/mirror-topics.ts'
import { remoteTopics } from './links/remote-topics.ts'
import { noteUnservedLinks } from './links/unserved-links.ts'
import { resolveNetwork, resolveRegions } from './network.ts'
import { resolveRegistries } from './registries.ts'
import type { Release } from './release.ts'
import { resolveRunbooks } from './runbooks.ts'
import { layoutOf, resolveFaults, resolveRandom } from './timetable.ts'
import { checkResidency, resolveTopics, withOffsetsTopics } from './topics.ts'

const DURATION_MIN = 1_000
const CLIENTS_MAX = 2_000

/** Fills in every default and resolves every reference; what is wrong goes to the findings. */
export function resolveScenario(
  document: ScenarioDocument,
  name: string,
  findings: Findings,
): Scenario {
  const { version, flavour, duration } = document
  const release: Release = { version, flavour, guards: guardsFor(version, document.guards) }
  noteRelease(release, findings)
  if (duration < DURATION_MIN) {
    findings.error(['duration'], 'the run is shorter than 1ms', 'write duration: 60s', duration)
  }
  const regions = resolveRegions(document, findings)
  const network = resolveNetwork(document.network, regions, findings)
  const clusters = resolveClusters(document, regions, release, findings)
  const written = resolveTopics(document.topics, clusters, release, findings)
  checkResidency(written, regions, findings)
  const links = resolveLinks(document.links, { regions, release, clusters }, findings)
  const mirrors = resolveMirrorTopics(document.links, written, clusters, findings)
  const listed = [...written, ...mirrors]
  const known = [...listed, ...remoteTopics(listed, links, clusters)]
  const endpoints = resolveEndpoints(document.endpoints, clusters, regions, findings)
  const places = { regions, release, clusters }
  const registries = resolveRegistries(document.registries, places, findings)
  const around = { ...places, topics: known, duration, endpoints, registries }
  const producers = resolveProducers(document.producers, around, findings)
  const consumers = resolveConsumers(document.consumers, around, findings)
  const topics = withOffsetsTopics(listed, consumers, links, registries, clusters)
  checkNames([...producers, ...consumers], links, registries, findings)
  const clients = [...producers, ...consumers]
  const layout = layoutOf({
    ...{ regions, clusters, clients, links, registries, duration, release },
    overlay: network.overlay,
    topics: [...known, ...topics.slice(listed.length)],
  })
  noteHostsOfClusters(document, clusters, layout.names.host ?? [], findings)
  const faults = resolveFaults(document.faults, layout, findings)
  const randomFaults = resolveRandom(document.random, layout, findings)
  const runbooks = resolveRunbooks(document.runbooks, { ...around, clients, links }, findings)
  const objectives = resolveObjectives(document.objectives)
  const expect = resolveExpectation(document.expect, objectives, findings)
  const scenario: Scenario = {
    name: document.scenario ?? name,
    question: document.question,
    answer: document.answer,
    version,
    flavour,
    guards: release.guards,
    seed: String(document.seed),
    duration,
    settle: document.settle,
    regions,
    network,
    clusters,
    topics,
    producers,
    consumers,
    endpoints,
    registries,
    links,
    runbooks,
    faults,
    randomFaults,
    objectives,
    expect,
    limits: document.limits,
    notes: findings.notes,
  }
  checkWhole(scenario, findings)
  return scenario
}

/** What shows only where all parts stand together. */
function checkWhole(scenario: Scenario, findings: Findings): void {
  noteCycles(scenario, findings)
  noteLoops(scenario, findings)
  noteSharedGroups(scenario, findings)
  noteLinkLimits(scenario, findings)
  noteUnservedLinks(scenario, findings)
  const { limits } = scenario
  const { events, memoryMb } = estimateRun(scenario)
  if (events > limits.events) {
    const message = `the run needs about ${events} events; its limit is ${limits.events}`
    const fix = 'shorten duration, lower rates or counts, or raise limits.events'
    findings.error(['limits', 'events'], message, fix)
  }
  if (memoryMb > limits.memoryMb) {
    const message = `the run needs about ${memoryMb} MB; its limit is ${limits.memoryMb} MB`
    const fix =
      limits.memoryMb < MEMORY_MIN_MB
        ? `raise limits.memoryMb: no run needs less than ${MEMORY_MIN_MB} MB`
        : 'shorten duration, lower rates or counts, or raise limits.memoryMb'
    findings.error(['limits', 'memoryMb'], message, fix)
  }
}

function noteRelease({ version }: Release, findings: Findings): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 3 || (major === 3 && minor < 3)) {
    const message = `no ZooKeeper mode: KRaft runs with the guards of ${version}`
    findings.unmodelled(['version'], message)
  }
}

function checkNames(
  clients: readonly { readonly name: string }[],
  links: readonly LinkSpec[],
  registries: readonly RegistrySpec[],
  findings: Findings,
): void {
  if (clients.length > CLIENTS_MAX) {
    const fix = 'lower the counts; one client can carry the rate of many'
    findings.error([], `${clients.length} clients; the limit is ${CLIENTS_MAX}`, fix)
  }
  const seen = new Set<string>()
  for (const { name } of clients) {
    if (seen.has(name) || /^(broker|controller|node)-\d+$|^gateway-/.test(name)) {
      const fix = 'give every producer and consumer a name of its own, unlike broker-1'
      findings.error(['producers'], `the client name ${name} is taken`, fix, name)
    }
    seen.add(name)
  }
  const others = [
    ...links.map((link, index) => ({ path: ['links', index], processes: processesOf(link) })),
    ...registries.map((one, index) => ({ path: ['registries', index], processes: one.instances })),
  ]
  for (const { path, processes } of others) {
    for (const { name } of processes) {
      if (seen.has(name)) {
        const fix = 'give it a name of its own: name: …'
        findings.error(path, `the process name ${name} is taken`, fix, name)
      }
      seen.add(name)
    }
  }
}
