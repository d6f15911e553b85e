// Whole scenarios of linked clusters. Groups read at home, so that what stands at a link's target
// under their names is what the link has brought there.

import fc from 'fast-check'
import { compareVersions, type KafkaVersion } from '../../kafka/version.ts'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import { choice, chosen, seldom, simplestOf, sometimes, time } from '../plain.ts'
import { clustersOf, type HomeTopic, homeTopics, sites, sitesOf, topicInputs } from './clusters.ts'
import { faults, faultsOf } from './faults.ts'
import { type Around, type Layout, layoutOf, links } from './links.ts'
import { operations, operationsOf, runbooksOf } from './operations.ts'
import { type Reach, reach, reachOf } from './reach.ts'
import { coming, comingOf } from './readers.ts'
import { asPrincipal, revocations, revoked, secured } from './rights.ts'

type ProducerInput = NonNullable<ScenarioInput['producers']>[number]
type ConsumerInput = NonNullable<ScenarioInput['consumers']>[number]

/** Releases in which MirrorMaker 2 or the clients' protocol of groups changed. */
const VERSIONS = ['4.1', '4.0', '3.7', '3.5', '3.4', '3.2', '2.8'] as const
const INTERCEPTOR = 'io.confluent.connect.replicator.offsets.ConsumerTimestampsInterceptor'
const EVENTS_MAX = 6_000_000
/** After this much quiet every copy must be whole. */
const SETTLE_MS = 130_000
/** What goes round and round grows with time and with rate. */
const ECHO_MS = 8_000
const ECHO_RATE = '4/s'

const producer = fc.record({
  topic: choice,
  perSecond: fc.integer({ min: 1, max: 100 }),
  recordBytes: fc.constantFrom(100, 1_000),
  keys: sometimes(fc.constantFrom(1, 7, 100)),
  idempotence: seldom(fc.constant(false)),
  stopPercent: sometimes(fc.integer({ min: 10, max: 90 })),
})

const group = fc.record({
  topic: choice,
  commitMs: fc.constantFrom(1_000, 200, 3_000),
  isSync: fc.boolean(),
  processMs: seldom(fc.integer({ min: 5, max: 40 })),
  stopPercent: seldom(fc.integer({ min: 30, max: 90 })),
  /** Leaves the timestamps of what it has read for Confluent Replicator. */
  isIntercepted: sometimes(fc.constant(true)),
  coming,
})

const choices = fc.record({
  version: simplestOf(2, fc.constant(VERSIONS[0]), fc.constantFrom(...VERSIONS)),
  sites,
  links,
  producers: fc.array(producer, { minLength: 1, maxLength: 3 }),
  groups: fc.array(group, { minLength: 1, maxLength: 3 }),
  faults,
  operations,
  revoked,
  overlay: seldom(fc.constantFrom(1, 2)),
  loadSeconds: fc.integer({ min: 12, max: 36 }),
  settles: simplestOf(2, fc.constant(true), fc.constant(false)),
  seed: fc.nat(9_999),
  reach,
})
export type LinkedChoices = typeof choices extends fc.Arbitrary<infer T> ? T : never

/** Any scenario of linked clusters, as a file would hold it. */
export const anyLinkedScenario: fc.Arbitrary<ScenarioInput> = choices.map(scenarioInput)

function scenarioInput(of: LinkedChoices): ScenarioInput {
  const around: Around = { sites: sitesOf(of.sites), topics: homeTopics(of.sites) }
  const layout = layoutOf(of.links, around)
  const loadMs = layout.isEcho ? ECHO_MS : of.loadSeconds * 1_000
  const names = reachOf(of.reach, layout)
  const { producers, consumers } = clientsOf(of, around, names, loadMs)
  const timetable = [
    ...faultsOf(of.faults, layout, around, loadMs),
    ...operationsOf(of.operations, layout, around, loadMs),
    ...(of.revoked === undefined ? [] : revocations(of.revoked, layout, loadMs)),
  ]
  const clients = {
    producers: clientsAmong(producers),
    consumers: clientsAmong(consumers),
    all: clientsAmong([...producers, ...consumers]),
  }
  const runbooks = [
    ...runbooksOf(of.operations, layout, clients, loadMs),
    ...names.runbooks([...producers, ...consumers], loadMs),
  ]
  const { network, regions, clusters } = clustersOf(of.sites)
  const isSecured = of.revoked !== undefined
  const topics = [...topicInputs(of.sites, of.links.isConfluent), ...layout.copies]
  const isConfluent =
    layout.mirrors.some(({ system }) => system === 'cluster-link') ||
    topics.some(({ placement }) => placement !== undefined)
  return {
    scenario: 'found',
    version: versionFor(of.version, layout.links),
    ...(isConfluent ? { flavour: 'confluent' as const } : {}),
    seed: String(of.seed),
    duration: time(loadMs),
    settle: of.settles && !layout.isEcho ? time(SETTLE_MS) : 0,
    regions,
    clusters: isSecured ? secured(clusters) : clusters,
    ...networkOf(network, of),
    ...names.endpoints,
    topics,
    links: isSecured ? asPrincipal(layout.links) : [...layout.links],
    producers: layout.isEcho ? producers.map((one) => ({ ...one, rate: ECHO_RATE })) : producers,
    consumers,
    ...(runbooks.length === 0 ? {} : { runbooks }),
    ...(timetable.length === 0 ? {} : { faults: timetable }),
    limits: { events: EVENTS_MAX },
  }
}

