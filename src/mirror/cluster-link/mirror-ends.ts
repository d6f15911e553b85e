// Models: where mirror partitions begin and end: by the replicas of this broker, and of others as
// their leaders tell.
// Leaves out: where a log begins that this broker has no replica of.
// Source: KIP-1279's implementation of 2026 (MirrorSourceSyncer.resolvePartitionLogInfo).

import type { LogEnds, MirrorHost } from '../../kafka/broker/mirror-port.ts'
import { NO_NODE, type NodeId, type PartitionIndex } from '../../kafka/ids.ts'
import type { SourceClient } from './source-client.ts'

type Ends = ReadonlyMap<PartitionIndex, LogEnds>

/**
 * Used by the coordinator before it commits positions of groups, for a KIP-1279 mirror at each
 * sync: a group that is carried further than the mirror goes would skip records, one that is left
 * before its start would be reset. Of a partition that only others hold the start is taken for 0.
 */
export class MirrorEnds {
  readonly #host: Pick<MirrorHost, 'endsOf' | 'leaderOf'>
  readonly #local: Pick<SourceClient, 'askNode'>

  /** @param local a client of this broker's own cluster */
  constructor(host: Pick<MirrorHost, 'endsOf' | 'leaderOf'>, local: Pick<SourceClient, 'askNode'>) {
    this.#host = host
    this.#local = local
  }

  /** Those that cannot be had are left out; `then` is called once. */
  of(partitions: readonly PartitionIndex[], then: (ends: Ends) => void): void {
    const ends = new Map<PartitionIndex, LogEnds>()
    const elsewhere = new Map<NodeId, PartitionIndex[]>()
    for (const partition of partitions) {
      const own = this.#host.endsOf(partition)
      const leader = this.#host.leaderOf(partition)
      if (own !== null) ends.set(partition, own)
      else if (leader !== NO_NODE) {
        elsewhere.set(leader, [...(elsewhere.get(leader) ?? []), partition])
      }
    }
    // One question a leader; who does not answer in time has told nothing, and holds up no other.
    let open = elsewhere.size
    if (open === 0) then(ends)
    for (const [leader, asked] of elsewhere) {
      this.#ask(leader, asked, ends, () => {
        open -= 1
        if (open === 0) then(ends)
      })
    }
  }

  #ask(
    leader: NodeId,
    partitions: readonly PartitionIndex[],
    ends: Map<PartitionIndex, LogEnds>,
    done: () => void,
  ): void {
    const at = 'latest' as const
    const asked = partitions.map((partition) => ({ partition, currentLeaderEpoch: -1, at }))
    this.#local.askNode(
      leader,
      { api: 'ListOffsets', replicaId: NO_NODE, partitions: asked },
      {
        onReply: (_, response) => {
          if (response?.api === 'ListOffsets') {
            for (const { partition, error, offset } of response.partitions) {
              if (error === 'NONE') ends.set(partition, { start: 0, end: offset })
            }
          }
          done()
        },
      },
    )
  }
}
