// What an operator orders of cluster mirrors, with the tool of KIP-1279: at the destination, and of
// topics one by one.

import type { MirrorCommand } from '../../faults/fault.ts'
import type { Offset } from '../../kafka/ids.ts'
import { Mirrors } from '../../kafka/metadata/mirror-records.ts'
import type { MirroringOperation } from '../../kafka/mirror-messages.ts'
import type { ClusterMirrorSpec } from '../../scenario/links.ts'
import type { LiveCluster } from '../live-cluster.ts'

const NO_MIRRORS = new Mirrors()

/**
 * Commands that KIP-1279 does not have (failover, promote and the like) do nothing. What came of
 * each order is told in the history.
 */
export class MirrorOperator {
  readonly #clusters: readonly LiveCluster[]
  readonly #tell: (live: LiveCluster, text: string) => void

  constructor(clusters: readonly LiveCluster[], tell: (live: LiveCluster, text: string) => void) {
    this.#clusters = clusters
    this.#tell = tell
  }

  /** `topics` null: all that the mirror has had, or would have from the start. */
  command(command: MirrorCommand, spec: ClusterMirrorSpec, topics: readonly string[] | null): void {
    const live = this.#clusters.find(({ name }) => name === spec.to)
    if (live === undefined) return
    const own = [...mirrorsOf(live).topics.values()].filter(({ link }) => link === spec.name)
    const known = [...new Set([...own.map(({ topic }) => topic), ...spec.mirrors])]
    for (const topic of topics ?? known) {
      const operation = this.#operation(command, live, topic)
      if (operation !== null) this.#order(operation, live, spec, topic)
    }
  }

  /** Start also puts an end to a failure, where the mirror runs. */
  #operation(command: MirrorCommand, live: LiveCluster, topic: string): MirroringOperation | null {
    switch (command) {
      case 'start':
        return hasFailed(live, topic) ? 'recover-mirroring' : 'start-mirroring'
      case 'stop':
        return 'stop-mirroring'
      case 'pause':
        return 'pause-mirroring'
      case 'resume':
        return 'resume-mirroring'
      default:
        return null
    }
  }

  #order(
    operation: MirroringOperation,
    live: LiveCluster,
    { name, from }: ClusterMirrorSpec,
    topic: string,
  ): void {
    const source = this.#clusters.find((one) => one.name === from)
    const surplus =
      operation === 'start-mirroring' ? surplusOf(live, topic, stoppedEnds(source, topic)) : 0
    const request = {
      api: 'AlterMirror' as const,
      operation,
      topic,
      link: name,
      sourceTopic: topic,
    }
    live.operator.order(request, (error, message) => {
      const [text] = operation.split('-')
      const said = surplus > 0 ? `: ${surplus} records here are not the source’s` : ''
      const outcome = error === 'NONE' ? said : `: ${error} ${message}`
      this.#tell(live, `${text} ${topic}${outcome}`)
    })
  }
}

function hasFailed(live: LiveCluster, topic: string): boolean {
  const mirrors = mirrorsOf(live)
  if (mirrors.of(topic)?.state !== 'MIRRORING') return false
  return live.cluster.topics
    .partitionsOf(topic)
    .some((index) => mirrors.progressOf(topic, index).failure !== null)
}

/** Where the mirror of a topic has stopped, partition by partition; 0 where it never was one. */
function stoppedEnds(source: LiveCluster | undefined, topic: string): Offset[] {
  if (source === undefined) return []
  const mirrors = mirrorsOf(source)
  return source.cluster.topics.partitionsOf(topic).map((index) => {
    return mirrors.progressOf(topic, index).done ?? 0
  })
}

/** Records of a topic's leaders behind those offsets. */
export function surplusOf(live: LiveCluster, topic: string, ends: readonly Offset[]): number {
  const { cluster } = live
  return cluster.topics.partitionsOf(topic).reduce((sum, index, number) => {
    const leader = cluster.lastKnownRegistration(index)?.leader ?? -1
    const log = cluster.nodes.get(leader)?.brokerStore.logs.get(index)
    return sum + Math.max(0, (log?.logEndOffset ?? 0) - (ends[number] ?? 0))
  }, 0)
}

/** As the active controller has them; without one, as the tool would fail to ask: none. */
export function mirrorsOf(live: LiveCluster): Mirrors {
  return live.cluster.activeController?.control.state.mirrors ?? NO_MIRRORS
}