/** Confluent's links of both directions came with 7.5, those that their source dials with 7.1. */
function versionFor(drawn: KafkaVersion, links: Layout['links']): KafkaVersion {
  const settings = links.flatMap((link) =>
    Object.values('config' in link ? (link.config ?? {}) : {}),
  )
  if (settings.includes('BIDIRECTIONAL')) return later(drawn, '3.5')
  return settings.includes('INBOUND') ? later(drawn, '3.1') : drawn
}

function later(drawn: KafkaVersion, least: KafkaVersion): KafkaVersion {
  return compareVersions(drawn, least) < 0 ? least : drawn
}

function clientsOf(of: LinkedChoices, around: Around, names: Reach, loadMs: number) {
  const producers = of.producers.map((one, index) => {
    const input = producerInput(one, index, around, loadMs)
    return { ...input, ...names.bootstrapOf(input.cluster, true) }
  })
  const consumers = of.groups.map((one, index) => {
    const input = groupInput(one, index, around, loadMs)
    return { ...input, ...names.bootstrapOf(input.cluster, false) }
  })
  return { producers, consumers }
}

/** A KubeSlice slice below the links: one or two tunnels between each two regions. */
function networkOf(
  network: ScenarioInput['network'],
  { overlay, sites: { regions } }: LinkedChoices,
): Pick<ScenarioInput, 'network'> {
  if (overlay === undefined || regions < 2) return network === undefined ? {} : { network }
  const slice = { slice: 'kafka', ceiling: '50Mbit', gatewayPairs: overlay, gatewayNodes: overlay }
  return {
    network: {
      ...network,
      // Short, so that what a lost gateway takes along is back within the run.
      overlay: { ...slice, failover: ['1s', '5s'], establish: '5s' },
    },
  }
}

function clientsAmong(all: readonly Pick<ProducerInput, 'name' | 'cluster' | 'topic'>[]) {
  return (cluster: string, topics: readonly string[]) =>
    all
      .filter((one) => one.cluster === cluster && topics.includes(one.topic))
      .map(({ name }) => name)
}

/** A client beside the home of its topic. */
function beside(topic: HomeTopic, { sites: all }: Around) {
  const region = all.find(({ name }) => name === topic.cluster)?.region ?? 'r1'
  return { region, cluster: topic.cluster, topic: topic.name }
}

function producerInput(
  of: LinkedChoices['producers'][number],
  index: number,
  around: Around,
  loadMs: number,
): ProducerInput {
  return {
    name: `p${index + 1}`,
    ...beside(chosen(around.topics, of.topic), around),
    rate: `${of.perSecond}/s`,
    recordBytes: of.recordBytes,
    ...(of.keys === undefined ? {} : { keys: of.keys }),
    ...stopOf(of.stopPercent, loadMs),
    ...(of.idempotence === undefined ? {} : { config: { 'enable.idempotence': false } }),
  }
}

function groupInput(
  of: LinkedChoices['groups'][number],
  index: number,
  around: Around,
  loadMs: number,
): ConsumerInput {
  return {
    name: `c${index + 1}`,
    ...beside(chosen(around.topics, of.topic), around),
    commit: { every: time(of.commitMs), sync: of.isSync },
    ...(of.processMs === undefined ? {} : { processTime: time(of.processMs) }),
    ...stopOf(of.stopPercent, loadMs),
    ...comingOf(of.coming),
    config: {
      'group.id': `g${index + 1}`,
      'auto.offset.reset': 'earliest',
      'enable.auto.commit': false,
      ...(of.isIntercepted === undefined ? {} : { 'interceptor.classes': INTERCEPTOR }),
    },
  }
}

function stopOf(percent: number | undefined, loadMs: number): { stop?: string } {
  return percent === undefined ? {} : { stop: time(Math.floor((loadMs * percent) / 100)) }
}
