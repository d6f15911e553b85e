// Models: committed offsets of groups, copied as they are: a mirror's offsets are its source's.
// Leaves out: offsets that expire, share groups.
// Source: Confluent's docs (consumer.offset.sync.*); that a failover brings offsets down to the
// mirror's end is said by many and was read nowhere: a knob, on by default. KIP-1279.

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import type { CommittedOffset } from '../../kafka/group-messages.ts'
import { type GroupId, NO_EPOCH, NO_GENERATION, type NodeId, type Offset } from '../../kafka/ids.ts'
import type { Response } from '../../kafka/messages.ts'
import type { MirrorTopic } from '../../kafka/metadata/mirror-records.ts'
import type { LinkConfig } from './link-config.ts'
import { MirrorEnds } from './mirror-ends.ts'
import type { SourceClient } from './source-client.ts'

/** Positions of one group: partition, offset, and the epoch of the record before it. */
type Offsets = readonly CommittedOffset[]

/**
 * A position needs no translation, but it may be wrong all the same: offsets and records cross on
 * different connections, and nothing holds the one back for the other.
 *
 * 1. A group at the source reads up to 1,000 and commits that.
 * 2. The sync copies 1,000; the mirror's fetcher is at 900, and behind.
 * 3. The source is lost. The mirror is stopped at 950, and is written to by its own producers.
 * 4. The group goes on here at 1,000: it never sees the new records 950 to 999. Clamped to 950 it
 *    reads them.
 *
 * One belongs to the coordinator of a link, and to a broker's process. What cannot be read or
 * committed is left for the next sync: nobody is told of a failure.
 */
export class GroupOffsets {
  readonly #host: MirrorHost
  readonly #config: LinkConfig
  readonly #source: SourceClient
  /** Asks the own cluster over the network, as any tool does: it may be refused or be slow. */
  readonly #local: SourceClient
  readonly #ends: MirrorEnds

  constructor(
    host: MirrorHost,
    config: LinkConfig,
    clients: { readonly source: SourceClient; readonly local: SourceClient },
  ) {
    this.#host = host
    this.#config = config
    this.#source = clients.source
    this.#local = clients.local
    this.#ends = new MirrorEnds(host, clients.local)
  }

  /** consumer.offset.sync.enable. */
  get isOn(): boolean {
    return this.#config.offsetSync !== null
  }

  /** Whether a stopped mirror's groups come down to its end once more. */
  get clamps(): boolean {
    return this.isOn && this.#config.clamping === 'at-failover'
  }

  /** Copies what the groups have committed of the mirrors' sources; `done` whatever came of it. */
  sync(mirrors: readonly MirrorTopic[], done: () => void = () => {}): void {
    // Numbers of the source's partitions are known once its metadata has come: a topic that is
    // followed only now may have to wait for the next sync.
    for (const { sourceTopic } of mirrors) this.#source.follow(sourceTopic)
    groupsOf(this.#source, (groups) => {
      eachGroup(groups.filter(this.#config.takesGroup), done, (group, next) => {
        offsetsOf(this.#source, group, (offsets) => {
          const copied = mirrors.flatMap((mirror) => this.#mirrored(mirror, offsets))
          this.#within(copied, (kept) => commit(this.#local, this.#nameOf(group), kept, next))
        })
      })
    })
  }

  /** Brings what was copied down to where each partition of a stopped mirror ends. */
  clamp({ topic }: MirrorTopic, done: () => void): void {
    // As the leaders reported when they stopped to fetch. Nothing is asked of them: what producers
    // have written since is behind these ends.
    const ends = new Map<number, Offset>()
    for (const index of this.#host.partitionsOf(topic)) {
      const end = this.#host.progressOf(topic, index).done
      if (end !== null) ends.set(index, end)
    }
    groupsOf(this.#local, (groups) => {
      eachGroup(groups.filter(this.#isCopied), done, (group, next) => {
        offsetsOf(this.#local, group, (offsets) => {
          // A group that stands below the end stays there: it has records to read.
          const above = offsets.flatMap(({ partition, offset }) => {
            const end = ends.get(partition) ?? offset
            // The epoch was of the record before the old position; before the new one is another.
            return offset > end ? [{ partition, offset: end, leaderEpoch: NO_EPOCH }] : []
          })
          commit(this.#local, group, above, next)
        })
      })
    })
  }

  /** Whether a group of the destination may have its offsets from the link. */
  readonly #isCopied = (group: string): boolean => {
    const { groupPrefix, takesGroup } = this.#config
    return group.startsWith(groupPrefix) && takesGroup(group.slice(groupPrefix.length))
  }

  /** Where that is the rule: no further than the mirror goes, and no earlier than it begins. */
  #within(offsets: Offsets, then: (offsets: Offsets) => void): void {
    if (this.#config.clamping !== 'at-sync') {
      then(offsets)
      return
    }
    this.#ends.of(
      offsets.map(({ partition }) => partition),
      (ends) => {
        const known = offsets.flatMap((committed) => {
          const own = ends.get(committed.partition)
          // Nobody tells where the mirror ends: an offset that is too high would skip records, and
          // the one that is here already is only old.
          if (own === undefined) return []
          const offset = Math.max(own.start, Math.min(committed.offset, own.end))
          const { partition } = committed
          return offset === committed.offset
            ? [committed]
            : [{ partition, offset, leaderEpoch: NO_EPOCH }]
        })
        then(known)
      },
    )
  }

  #nameOf(group: string): string {
    return `${this.#config.groupPrefix}${group}`
  }

  /** The offsets of the source's partitions as those of the mirror's, number by number. */
  #mirrored({ topic, sourceTopic }: MirrorTopic, offsets: Offsets): CommittedOffset[] {
    const sources = this.#source.metadata.partitionsOf(sourceTopic)
    const mirrors = this.#host.partitionsOf(topic)
    return offsets.flatMap((committed) => {
      const partition = mirrors[sources.indexOf(committed.partition)]
      return partition === undefined ? [] : [{ ...committed, partition }]
    })
  }
}

