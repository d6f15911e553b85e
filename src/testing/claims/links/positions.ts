import { type Copied, carriedRecords, copiedPartitions, standingIn } from '../../linked/copies.ts'
import { hasGivenUp, soundCopies, trimmedPartitions } from '../../linked/exposure.ts'
import { positionsOf } from '../../linked/positions.ts'
import type { ObservedRun } from '../../observed-run.ts'
import type { Claim } from '../claim.ts'

/**
 * At least once: nobody copies again what lies before the position that a link has written down, so
 * all of that must stand at its target, whatever happened to its processes.
 */
export const positionsNotPastCopies: Claim = {
  name: 'positions-not-past-copies',
  says: 'what lies before the position that a link has written down stands at its target',
  check(run) {
    const judged = writtenDown(run)
    return judged.length === 0 ? null : judged.flatMap((one) => passed(run, one)).slice(0, 3)
  },
}

interface WrittenDown {
  readonly copied: Copied
  readonly position: number
}

/** Of links that leave nothing out: with the positions of all their partitions. */
export function writtenDown(run: ObservedRun): WrittenDown[] {
  const trimmed = trimmedPartitions(run)
  const sound = soundCopies(run, copiedPartitions(run)).filter(
    ({ promises, source, link }) =>
      promises.arrives && !trimmed.has(source) && !hasGivenUp(run, link),
  )
  const known = new Map(run.scenario.links.map((link) => [link, positionsOf(run, link)]))
  return sound.flatMap((copied) => {
    const position = known.get(copied.link)?.get(copied.source)
    return position === undefined ? [] : [{ copied, position }]
  })
}

function passed(run: ObservedRun, { copied, position }: WrittenDown): string[] {
  const { history } = run
  const there = copied.copies.map((copy) => standingIn(history, copy))
  if (there.includes(null)) return []
  const arrived = new Set(there.flatMap((records) => records ?? []).map((one) => one.recordId))
  const before = carriedRecords(run, copied).filter(({ offset }) => offset < position)
  const missing = before.filter(({ recordId }) => !arrived.has(recordId))
  const [first] = missing
  if (first === undefined) return []
  const where = history.partitionName(copied.source)
  return [
    `${copied.link.name} goes on at ${position} of ${where}, and has left out ${missing.length} ` +
      `records before that, the first at ${first.offset}`,
  ]
}
