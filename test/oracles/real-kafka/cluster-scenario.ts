// The cluster of an experiment as a scenario, in the words of a scenario file: it goes through the
// same parser as a file of a user.

import type { KafkaVersion } from '../../../src/kafka/version.ts'
import type { Scenario } from '../../../src/scenario/model.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { settingsOrRefuse } from './case-settings.ts'
import { ExperimentError, type NetworkOf, type NodeOf, type Settings } from './experiment-parts.ts'

const INTRA_REGION_RTT_MS = 0.4
/**
 * TCP on the machine of the experiments; README.md says how that is known. A loss-based one does
 * not spread a flight: a commit of 131,072 bytes would take two round trips, and it took 2.8.
 */
const CONGESTION_CONTROL = 'bbr'
/** What throughput says of the links; there is one wide area network for all files. */
const PACKET_BYTES = 9000
const HOUR = '3600s'
/**
 * In the fault experiments the first run on a new cluster is the slowest of its file: its median
 * latency before the fault is 303 to 470 ms where later runs have 287 to 324.
 */
const COLD_PERCENT_MEAN = 220

export interface ClusterOf {
  readonly name: string
  readonly kafka: string
  readonly nodes: readonly NodeOf[]
  readonly network: NetworkOf
  readonly clientRegions: readonly string[]
  readonly config: Settings
  readonly controllerConfig?: Settings
  /** Measured from the first request on, without a warm-up. */
  readonly isCold?: boolean
  /** Largest packet on every link. */
  readonly packetBytes?: number
}

/** One cluster without topics, clients and faults; those come with the runs. */
export function clusterScenario(cluster: ClusterOf): Scenario {
  const version = cluster.kafka.split('.').slice(0, 2).join('.') as KafkaVersion
  for (const config of [cluster.config, cluster.controllerConfig ?? {}]) {
    settingsOrRefuse('broker', version, config, cluster.name)
  }
  const regions = [...new Set([...cluster.nodes.map((n) => n.region), ...cluster.clientRegions])]
  const isBroker = (node: NodeOf) => node.roles.includes('broker')
  const written = {
    scenario: cluster.name,
    question: `Does the model agree with ${cluster.name}?`,
    version,
    seed: '1',
    duration: HOUR,
    settle: '0s',
    regions: Object.fromEntries(regions.map((region) => [region, {}])),
    network: networkOf(cluster, regions),
    cluster: {
      brokers: cluster.nodes.filter(isBroker).map(nodeDocument),
      controllers: cluster.nodes.filter((node) => !isBroker(node)).map(nodeDocument),
      config: cluster.config,
      controllerConfig: cluster.controllerConfig ?? {},
      service: { brokerColdPercentMean: cluster.isCold === true ? COLD_PERCENT_MEAN : 0 },
    },
    topics: [],
    producers: [],
  }
  return scenarioOf(JSON.stringify(written), `${cluster.name}.json`)
}

function nodeDocument({ id, region, host, roles }: NodeOf) {
  return { id, region, host, roles }
}

function networkOf({ name, network, packetBytes }: ClusterOf, regions: readonly string[]) {
  const rtt: Record<string, string> = {}
  for (const [i, a] of regions.entries()) {
    for (const b of regions.slice(i + 1)) {
      const ms = rttBetween(network, a, b)
      if (ms === undefined) throw new ExperimentError(`${name}: no rtt_ms of ${a} and ${b}`)
      rtt[`${a} ~ ${b}`] = `${ms}ms`
    }
  }
  const bandwidth = network.bandwidth_bit_s
  const inside = { rtt: `${network.intra_region_rtt_ms ?? INTRA_REGION_RTT_MS}ms` }
  return {
    rtt,
    congestionControl: CONGESTION_CONTROL,
    intraZone: inside,
    intraRegion: inside,
    ...(bandwidth === undefined ? {} : { bandwidth: `${bandwidth}bit/s` }),
    ...(network.loss === undefined ? {} : { loss: `${network.loss * 100}%` }),
    ...(network.jitter_ms === undefined ? {} : { jitter: `${network.jitter_ms}ms` }),
    mtu: packetBytes ?? PACKET_BYTES,
  }
}

function rttBetween(network: NetworkOf, a: string, b: string): number | undefined {
  const rtt = network.rtt_ms ?? {}
  return rtt[`${a}-${b}`] ?? rtt[`${b}-${a}`] ?? rtt['all pairs']
}
