// Whether a follower's fetch can end at all. A response that is larger than what the way carries in
// request.timeout.ms is thrown away half read, asked for again, and never had: Kafka itself would
// not get out of that (BrokerBlockingSender takes request.timeout.ms, and no smaller fetch).

import type { ClusterSpec, NetworkSpec, RegionLink, Scenario } from '../scenario/model.ts'

/** Jitter, retransmissions and other traffic on the way may cost as much again. */
const MARGIN = 2

/** Under loss p TCP has the root of this over p in segments a round trip (Mathis 1997). */
const MATHIS = 3 / 2

/** False where replication may stand for ever although nothing is broken. */
export function fetchesFit({ clusters, network, topics }: Scenario): boolean {
  return clusters.every((cluster) => {
    const regions = new Set(cluster.nodes.map(({ region }) => region))
    const ways = network.links.filter(({ from, to }) => regions.has(from) && regions.has(to))
    const partitions = topics
      .filter((topic) => topic.cluster === cluster.name)
      .reduce((sum, topic) => sum + topic.partitions, 0)
    return ways.every((way) => fits(cluster, way, ceilingOf(network, way), partitions))
  })
}

/** Bits a second of the way itself or of the gateways on it; 0 = unlimited. */
function ceilingOf({ overlay }: NetworkSpec, { from, to, bandwidthBps }: RegionLink): number {
  const ends = new Set(overlay?.regions)
  const isTunnelled = overlay !== null && ends.has(from) && ends.has(to)
  const tunnelled = isTunnelled ? [overlay.ceilingBps, overlay.gatewayBandwidthBps] : []
  const limits = [bandwidthBps, ...tunnelled].filter((limit) => limit > 0)
  return limits.length === 0 ? 0 : Math.min(...limits)
}

function fits({ config }: ClusterSpec, way: RegionLink, ceiling: number, partitions: number) {
  const bytes = Math.min(
    config['replica.fetch.response.max.bytes'],
    partitions * config['replica.fetch.max.bytes'],
  )
  const roundTripMs = (2 * way.delay) / 1_000
  const buffer = config['replica.socket.receive.buffer.bytes']
  const perWindow = buffer < 0 ? 0 : roundTripMs / buffer
  const perLine = ceiling === 0 ? 0 : 8_000 / ceiling
  const limit = config['request.timeout.ms'] / MARGIN
  if (bytes * Math.max(perWindow, perLine) > limit) return false
  // Segments a round trip that bring everything in time.
  const needed = (bytes / way.mtu) * (roundTripMs / limit)
  return needed * needed * (way.lossPpm / 1_000_000) <= MATHIS
}
