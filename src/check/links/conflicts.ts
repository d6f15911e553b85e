// Claim C12 for clusters that both take writes of one topic's keys, with links both ways: how often
// they contradict one another. No log shows it, only the two states do.
//
// crossed   a write here and one there of the same key, each acknowledged before the other had
//           come: whoever applies them as they come has them in the one order here, in the other
//           there.
// apart     keys whose last write, by the order in which writes came, is another one on each side
//           when the run ends.
//
// Writes come with their append to a log; what readers take longer is not in it. A topic that was
// taken over is not judged: its two writers are one after the other.

import type { Link } from '../../history/facts.ts'
import { keyOfRecord } from '../../history/key-of-record.ts'
import { type History, RECORDS_PER_STREAM } from '../../history.ts'
import type { Conflict } from './judgement.ts'
import type { LinkPaths } from './path.ts'

/** Beyond that many writes of one topic in two clusters nobody counts: it would take minutes. */
const WRITES_MAX = 4_000_000

/** By topic and pair of clusters, in the order of the links; none without keys. */
export function conflictsOf(history: History, paths: LinkPaths): Conflict[] {
  const conflicts: Conflict[] = []
  for (const [number, there] of history.links.entries()) {
    const back = history.links.slice(number + 1).find(({ from, to }) => {
      return from === there.to && to === there.from
    })
    if (back === undefined || isTakenOver(history, there) || isTakenOver(history, back)) continue
    for (const topic of sharedTopics(history, there, back)) {
      const first = writesOf(history, paths, there, topic)
      const second = writesOf(history, paths, back, topic)
      if (first === null || second === null) continue
      conflicts.push({ topic, between: [there.from, there.to], ...contradictions(first, second) })
    }
  }
  return conflicts
}

function isTakenOver({ promotions }: History, link: Link): boolean {
  return promotions.some((promotion) => promotion.link === link.name)
}

/** Topics whose records both links carry from their homes, and have keys on both sides. */
function sharedTopics(history: History, there: Link, back: Link): string[] {
  const here = keyedTopics(history, there)
  return [...keyedTopics(history, back)].filter((topic) => here.has(topic))
}

function keyedTopics({ streams, partitions }: History, link: Link): Set<string> {
  const topics = new Set<string>()
  for (const { partition, keys = [] } of streams) {
    const { cluster, topic } = partitions[partition] ?? { cluster: '', topic: '' }
    if (keys.length > 0 && cluster === link.from && link.carries(topic)) topics.add(topic)
  }
  return topics
}

/** Writes of one key at one side: when each was there, and when it was at the other; by place. */
interface Writes {
  readonly own: number[]
  readonly other: number[]
}

/** By key; null where there are too many to count. */
function writesOf(
  history: History,
  paths: LinkPaths,
  link: Link,
  topic: string,
): Map<number, Writes> | null {
  const byKey = new Map<number, Writes>()
  let sum = 0
  for (const piece of paths.of(link).pieces) {
    const home = history.partitions[piece.partition]
    const stream = history.streams[Math.floor(piece.firstRecordId / RECORDS_PER_STREAM)]
    if (stream === undefined || home?.topic !== topic || home.cluster !== link.from) continue
    if (!Number.isFinite(piece.ackedAt) || !Number.isFinite(piece.sourceAt)) continue
    sum += piece.count
    if (sum > WRITES_MAX) return null
    for (let n = 0; n < piece.count; n++) {
      const key = keyOfRecord(stream, piece.firstRecordId + n)
      if (key === null) continue
      const writes = byKey.get(key) ?? { own: [], other: [] }
      byKey.set(key, writes)
      writes.own.push(piece.sourceAt)
      writes.other.push(piece.copiedAt)
    }
  }
  return byKey
}

function contradictions(
  first: ReadonlyMap<number, Writes>,
  second: ReadonlyMap<number, Writes>,
): Omit<Conflict, 'topic' | 'between'> {
  const counts = { keys: 0, crossed: 0, keysCrossed: 0, keysApart: 0 }
  for (const [key, here] of first) {
    const there = second.get(key)
    if (there === undefined) continue
    const crossed = crossings(here, there)
    counts.keys++
    counts.crossed += crossed
    if (crossed > 0) counts.keysCrossed++
    if (isApart(here, there)) counts.keysApart++
  }
  return counts
}

/** All pairs, but for those of which one had come before the other was written. */
function crossings(here: Writes, there: Writes): number {
  const pairs = here.own.length * there.own.length
  return pairs - ordered(here.other, there.own) - ordered(there.other, here.own)
}

/** Pairs of an arrival and a later write, at one side. */
function ordered(arrivals: readonly number[], writes: readonly number[]): number {
  const came = arrivals.toSorted((a, b) => a - b)
  const written = writes.toSorted((a, b) => a - b)
  let pairs = 0
  let before = 0
  for (const at of written) {
    while (before < came.length && (came[before] ?? 0) <= at) before++
    pairs += before
  }
  return pairs
}

/** Whether the last write to have come is another one on each side. */
function isApart(here: Writes, there: Writes): boolean {
  const ownHere = last(here.own)
  const ownThere = last(there.own)
  const fromThere = last(there.other)
  const fromHere = last(here.other)
  const isOwnHere = ownHere.at > fromThere.at
  const isOwnThere = ownThere.at > fromHere.at
  if (isOwnHere === isOwnThere) return true
  return isOwnHere ? ownHere.place !== fromHere.place : ownThere.place !== fromThere.place
}

/** What has not come is in no state. */
function last(times: readonly number[]): { readonly at: number; readonly place: number } {
  let latest = { at: -1, place: -1 }
  for (const [place, at] of times.entries()) {
    if (Number.isFinite(at) && at >= latest.at) latest = { at, place }
  }
  return latest
}
