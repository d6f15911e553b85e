import type { MirrorMaker2Spec } from '../../../scenario/links.ts'
import { keptPartitions } from '../../exposure.ts'
import { copyPairs, standingIn } from '../../linked/copies.ts'
import type { ObservedRun } from '../../observed-run.ts'
import type { Claim } from '../claim.ts'

/** Time-outs, TCP's doubling waits, a group's session and the next refresh are shorter. */
const QUIET_MS = 80_000

/**
 * Liveness. Two workers without Connect's REST between them may stand still for good, and a dead
 * worker's tasks may wait for minutes: nothing is promised there.
 */
export const linksCatchUp: Claim = {
  name: 'links-catch-up',
  says: 'some time after the last fault a link has brought all that its source holds',
  check(run) {
    if (!hasRested(run)) return null
    const kept = keptPartitions(run)
    const pairs = copyPairs(run).filter(({ link, source, copy }) => {
      const isSafe = kept[source] === true && kept[copy] === true
      return isSafe && link.system === 'mirror-maker2' && runs(run, link)
    })
    const isSource = ({ source }: (typeof pairs)[number]) =>
      (standingIn(run.history, source) ?? []).length > 0
    const judged = pairs.filter(isSource)
    return judged.length === 0 ? null : judged.flatMap((pair) => behind(run, pair)).slice(0, 3)
  },
}

function hasRested({ scenario, history, simulation }: ObservedRun): boolean {
  const since = history.endAt - QUIET_MS * 1_000
  const nodes = simulation.clusters.flatMap(({ cluster }) => [...cluster.nodes.values()])
  return (
    scenario.settle >= QUIET_MS * 1_000 &&
    history.faults.every(({ until }) => until < since) &&
    nodes.every(({ process }) => process.state === 'running')
  )
}

function runs({ simulation }: ObservedRun, { workers }: MirrorMaker2Spec): boolean {
  const processes = workers.map(({ name }) => simulation.world.processes.get(name))
  return workers.length === 1 && processes.every((process) => process?.state === 'running')
}

function behind({ history }: ObservedRun, pair: { source: number; copy: number }): string[] {
  const [here, there] = [standingIn(history, pair.source), standingIn(history, pair.copy)]
  if (here === null || there === null) return []
  const arrived = new Set(there.map(({ recordId }) => recordId))
  const missing = here.filter(({ recordId }) => !arrived.has(recordId)).length
  if (missing === 0) return []
  return [`${history.partitionName(pair.copy)} lacks ${missing} of ${here.length} records`]
}
