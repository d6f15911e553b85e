// Labels that say where a sample belongs.

import type { RunResult } from '../../contract.ts'
import type { Sample } from './exposition.ts'

type Labels = Sample['labels']

/** Where there are several clusters each sample says of which it is. */
export function clusterLabel({ clusters }: RunResult, cluster: string): Labels {
  return clusters.length > 1 ? { cluster } : {}
}

/** The cluster of a broker; ids are unique over all of them. */
export function clusterOf({ topology, clusters }: RunResult, broker: number): string {
  const known = topology.brokers.find(({ id }) => id === broker)
  return known?.cluster ?? clusters[0]?.name ?? ''
}

/** As a scrape of this broker would be labelled. */
export function brokerLabels(result: RunResult, broker: number): Labels {
  return { ...clusterLabel(result, clusterOf(result, broker)), instance: `broker-${broker}` }
}

/** A partition by its name in a result: 'orders-0', or 'east:orders-0' among several clusters. */
export function partitionLabels(result: RunResult, name: string): Labels {
  const colon = result.clusters.length > 1 ? name.indexOf(':') : -1
  const dash = name.lastIndexOf('-')
  return {
    ...(colon < 0 ? {} : { cluster: name.slice(0, colon) }),
    topic: name.slice(colon + 1, dash),
    partition: name.slice(dash + 1),
  }
}
