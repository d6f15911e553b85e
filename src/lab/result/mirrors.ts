// The mirror topics of a cluster at the end of a run: what kafka-mirrors would print. Offsets of
// the source are what its link last heard, however long ago.

import type { MirrorDescription, MirrorStateShown } from '../../contract.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import type { Mirrors, MirrorTopic } from '../../kafka/metadata/mirror-records.ts'
import { sourceFor } from '../links/cluster-links.ts'
import type { LiveCluster } from '../live-cluster.ts'
import type { Simulation } from '../simulation.ts'

type Row = MirrorDescription['partitions'][number]

/** In the order in which they were made. */
export function describeMirrors(simulation: Simulation, live: LiveCluster): MirrorDescription[] {
  const mirrors = mirrorsOf(live.cluster)
  if (mirrors === null) return []
  return [...mirrors.topics.values()].map((mirror) => {
    const { topic, link, sourceTopic } = mirror
    const spec = simulation.links.specs.find(({ name }) => name === link)
    const state = shownState(mirrors, mirror)
    return {
      ...{ topic, link, sourceTopic, state },
      sourceCluster: (spec === undefined ? null : sourceFor(spec, live.name)) ?? '',
      stateAtMs: stateAt(simulation, live, topic),
      failure: mirror.reason ?? failureOf(live, mirrors, topic),
      partitions: live.cluster.topics
        .partitionsOf(topic)
        .map((index) => rowOf(simulation, live, mirror, index)),
    }
  })
}

/** As any node has them that has heard of most. */
function mirrorsOf(cluster: Cluster): Mirrors | null {
  const active = cluster.activeController?.control.state.mirrors
  if (active !== undefined) return active
  for (const { loader } of cluster.nodes.values()) if (loader != null) return loader.image.mirrors
  return null
}

/** A paused link stands in front of what its mirrors would do. */
function shownState(mirrors: Mirrors, { link, state }: MirrorTopic): MirrorStateShown {
  return state === 'ACTIVE' && mirrors.isPaused(link) ? 'LINK_PAUSED' : state
}

/** A mirror of KIP-1279 goes on with the partitions that have not failed. */
function failureOf({ cluster }: LiveCluster, mirrors: Mirrors, topic: string): string | null {
  for (const index of cluster.topics.partitionsOf(topic)) {
    const { failure } = mirrors.progressOf(topic, index)
    if (failure !== null) return `partition ${cluster.topics.numberOf(index)}: ${failure}`
  }
  return null
}

function stateAt({ history }: Simulation, { name }: LiveCluster, topic: string): number {
  const start = `mirror ${name}:${topic}:`
  const event = history.events.findLast(({ kind, text }) => {
    return kind === 'mirror' && text.startsWith(start)
  })
  return (event?.at ?? 0) / 1_000
}

function rowOf(
  { links, world }: Simulation,
  { cluster }: LiveCluster,
  { link, state }: MirrorTopic,
  index: PartitionIndex,
): Row {
  const leader = cluster.lastKnownRegistration(index)?.leader ?? -1
  // Nobody fetches for a mirror that was stopped, so nobody has anything to tell of its source.
  const sight = state === 'STOPPED' ? null : links.sightOf(leader, link, index)
  const { highWatermark = -1, toldAt = -1 } = sight ?? {}
  const log = cluster.nodes.get(leader)?.brokerStore.logs.get(index)
  const end = log?.logEndOffset ?? 0
  return {
    number: cluster.topics.numberOf(index),
    destLogEndOffset: end,
    lastFetchSourceHighWatermark: highWatermark,
    lag: highWatermark < 0 ? -1 : highWatermark - end,
    timeSinceLastFetchMs: toldAt < 0 ? null : Math.floor((world.now - toldAt) / 1_000),
  }
}
