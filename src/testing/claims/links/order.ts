import { RECORDS_PER_STREAM } from '../../../history.ts'
import { isInBrokers } from '../../../scenario/links.ts'
import {
  type Copied,
  carriedRecords,
  copiedPartitions,
  homeOf,
  type Standing,
  standingIn,
} from '../../linked/copies.ts'
import { hasGivenUp, soundCopies, trimmedPartitions } from '../../linked/exposure.ts'
import { isMirrorOf, offsetsOf, writtenFrom } from '../../linked/mirrored.ts'
import { mayComeHome } from '../../linked/ways-home.ts'
import { type ObservedRun, producerOf } from '../../observed-run.ts'
import type { Claim } from '../claim.ts'

/**
 * A producer that keeps a partition's order, and tasks that begin where an acknowledged record
 * ended: whatever stands in a copy for the first time follows what stood before it at the source.
 * Copied again it may be, but nothing is left out. A mirror is its source, offset by offset.
 */
export const copiesInOrder: Claim = {
  name: 'copies-in-order',
  says: 'a copy holds its source’s records in their order, as its system promises',
  check(run) {
    const compared = comparedCopies(run)
    if (compared.length === 0) return null
    return compared.flatMap(({ sentences }) => sentences).slice(0, 3)
  },
}

/** Of which an order is promised, with what contradicts it. */
export function comparedCopies(
  run: ObservedRun,
): { readonly copied: Copied; readonly sentences: readonly string[] }[] {
  const trimmed = trimmedPartitions(run)
  return soundCopies(run, copiedPartitions(run)).flatMap((copied) => {
    const mayHaveJumped = !isInBrokers(copied.link) && trimmed.has(copied.source)
    // What comes home by other partitions stands in the source more than once, in any order.
    const place = run.history.partitions[copied.source]
    const circles = place !== undefined && mayComeHome(run.scenario, place)
    const isOff = circles || mayHaveJumped || hasGivenUp(run, copied.link)
    const sentences = isOff ? null : compare(run, copied)
    return sentences === null ? [] : [{ copied, sentences }]
  })
}

/** null: nothing is promised. */
function compare(run: ObservedRun, one: Copied): string[] | null {
  const { history } = run
  const { promises, source, twin } = one
  if (standingIn(history, source) === null) return null
  switch (promises.order) {
    case 'at their offsets':
      return twin === null ? null : differing(run, one, twin)
    case 'without a gap':
      return twin === null ? null : outOfOrder(run, one, twin, 'without a gap')
    case 'by key':
      if (!isKeyed(run, one)) return null
      return one.copies.flatMap((copy) => outOfOrder(run, one, copy, 'by key'))
    case 'not promised':
      return null
  }
}

/** Whether all that the source holds has keys. */
function isKeyed(run: ObservedRun, one: Copied): boolean {
  const records = carriedRecords(run, one)
  const streams = new Set(records.map(({ recordId }) => Math.floor(recordId / RECORDS_PER_STREAM)))
  return [...streams].every((stream) => {
    const { keys, partitions } = producerOf(run, stream)
    return keys !== null && partitions === null
  })
}

/** Where keys choose partitions, other partitions of the source have records in the copy, too. */
function outOfOrder(
  run: ObservedRun,
  one: Copied,
  copy: number,
  order: 'without a gap' | 'by key',
): string[] {
  const name = run.history.partitionName(copy)
  const places = new Map<number, number>()
  for (const { recordId } of carriedRecords(run, one)) {
    if (!places.has(recordId)) places.set(recordId, places.size)
  }
  let next = 0
  const seen = new Set<number>()
  for (const { offset, recordId } of foreign(run, one, copy)) {
    const place = places.get(recordId)
    if (place === undefined) {
      if (order === 'by key' || !one.isAlone) continue
      return [`${name}: offset ${offset} is not in the source`]
    }
    if (seen.has(place)) continue
    seen.add(place)
    if (place < next) return [`${name}: offset ${offset} is record ${place}, after ${next - 1}`]
    if (place > next && order === 'without a gap') {
      return [`${name}: offset ${offset} is record ${place}, ${next} is missing`]
    }
    next = place + 1
  }
  return []
}

/** What nobody wrote to the copy but the link. */
function foreign({ history }: ObservedRun, { copies }: Copied, copy: number): Standing[] {
  const own = new Set(copies)
  const there = standingIn(history, copy) ?? []
  return there.filter(({ recordId }) => !own.has(homeOf(history, recordId)))
}

/** null: the topic is not, or not any more, what this link has made of it. */
function differing(run: ObservedRun, copied: Copied, twin: number): string[] | null {
  const { history } = run
  if (!isMirrorOf(run, copied, twin)) return null
  const here = offsetsOf(history, copied.source)
  const until = writtenFrom(run, twin)
  const there = standingIn(history, twin) ?? []
  const other = there.find(({ offset, recordId }) => {
    return offset < until && here.get(offset) !== recordId
  })
  if (other === undefined) return []
  return [`${history.partitionName(twin)}: offset ${other.offset} is another record`]
}
