// How far links have written down that they have come, wherever each system keeps that.

import type { LinkSpec } from '../../scenario/links.ts'
import { type WorkerGroup, workerGroupOf } from '../../scenario/worker-group.ts'
import type { ObservedRun } from '../observed-run.ts'
import { recordsIn } from './internal-topics.ts'

/**
 * By partition of the source: the first offset that a link would read again. Systems that keep it
 * outside of Kafka tell nothing here: uReplicator has it in ZooKeeper, a mirror has none.
 */
export function positionsOf(run: ObservedRun, link: LinkSpec): ReadonlyMap<number, number> {
  switch (link.system) {
    case 'mirror-maker2':
    case 'connect':
      return storedOffsets(run, link, workerGroupOf(link), 'MirrorSourceConnector')
    case 'replicator':
    case 'mirus':
      return storedOffsets(run, link, workerGroupOf(link), link.name)
    case 'mirror-maker1':
    case 'brooklin':
    case 'flink':
      return committedBy(run, link, link.consumer['group.id'] ?? link.name)
    case 'ureplicator':
    case 'cluster-link':
    case 'cluster-mirror':
      return new Map()
  }
}

/** Connect keeps the offset of the last record that it has copied. */
function storedOffsets(
  run: ObservedRun,
  { to }: LinkSpec,
  { offsetTopic }: WorkerGroup,
  connector: string,
): Map<number, number> {
  const positions = new Map<number, number>()
  for (const value of recordsIn(run, to, offsetTopic)) {
    if (!isStoredOffset(value) || value.connector !== connector) continue
    positions.set(value.partition, value.offset + 1)
  }
  return positions
}

interface StoredOffset {
  readonly connector: string
  readonly partition: number
  readonly offset: number
}

function isStoredOffset(value: object): value is StoredOffset {
  return 'connector' in value && 'partition' in value && 'offset' in value
}

/** Of a group at the source. */
function committedBy(
  { history, result }: ObservedRun,
  { from }: LinkSpec,
  name: string,
): Map<number, number> {
  const groups = result.clusters.find((cluster) => cluster.name === from)?.groups ?? []
  const rows = groups.find(({ group }) => group === name)?.rows ?? []
  const positions = new Map<number, number>()
  for (const { topic, partition, currentOffset } of rows) {
    const place = history.partitions.findLast((one) => {
      return one.cluster === from && one.topic === topic && one.number === partition
    })
    if (place !== undefined && currentOffset !== null) positions.set(place.index, currentOffset)
  }
  return positions
}
