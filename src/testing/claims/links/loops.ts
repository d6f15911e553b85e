import { RangeBag } from '../../../check/intervals.ts'
import { copyPairs, homeOf, standingIn } from '../../linked/copies.ts'
import type { ObservedRun } from '../../observed-run.ts'
import type { Claim } from '../claim.ts'

/** Whatever the graph of the links: a record that came home would set out again. */
export const noLoop: Claim = {
  name: 'no-loop',
  says: 'no record comes back into the cluster that it was written to',
  check(run) {
    const { history, scenario } = run
    if (scenario.links.length === 0) return null
    const found = [...cameHome(run), ...growing(run)]
    const pairs = copyPairs(run)
    for (const { copy } of pairs) {
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

function cameHome({ history }: ObservedRun): string[] {
  return history.partitions.flatMap(({ index, cluster }) => {
    const stranger = standingIn(history, index)?.find(({ recordId }) => {
      const home = homeOf(history, recordId)
      return home !== index && history.partitions[home]?.cluster === cluster
    })
    if (stranger === undefined) return []
    const home = history.partitionName(homeOf(history, stranger.recordId))
    return [`${history.partitionName(index)} holds a record of ${home}`]
  })
}

/** A producer may write a record as often as it tries to, and nobody else writes there. */
function growing({ history }: ObservedRun): string[] {
  const retries = history.partitions.map(() => 0)
  for (const { partition, count, attempts } of history.produced) {
    retries[partition] = (retries[partition] ?? 0) + Math.max(0, attempts - 1) * count
  }
  return history.partitions.flatMap(({ index }) => {
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
