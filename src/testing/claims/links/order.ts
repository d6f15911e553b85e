import { keptPartitions } from '../../exposure.ts'
import { type CopyPair, copyPairs, type Standing, standingIn } from '../../linked/copies.ts'
import type { ObservedRun } from '../../observed-run.ts'
import type { Claim } from '../claim.ts'

/**
 * Connect's producer has one request in flight, and a task begins where an acknowledged record
 * ended: whatever stands in a copy for the first time follows what stood before it at the source.
 * Copied again it may be, but nothing is left out. A mirror is its source, offset by offset.
 */
export const copiesInOrder: Claim = {
  name: 'copies-in-order',
  says: 'a copy holds its source’s records in their order, and leaves none out before another',
  check(run) {
    const kept = keptPartitions(run)
    const pairs = copyPairs(run).filter(({ source, copy }) => kept[source] && kept[copy])
    const compared = pairs.flatMap((pair) => compare(run, pair) ?? [])
    return pairs.length === 0 ? null : compared.slice(0, 3)
  },
}

function compare({ history }: ObservedRun, { link, source, copy }: CopyPair): string[] | null {
  const [here, there] = [standingIn(history, source), standingIn(history, copy)]
  if (here === null || there === null) return null
  const name = history.partitionName(copy)
  switch (link.system) {
    case 'mirror-maker2':
      return outOfOrder(name, here, there)
    case 'cluster-link':
      return differing(name, here, there)
  }
}

function outOfOrder(name: string, here: readonly Standing[], there: readonly Standing[]): string[] {
  const places = new Map<number, number>()
  for (const { recordId } of here) if (!places.has(recordId)) places.set(recordId, places.size)
  let next = 0
  for (const { offset, recordId } of there) {
    const place = places.get(recordId)
    if (place === undefined) return [`${name}: offset ${offset} is not in the source`]
    if (place > next) return [`${name}: offset ${offset} is record ${place}, ${next} is missing`]
    if (place === next) next++
  }
  return []
}

function differing(name: string, here: readonly Standing[], there: readonly Standing[]): string[] {
  const source = new Map(here.map(({ offset, recordId }) => [offset, recordId]))
  const other = there.find(({ offset, recordId }) => source.get(offset) !== recordId)
  return other === undefined ? [] : [`${name}: offset ${other.offset} is another record`]
}
