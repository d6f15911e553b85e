// Two clusters with a flow of MirrorMaker 2 between them, in the words of a scenario file: it goes
// through the same parser as a file of a user.

import {
  CONNECT_WORKER_SETTINGS,
  MIRROR_MAKER_SETTINGS,
} from '../../../../src/kafka/settings/connect.ts'
import { Simulation } from '../../../../src/lab/simulation.ts'
import { scenarioOf } from '../../../../src/scenario/parse.ts'
import { settingsInProse } from '../case-settings.ts'
import { ExperimentError, type Settings } from '../experiment-parts.ts'
import type { MirrorExperiment } from './schemas.ts'

/** TCP and packets of the machine of the experiments, and how cold its processes were. */
const TESTBED = { congestionControl: 'bbr', intraZone: { rtt: '0.4ms' }, mtu: 9000 }
const COLD_PERCENT_MEAN = 220
/** Of the clusters where a file says nothing. */
const RTT_MS = 50
const HOUR = '3600s'
export const TOPIC = 'orders'

/** What one run asks for beside what the file says. */
export interface MirrorRun {
  readonly rttMs?: number
  readonly workerRegion?: string
  readonly producers: readonly Readonly<Record<string, unknown>>[]
  readonly consumers: readonly Readonly<Record<string, unknown>>[]
  readonly link?: Readonly<Record<string, unknown>>
  /** Settings of the workers. */
  readonly worker?: Settings
  /** What only this run sets in its mm2.properties. */
  readonly properties?: Settings
}

export class MirrorRig {
  readonly simulation: Simulation

  /** Boots clusters and link, and starts the clients; time 0 is afterwards. */
  constructor(file: MirrorExperiment, run: MirrorRun, seed: number) {
    const text = JSON.stringify(scenarioText(file, run))
    const scenario = scenarioOf(text, `${file.name}.json`)
    this.simulation = new Simulation(scenario, String(seed))
    this.simulation.boot()
    const { clients } = this.simulation
    for (const producer of scenario.producers) clients.addProducer(producer)
    for (const consumer of scenario.consumers) clients.addConsumer(consumer)
  }

  /** Process of the worker. */
  get worker() {
    const name = this.simulation.scenario.links[0]?.workers[0]?.name ?? ''
    const process = this.simulation.world.processes.get(name)
    if (process === undefined) throw new ExperimentError(`no worker ${name}`)
    return process
  }

  /** Indices of the partitions of a topic of a cluster. */
  partitionsOf(cluster: string, topic: string): ReadonlySet<number> {
    return new Set(this.simulation.clusterOf(cluster).cluster.topics.partitionsOf(topic))
  }
}

/** Source and target of "A->B, …". */
export function endsOf({ name, flow }: MirrorExperiment): { source: string; target: string } {
  const [, source, target] = /^(\w+)->(\w+)\b/.exec(flow) ?? []
  if (source === undefined || target === undefined) {
    throw new ExperimentError(`${name}: the flow "${flow}" names no two clusters`)
  }
  return { source, target }
}

/** A producer beside the source, as the file describes it. */
export function producerOf(
  file: MirrorExperiment,
  load: Readonly<{ name: string; rate: number; start: number; stop: number }>,
) {
  const { source } = endsOf(file)
  return {
    ...{ name: load.name, cluster: source, region: regionOf(file, source), topic: TOPIC },
    recordBytes: file.record_bytes,
    ...{ rate: `${load.rate}/s`, start: `${load.start}s`, stop: `${load.stop}s` },
    config: settingsInProse('producer', file.producer),
  }
}

/** Name of the copy at the target. */
export function copyOf(file: MirrorExperiment): string {
  return `${endsOf(file).source}.${TOPIC}`
}

function scenarioText(file: MirrorExperiment, run: MirrorRun): object {
  const { source, target } = endsOf(file)
  const regions = [...new Set(Object.values(file.clusters).map(({ region }) => region))]
  const own = placesOf(file, run.properties ?? {})
  const worker = run.workerRegion ?? file.worker_region ?? regionOf(file, target)
  return {
    scenario: file.name,
    version: file.kafka.split('.').slice(0, 2).join('.'),
    ...{ duration: HOUR, settle: '0s' },
    regions: Object.fromEntries(regions.map((region) => [region, {}])),
    network: { ...TESTBED, rtt: rttOf(file, run, regions) },
    clusters: Object.fromEntries(
      Object.entries(file.clusters).map(([name, { region, brokers }]) => [
        name,
        {
          brokers: { [region]: brokers },
          controllers: { [region]: 1 },
          config: { 'offsets.topic.replication.factor': 1 },
          service: { brokerColdPercentMean: COLD_PERCENT_MEAN },
        },
      ]),
    ),
    // The runs of a file follow one another: workers before this one have left their topics, and so
    // the heartbeats at the source are among what is copied.
    topics: [
      { name: TOPIC, cluster: source, partitions: partitionsOf(file), replicationFactor: 1 },
      { name: 'heartbeats', cluster: source, partitions: 1, replicationFactor: 1 },
    ],
    producers: run.producers,
    consumers: run.consumers,
    links: [
      {
        system: 'mirror-maker2',
        ...{ from: source, to: target, workers: { [worker]: workersOf(file) } },
        ...run.link,
        config: { ...flowSettings(file), ...own.config },
        worker: { ...workerSettings(file), ...run.worker, ...own.worker },
        producer: own.producer,
        consumer: own.consumer,
      },
    ],
  }
}

