import { RangeBag } from '../../../check/intervals.ts'
import { copiedPartitions, homeOf, standingIn } from '../../linked/copies.ts'
import { mayComeHome } from '../../linked/ways-home.ts'
import type { ObservedRun } from '../../observed-run.ts'
import type { Claim } from '../claim.ts'

/**
 * A record that came home would set out again. Links that are told to bring a topic home, and have
 * nothing by which they would know it, promise nothing: MirrorMaker 1 to and fro under one name.
 */
export const noLoop: Claim = {
  name: 'no-loop',
  says: 'no record comes back into the cluster that it was written to, unless links are told to',
  check(run) {
    const { history, scenario } = run
    if (scenario.links.length === 0) return null
    const judged = history.partitions.filter((home) => !mayComeHome(scenario, home))
    if (judged.length === 0) return null
    const homes = new Set(judged.map(({ index }) => index))
    const found = [...cameHome(run, homes), ...growing(run, homes)]
    if (homes.size < history.partitions.length) return found.slice(0, 3)
    for (const copy of new Set(copiedPartitions(run).flatMap(({ copies }) => copies))) {
      const path = pathOf(run, copy)
      if (new Set(path).size < path.length) {
        found.push(`${history.partitionName(copy)} has come through ${path.join(', ')}`)
      }
    }
    return found.slice(0, 3)
  },
}

/** The clusters that a topic's name tells of, and where it stands. */
function pathOf({ history }: ObservedRun, partition: number): string[] {
  const { topic = '', cluster = '' } = history.partitions[partition] ?? {}
  const prefixes = topic.split('.').slice(0, -1)
  return [...prefixes.filter((name) => history.clusters.includes(name)), cluster]
}

function cameHome({ history }: ObservedRun, homes: ReadonlySet<number>): string[] {
  return history.partitions.flatMap((here) => {
    const { index } = here
    const stranger = standingIn(history, index)?.find(({ recordId }) => {
      const home = homeOf(history, recordId)
      const known = history.partitions[home]
      if (known === undefined || !homes.has(home)) return false
      // A topic that was deleted and created again is its producers' home as before.
      const isHome = known.topic === here.topic && known.number === here.number
      return known.cluster === here.cluster && !isHome
    })
    if (stranger === undefined) return []
    const home = history.partitionName(homeOf(history, stranger.recordId))
    return [`${history.partitionName(index)} holds a record of ${home}`]
  })
}

/** A producer may write a record as often as it tries to, and nobody else writes there. */
function growing({ history }: ObservedRun, homes: ReadonlySet<number>): string[] {
  const retries = history.partitions.map(() => 0)
  for (const { partition, count, attempts } of history.produced) {
    retries[partition] = (retries[partition] ?? 0) + Math.max(0, attempts - 1) * count
  }
  return [...homes].flatMap((index) => {
    const bag = new RangeBag()
    const own = (standingIn(history, index) ?? []).filter(
      ({ recordId }) => homeOf(history, recordId) === index,
    )
    for (const { recordId } of own) bag.add(recordId, 1)
    const surplus = bag.surplus()
    if (surplus <= (retries[index] ?? 0)) return []
    return [`${history.partitionName(index)} holds ${surplus} records more than were sent`]
  })
}
