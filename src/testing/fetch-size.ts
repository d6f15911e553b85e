// Whether a follower's fetch can end at all. A response that is larger than what the way carries in
// request.timeout.ms is thrown away half read, asked for again, and never had: Kafka itself would
// not get out of that (BrokerBlockingSender takes request.timeout.ms, and no smaller fetch).

import type { ClusterSpec, RegionLink, Scenario } from '../scenario/model.ts'

/** Jitter, retransmissions and other traffic on the way may cost as much again. */
const MARGIN = 2

/** False where replication may stand for ever although nothing is broken. */
export function fetchesFit({ clusters, network, topics }: Scenario): boolean {
  return clusters.every((cluster) => {
    const regions = new Set(cluster.nodes.map(({ region }) => region))
    const ways = network.links.filter(({ from, to }) => regions.has(from) && regions.has(to))
    const partitions = topics
      .filter((topic) => topic.cluster === cluster.name)
      .reduce((sum, topic) => sum + topic.partitions, 0)
    return ways.every((way) => fits(cluster, way, partitions))
  })
}

function fits({ config }: ClusterSpec, { delay, bandwidthBps }: RegionLink, partitions: number) {
  const bytes = Math.min(
    config['replica.fetch.response.max.bytes'],
    partitions * config['replica.fetch.max.bytes'],
  )
  const buffer = config['replica.socket.receive.buffer.bytes']
  const perWindow = buffer < 0 ? 0 : (2 * delay) / 1_000 / buffer
  const perLine = bandwidthBps === 0 ? 0 : 8_000 / bandwidthBps
  return bytes * Math.max(perWindow, perLine) * MARGIN <= config['request.timeout.ms']
}
