// Which partition is the copy of which, by the names that the links give; and what stands in both.

import { type History, RECORDS_PER_STREAM } from '../../history.ts'
import type { ClusterLinkSpec, LinkSpec, MirrorMaker2Spec } from '../../scenario/links.ts'
import type { ObservedRun } from '../observed-run.ts'

/** Links whose copies have their source's partitions. */
export type PartitionedLink = MirrorMaker2Spec | ClusterLinkSpec

/** A partition of a link's source and its copy at the target, as indices of the history. */
export interface CopyPair {
  readonly link: PartitionedLink
  readonly source: number
  readonly copy: number
}

export function copyPairs({ scenario, history }: ObservedRun): CopyPair[] {
  return scenario.links.filter(isPartitioned).flatMap((link) =>
    history.partitions.flatMap((source): CopyPair[] => {
      if (source.cluster !== link.from) return []
      const topic = copyOf(link, source.topic)
      const copy = history.partitions.find(
        (one) => one.cluster === link.to && one.topic === topic && one.number === source.number,
      )
      return copy === undefined ? [] : [{ link, source: source.index, copy: copy.index }]
    }),
  )
}

function isPartitioned(link: LinkSpec): link is PartitionedLink {
  return link.system === 'mirror-maker2' || link.system === 'cluster-link'
}

/** What a link calls its copy of a topic. */
export function copyOf(link: PartitionedLink, topic: string): string {
  switch (link.system) {
    case 'mirror-maker2': {
      const { config, from } = link
      const keepsName = config['replication.policy.class'].endsWith('IdentityReplicationPolicy')
      return keepsName ? topic : `${from}${config['replication.policy.separator']}${topic}`
    }
    case 'cluster-link':
      return `${link.config['cluster.link.prefix'] ?? ''}${topic}`
  }
}

/** A record of a producer in a log. */
export interface Standing {
  readonly offset: number
  readonly recordId: number
}

/** What counts of a partition when the run is over; null while it has no leader. */
export function standingIn(history: History, partition: number): Standing[] | null {
  const log = history.finalLogs.find((one) => one.partition === partition && one.isSurvivor)
  if (log === undefined) return null
  const records: Standing[] = []
  for (const { baseOffset, count, firstRecordId } of log.ranges) {
    if (!history.isSent(firstRecordId)) continue
    for (let i = 0; i < count; i++) {
      records.push({ offset: baseOffset + i, recordId: firstRecordId + i })
    }
  }
  return records
}

/** The cluster whose clients were the first to write a record. */
export function homeOf(history: History, recordId: number): number {
  return history.streams[Math.floor(recordId / RECORDS_PER_STREAM)]?.partition ?? -1
}
