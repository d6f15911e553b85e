// A full mesh: a link each way between each two regions, and readers of all copies.

import { flowOf, linksOf, readerIn, TOPIC } from './parts.ts'
import type { ConsumerInput, Entry, LinksPart, Place, Plan } from './topology.ts'

/** Every ordered pair of different regions. */
export function waysOf(regions: readonly Place[]): (readonly [from: Place, to: Place])[] {
  return regions.flatMap((from) =>
    regions.filter((to) => to !== from).map((to) => [from, to] as const),
  )
}

/** One link each way between each two regions. */
export function meshLinks(plan: Plan): LinksPart {
  const flows = waysOf(plan.regions).map((way) => flowOf(way, plan))
  return linksOf(flows, plan, 'One link each way between each two regions.')
}

/** In each region a reader of its own topic, and one of each copy. */
export function meshReaders({ regions, system }: Plan): Entry<ConsumerInput>[] {
  return regions.flatMap((place) => [
    { item: readerIn(place, `report-${place.name}`, TOPIC) },
    ...regions
      .filter((from) => from !== place)
      .map((from) => ({
        item: readerIn(
          place,
          `report-${place.name}-of-${from.name}`,
          system.copyOf(from.name, TOPIC),
        ),
      })),
  ])
}
