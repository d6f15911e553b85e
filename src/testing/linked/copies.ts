// Which partitions are copies of which, by the names that the links give; and what stands in them.

import type { FinalLog } from '../../history/facts.ts'
import { type History, RECORDS_PER_STREAM } from '../../history.ts'
import { carriedBy } from '../../lab/links/carried-topics.ts'
import type { LinkSpec } from '../../scenario/links.ts'
import { nameOf } from '../../scenario/resolve/links/remote-topics.ts'
import type { ObservedRun } from '../observed-run.ts'
import { type Promises, promisesOf } from './promises.ts'

/** A partition of a link's source and its copy, as indices of the history. */
export interface Copied {
  readonly link: LinkSpec
  readonly promises: Promises
  readonly source: number
  /** Partitions of the topic that holds the copy, by their number. */
  readonly copies: readonly number[]
  /** The one of them that its number leads to; null for none. */
  readonly twin: number | null
  /** Whether numbers lead no other partition of the source there. */
  readonly isAlone: boolean
}

/** Of topics that were there from their first record to the end. */
export function copiedPartitions(run: ObservedRun): Copied[] {
  const { scenario, history } = run
  const gone = new Set(
    history.removals.map(({ partition }) => placeOf(history.partitions[partition])),
  )
  const whole = history.partitions.filter((one) => !gone.has(placeOf(one)))
  const carried = scenario.links.map((link) => ({ link, takes: carriedBy(link, scenario) }))
  return carried.flatMap(bothWays).flatMap(({ link, takes }) => {
    const promises = promisesOf(link, scenario)
    return whole.flatMap((source): Copied[] => {
      if (source.cluster !== link.from || !takes(source.topic)) return []
      const topic = copyOf(link, source.topic)
      const found = whole.filter((one) => one.cluster === link.to && one.topic === topic)
      if (found.length === 0) return []
      const siblings = whole.filter((one) => placeOf(one) === placeOf(source))
      const isAlone = siblings.length <= found.length
      // uReplicator takes the number modulo the copy's partitions.
      const number = link.system === 'ureplicator' ? source.number % found.length : source.number
      const twin = found.find((one) => one.number === number)?.index ?? null
      const copies = found.map(({ index }) => index)
      return [{ link, promises, source: source.index, copies, twin, isAlone }]
    })
  })
}

interface Way {
  readonly link: LinkSpec
  readonly takes: (topic: string) => boolean
}

/** A link of Confluent's that was made for it may be turned round, topic by topic. */
function bothWays(way: Way): Way[] {
  const { link } = way
  if (link.system !== 'cluster-link' || link.config['link.mode'] !== 'BIDIRECTIONAL') return [way]
  // With a prefix there is no turning round.
  if ((link.config['cluster.link.prefix'] ?? '') !== '') return [way]
  return [way, { ...way, link: { ...link, from: link.to, to: link.from } }]
}

function placeOf(partition: { cluster: string; topic: string } | undefined): string {
  return `${partition?.cluster}:${partition?.topic}`
}

/** What a link calls its copy of a topic in the end. */
export function copyOf(link: LinkSpec, topic: string): string {
  const name = nameOf(link, topic)
  if (link.system !== 'connect') return name
  return link.transforms.reduce((named, one) => {
    if (one.kind !== 'route') return named
    return named.replace(new RegExp(`^(?:${one.regex})$`), one.replacement)
  }, name)
}

/** A record of a producer in a log. */
export interface Standing {
  readonly offset: number
  readonly recordId: number
}

/** The log that counts when the run is over; null while the partition has no leader. */
export function survivorOf({ finalLogs }: History, partition: number): FinalLog | null {
  return finalLogs.find((one) => one.partition === partition && one.isSurvivor) ?? null
}

/** What stands in the log that counts; null where there is none. */
export function standingIn(history: History, partition: number): Standing[] | null {
  const log = survivorOf(history, partition)
  if (log === null) return null
  const records: Standing[] = []
  for (const { baseOffset, count, firstRecordId } of log.ranges) {
    if (!history.isSent(firstRecordId)) continue
    for (let i = 0; i < count; i++) {
      records.push({ offset: baseOffset + i, recordId: firstRecordId + i })
    }
  }
  return records
}

/** The partition to which clients were the first to write a record. */
export function homeOf(history: History, recordId: number): number {
  return history.streams[Math.floor(recordId / RECORDS_PER_STREAM)]?.partition ?? -1
}

/**
 * What a copy should have of its source: not what is at home in the copy's own topic, which a link
 * with provenance leaves out, nor what a filter dropped.
 */
export function carriedRecords(run: ObservedRun, { link, source, copies }: Copied): Standing[] {
  const { history } = run
  const dropped = droppedBy(run, link)
  const own = new Set(copies)
  return (standingIn(history, source) ?? []).filter(
    ({ recordId }) => !own.has(homeOf(history, recordId)) && !dropped.has(recordId),
  )
}

function droppedBy({ history }: ObservedRun, { name }: LinkSpec): Set<number> {
  const dropped = new Set<number>()
  for (const { link, firstRecordId, count } of history.filtered) {
    if (history.links[link]?.name !== name) continue
    for (let i = 0; i < count; i++) dropped.add(firstRecordId + i)
  }
  return dropped
}
