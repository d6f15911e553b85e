import { nameOf } from '../../../scenario/resolve/links/remote-topics.ts'
import {
  type Copied,
  carriedRecords,
  copiedPartitions,
  copyOf,
  standingIn,
} from '../../linked/copies.ts'
import { soundCopies, trimmedPartitions } from '../../linked/exposure.ts'
import type { ObservedRun } from '../../observed-run.ts'
import type { Claim } from '../claim.ts'

/** A group that has read a copy, after it has read its source or before. */
interface Reading {
  readonly group: string
  readonly copied: Copied
  readonly copy: number
  /** The offset after the last record that it was handed there. */
  readonly until: number
}

/**
 * What translation is for, seen from its readers: of the records that a link has brought, none lies
 * below what a group was handed at the copy that it was handed nowhere.
 */
export const readersSkipNothing: Claim = {
  name: 'readers-skip-nothing',
  says: 'a group that goes on at a link’s target has had every record that lies behind it there',
  check(run) {
    const judged = readingsOf(run)
    return judged.length === 0 ? null : judged.flatMap((one) => skippedBy(run, one)).slice(0, 3)
  },
}

/** Of groups whose offsets a link promises to bring, and which go by them. */
export function readingsOf(run: ObservedRun): Reading[] {
  const { history } = run
  const trimmed = trimmedPartitions(run)
  const pairs = soundCopies(run, copiedPartitions(run)).filter((one) => isJudged(run, one, trimmed))
  const readings = new Map<string, Reading>()
  for (const { consumer, partition, baseOffset, count } of history.delivered) {
    const { group = '', name = '' } = history.consumers[consumer] ?? {}
    if (group === '' || goesByTime(run, name)) continue
    for (const copied of pairs.filter(({ twin }) => twin === partition)) {
      const key = `${group} ${copied.link.name} ${copied.source}`
      const until = Math.max(readings.get(key)?.until ?? 0, baseOffset + count)
      readings.set(key, { group, copied, copy: partition, until })
    }
  }
  return [...readings.values()]
}

/** What retention took from the source nobody could read there. */
function isJudged(run: ObservedRun, one: Copied, trimmed: ReadonlySet<number>): boolean {
  const { link, promises, source, twin } = one
  const topic = run.history.partitions[source]?.topic ?? ''
  const isRouted = copyOf(link, topic) !== nameOf(link, topic)
  const isPromised = promises.groups === 'never past the truth'
  return twin !== null && isPromised && !isRouted && !trimmed.has(source)
}

/** Who goes back by time may be behind by more than that in one of its partitions. */
function goesByTime({ scenario }: ObservedRun, name: string): boolean {
  return scenario.consumers.some((one) => {
    return one.name === name && one.failover?.strategy === 'timestamp'
  })
}

function skippedBy(run: ObservedRun, { group, copied, copy, until }: Reading): string[] {
  const { history } = run
  const had = handedTo(run, group)
  const brought = new Set(carriedRecords(run, copied).map(({ recordId }) => recordId))
  const there = standingIn(history, copy) ?? []
  const passed = there.find(({ offset, recordId }) => {
    return offset < until && brought.has(recordId) && !had.has(recordId)
  })
  if (passed === undefined) return []
  const where = history.partitionName(copy)
  return [`${group} was handed ${where} up to ${until}, and the record at ${passed.offset} nowhere`]
}

/** Every record that one of its members was handed, in whatever cluster. */
function handedTo({ history }: ObservedRun, group: string): Set<number> {
  const had = new Set<number>()
  for (const { consumer, firstRecordId, count } of history.delivered) {
    if (history.consumers[consumer]?.group !== group) continue
    for (let i = 0; i < count; i++) had.add(firstRecordId + i)
  }
  return had
}
