// The cluster on which one case of an experiment is simulated, and clients on it.

import type { Load } from '../../../src/scenario/model.ts'
import { type Micros, SECOND } from '../../../src/sim/time.ts'
import type { CaseExperiment } from './case-schemas.ts'
import { clusterScenario } from './cluster-scenario.ts'
import { ExperimentError, type NetworkOf, type Settings } from './experiment-parts.ts'
import { Rig } from './rig.ts'

const TOPIC = 'case'
const QUIET: Micros = 2 * SECOND
/** What the experimenter's records weigh where a file does not say. */
const RECORD_BYTES = 100

/** What a case may say of the network; one round trip is that of every pair of regions. */
export interface CaseNetwork {
  readonly rtt_ms?: number | Readonly<Record<string, number>>
  readonly intra_region_rtt_ms?: number
  readonly bandwidth_bit_s?: number
  readonly loss?: number
  readonly jitter_ms?: number
}

export interface CaseCluster {
  readonly network: CaseNetwork
  readonly broker: Settings
  /** Largest packet between the regions; null where the file does not say. */
  readonly packetBytes: number | null
}

export interface CaseProducer {
  readonly name: string
  readonly region: string
  /** null: to all of the topic's, as Kafka's own partitioner does. */
  readonly partition: number | null
  readonly load: Load
  readonly recordBytes?: number
  /** Seconds from now. */
  readonly startsAfter: number
  readonly seconds: number
  readonly config: Settings
}

export class CaseRig {
  readonly rig: Rig
  /** Indices of the topic's partitions in the history. */
  readonly partitions: readonly number[]
  readonly #file: CaseExperiment

  constructor(file: CaseExperiment, { network, broker, packetBytes }: CaseCluster, seed: number) {
    this.#file = file
    this.rig = new Rig(
      clusterScenario({
        name: file.name,
        kafka: file.kafka,
        nodes: file.nodes,
        network: networkOf(file.network ?? {}, network),
        clientRegions: file.client_hosts.map((client) => client.region),
        config: { ...file.broker_config, ...broker },
        packetBytes: packetBytes ?? undefined,
      }),
      seed,
    )
    const lists = file.topic.partitions.map(({ replicas }) => replicas)
    this.partitions = this.rig.createTopic(TOPIC, lists, file.topic.config ?? {})
    this.rig.run(this.rig.now + QUIET)
  }

  addProducer(spec: CaseProducer): void {
    const start = this.rig.now + Math.round(spec.startsAfter * SECOND)
    this.rig.addProducer(
      {
        ...this.#place(spec.name, spec.region),
        topic: TOPIC,
        partitions: spec.partition === null ? null : [spec.partition],
        load: spec.load,
        recordBytes: spec.recordBytes ?? RECORD_BYTES,
        keys: null,
        compressionRatio: 1,
        start,
        stop: start + Math.round(spec.seconds * SECOND),
      },
      spec.config,
    )
  }

  /** It reads all partitions from now on, until the end. */
  addConsumer(name: string, region: string, config: Settings): void {
    this.rig.addConsumer(
      {
        ...this.#place(name, region),
        topic: TOPIC,
        partitions: null,
        processTime: 0,
        processTimePerRecord: 0,
        commit: null,
        start: this.rig.now,
        stop: null,
      },
      config,
    )
  }

  #place(name: string, region: string) {
    const host = this.#file.client_hosts.find((client) => client.region === region)
    const { regions } = this.rig.simulation.scenario
    const zone = regions.find((r) => r.name === region)?.zones[0]
    if (host === undefined || zone === undefined) {
      throw new ExperimentError(`${this.#file.name}: no client host in region ${region}`)
    }
    return { name, region, zone, host: host.host }
  }
}

/** Region of the broker that leads the topic's first partition. */
export function leaderRegion(file: CaseExperiment): string {
  const leader = file.topic.partitions[0]?.replicas[0]
  const node = file.nodes.find(({ id }) => id === leader)
  if (node === undefined) throw new ExperimentError(`${file.name}: no node ${leader} to lead`)
  return node.region
}

/** Where records without a key go when nobody says. */
export function usualPartition(file: CaseExperiment): number | null {
  return file.topic.partitions.length === 1 ? 0 : null
}

/** A sentence for the report: the settings of a case without what was measured. */
export function caseName(one: Readonly<Record<string, unknown>>): string {
  return Object.entries(one)
    .filter(([name, value]) => !name.startsWith('measured') && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ')
}

function networkOf(file: NetworkOf, one: CaseNetwork): NetworkOf {
  const { rtt_ms, intra_region_rtt_ms, bandwidth_bit_s, loss, jitter_ms } = one
  const isForAll = typeof rtt_ms === 'number'
  return {
    ...file,
    ...(rtt_ms === undefined ? {} : { rtt_ms: isForAll ? { 'all pairs': rtt_ms } : rtt_ms }),
    ...(intra_region_rtt_ms === undefined ? {} : { intra_region_rtt_ms }),
    ...(bandwidth_bit_s === undefined ? {} : { bandwidth_bit_s }),
    ...(loss === undefined ? {} : { loss }),
    ...(jitter_ms === undefined ? {} : { jitter_ms }),
  }
}