export function regionOf(file: MirrorExperiment, cluster: string): string {
  const region = file.clusters[cluster]?.region
  if (region === undefined) throw new ExperimentError(`${file.name}: no cluster ${cluster}`)
  return region
}

function rttOf(file: MirrorExperiment, run: MirrorRun, regions: readonly string[]) {
  const rtt: Record<string, string> = {}
  for (const [i, a] of regions.entries()) {
    for (const b of regions.slice(i + 1)) {
      const pairs = file.network?.rtt_ms ?? {}
      const ms = run.rttMs ?? pairs[`${a}-${b}`] ?? pairs[`${b}-${a}`] ?? file.rtt_ms ?? RTT_MS
      rtt[`${a} ~ ${b}`] = `${ms}ms`
    }
  }
  return rtt
}

const NUMBERS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4 }

/** "one topic with one partition" */
function partitionsOf({ name, flow }: MirrorExperiment): number {
  const word = /topic with (\w+) partitions?/.exec(flow)?.[1]
  const count = numberOf(word)
  if (count !== null) return count
  throw new ExperimentError(`${name}: "${flow}" does not say how many partitions there are`)
}

/** "one worker" */
function workersOf({ flow }: MirrorExperiment): number {
  return numberOf(/(\w+) workers?\b/.exec(flow)?.[1]) ?? 1
}

function numberOf(word = ''): number | null {
  const count = NUMBERS[word] ?? Number(word)
  return Number.isInteger(count) && count > 0 ? count : null
}

/** Where properties go: "A->B." and the like say for whom they are, the rest of it for what. */
function placesOf(file: MirrorExperiment, properties: Settings) {
  const { source, target } = endsOf(file)
  const places = { config: {}, worker: {}, producer: {}, consumer: {} } as Record<string, Settings>
  const prefixes = [`${source}->${target}.`, `${source}.`, `${target}.`]
  for (const [written, value] of Object.entries(properties)) {
    const prefix = prefixes.find((one) => written.startsWith(one)) ?? ''
    const [, client, name = ''] =
      /^(?:(producer|consumer)\.)?(.+)$/.exec(written.slice(prefix.length)) ?? []
    if (client !== undefined) places[client][name] = value
    else if (Object.hasOwn(MIRROR_MAKER_SETTINGS, name)) places.config[name] = value
    else if (!Object.hasOwn(CONNECT_WORKER_SETTINGS, name)) {
      throw new ExperimentError(`${file.name}: ${written} is not understood`)
    }
    // A worker in dedicated mode reads no property of its own without its cluster's name before it.
    else if (prefix === `${target}.`) places.worker[name] = value
  }
  return places
}

/** "default settings except replication factors of 1", and what the claim sets. */
function flowSettings(file: MirrorExperiment): Settings {
  const asked = settingsOf(file, Object.keys(MIRROR_MAKER_SETTINGS))
  const isSynced = 'sync.group.offsets.interval.seconds' in asked
  return {
    ...replicationFactors(file, Object.keys(MIRROR_MAKER_SETTINGS)),
    ...(isSynced ? { 'sync.group.offsets.enabled': true } : {}),
    ...asked,
  }
}

function workerSettings(file: MirrorExperiment): Settings {
  const names = Object.keys(CONNECT_WORKER_SETTINGS)
  return { ...replicationFactors(file, names), ...settingsOf(file, names) }
}

function replicationFactors({ flow }: MirrorExperiment, names: readonly string[]): Settings {
  const factor = Number(/replication factors of (\d+)/.exec(flow)?.[1] ?? 1)
  const factors = names.filter((name) => name.endsWith('replication.factor'))
  return Object.fromEntries(factors.map((name) => [name, factor]))
}

/** Settings in the claim and the flow: "tasks.max 1", "a.b and c.d 5" sets both. */
function settingsOf({ claim, flow }: MirrorExperiment, names: readonly string[]): Settings {
  const found: Settings = {}
  for (const prose of [flow, claim ?? '']) {
    const pattern = /([a-z][a-z.-]+[a-z](?: and [a-z][a-z.-]+[a-z])*) (?:is the default )?(\d+)/g
    for (const [, list = '', value = ''] of prose.matchAll(pattern)) {
      for (const name of list.split(' and ')) {
        if (names.includes(name)) found[name] = Number(value)
      }
    }
  }
  return found
}
