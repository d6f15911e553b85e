// The cluster of an experiment as a scenario, in the words of a scenario file: it goes through the
// same parser as a file of a user.

import type { Scenario } from '../../../src/scenario/model.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import type { NetworkOf, NodeOf, Settings } from './experiment.ts'

const INTRA_REGION_RTT_MS = 0.4
/** Between pairs of regions that a file does not name; only empty regions are left. */
const UNNAMED_RTT_MS = 0.4
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
}

/** One cluster without topics, clients and faults; those come with the runs. */
export function clusterScenario(cluster: ClusterOf): Scenario {
  const regions = [...new Set([...cluster.nodes.map((n) => n.region), ...cluster.clientRegions])]
  const isBroker = (node: NodeOf) => node.roles.includes('broker')
  const written = {
    scenario: cluster.name,
    question: `Does the model agree with ${cluster.name}?`,
    version: cluster.kafka.split('.').slice(0, 2).join('.'),
    seed: '1',
    duration: HOUR,
    settle: '0s',
    regions: Object.fromEntries(regions.map((region) => [region, {}])),
    network: networkOf(cluster.network, regions),
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

function networkOf(network: NetworkOf, regions: readonly string[]) {
  const rtt: Record<string, string> = {}
  for (const [i, a] of regions.entries()) {
    for (const b of regions.slice(i + 1)) rtt[`${a} ~ ${b}`] = `${rttBetween(network, a, b)}ms`
  }
  const bandwidth = network.bandwidth_bit_s
  const inside = { rtt: `${network.intra_region_rtt_ms ?? INTRA_REGION_RTT_MS}ms` }
  return {
    rtt,
    intraZone: inside,
    intraRegion: inside,
    ...(bandwidth === undefined ? {} : { bandwidth: `${bandwidth}bit/s` }),
  }
}

function rttBetween(network: NetworkOf, a: string, b: string): number {
  const rtt = network.rtt_ms ?? {}
  return rtt[`${a}-${b}`] ?? rtt[`${b}-${a}`] ?? rtt['all pairs'] ?? UNNAMED_RTT_MS
}