/** All at once, not one by one: a coordinator that is silent delays none but `done`. */
function eachGroup(
  groups: readonly GroupId[],
  done: () => void,
  work: (group: GroupId, next: () => void) => void,
): void {
  let open = groups.length
  if (open === 0) done()
  const next = () => {
    open -= 1
    if (open === 0) done()
  }
  for (const group of groups) work(group, next)
}

/**
 * The groups of a cluster, asked of each of its brokers as KafkaAdminClient.listConsumerGroups
 * does; those of a broker that does not answer are left out this time.
 */
function groupsOf(client: SourceClient, then: (groups: readonly GroupId[]) => void): void {
  const found = new Set<GroupId>()
  const asked = client.ask(
    { api: 'Metadata', topics: [] },
    {
      onReply: (_, response) => {
        const nodes = response?.api === 'Metadata' ? response.brokers.map(({ id }) => id) : []
        let open = nodes.length
        if (open === 0) then([])
        const onReply = (_request: unknown, answer: Response | null) => {
          const groups = answer?.api === 'ListGroups' ? answer.groups : []
          for (const { group } of groups) found.add(group)
          open -= 1
          if (open === 0) then([...found].sort())
        }
        for (const node of nodes) client.askNode(node, { api: 'ListGroups' }, { onReply })
      },
    },
  )
  if (asked === null) then([])
}

/** Found anew for each call: the coordinator moves with its partition of __consumer_offsets. */
function withCoordinator(
  client: SourceClient,
  group: string,
  then: (coordinator: NodeId | null) => void,
): void {
  const asked = client.ask(
    { api: 'FindCoordinator', group },
    {
      onReply: (_, response) => {
        const isFound = response?.api === 'FindCoordinator' && response.error === 'NONE'
        then(isFound ? response.coordinator : null)
      },
    },
  )
  if (asked === null) then(null)
}

/** Nothing where they cannot be had; a group without positions looks the same. */
function offsetsOf(client: SourceClient, group: string, then: (offsets: Offsets) => void): void {
  withCoordinator(client, group, (coordinator) => {
    if (coordinator === null) {
      then([])
      return
    }
    const request = {
      ...{ api: 'OffsetFetch' as const, group, member: '' },
      ...{ memberEpoch: NO_GENERATION, partitions: null, requireStable: false },
    }
    client.askNode(coordinator, request, {
      onReply: (_, response) => then(response?.api === 'OffsetFetch' ? response.offsets : []),
    })
  })
}

/**
 * From outside the group, as kafka-consumer-groups --reset-offsets does: without a member and a
 * generation. A coordinator takes that of an empty group, or of one that it does not know, and
 * refuses it with UNKNOWN_MEMBER_ID while members are there: who consumes at the destination keeps
 * the positions that it has.
 */
function commit(client: SourceClient, group: string, offsets: Offsets, then: () => void): void {
  if (offsets.length === 0) {
    then()
    return
  }
  withCoordinator(client, group, (coordinator) => {
    if (coordinator === null) {
      then()
      return
    }
    const request = {
      ...{ api: 'OffsetCommit' as const, group, member: '', instance: '' },
      ...{ generation: NO_GENERATION, offsets },
    }
    client.askNode(coordinator, request, { onReply: () => then() })
  })
}
