import type { Fault } from '../../../history/facts.ts'
import type { LinkSpec } from '../../../scenario/links.ts'
import { isInBrokers, processesOf } from '../../../scenario/links.ts'
import { type Copied, carriedRecords, copiedPartitions, standingIn } from '../../linked/copies.ts'
import { hasGivenUp, soundCopies, trimmedPartitions } from '../../linked/exposure.ts'
import { failedMirrors, isCopying, mirrorPasts } from '../../linked/mirror-states.ts'
import { quietMsOf } from '../../linked/quiet.ts'
import type { ObservedRun } from '../../observed-run.ts'
import type { Claim } from '../claim.ts'

/**
 * Liveness, and the loss of nothing: at least once means once in the end. Where a system does not
 * promise that, or its processes do not run, nothing is claimed.
 */
export const linksCatchUp: Claim = {
  name: 'links-catch-up',
  says: 'some time after the last fault a link has brought all that its source holds',
  check(run) {
    const judged = restedCopies(run)
    return judged.length === 0 ? null : judged.flatMap((one) => behind(run, one)).slice(0, 3)
  },
}

/** Of links that had the time to bring everything. */
export function restedCopies(run: ObservedRun): Copied[] {
  const trimmed = trimmedPartitions(run)
  const whole = soundCopies(run, copiedPartitions(run)).filter(({ source }) => !trimmed.has(source))
  return whole.filter(
    (one) =>
      one.promises.arrives &&
      isAtWork(run, one.link) &&
      (!isInBrokers(one.link) || isGoingOn(run, one)) &&
      carriedRecords(run, one).length > 0,
  )
}

/** A mirror that was neither paused nor stopped, nor has failed. */
function isGoingOn(run: ObservedRun, { link, copies, twin }: Copied): boolean {
  const { cluster, topic } = run.history.partitions[twin ?? -1] ?? {}
  const past = mirrorPasts(run).get(`${cluster}:${topic}`)
  const failed = failedMirrors(run.history)
  return (
    past?.alignedWith === link.name && isCopying(past) && copies.every((one) => !failed.has(one))
  )
}

function isAtWork(run: ObservedRun, link: LinkSpec): boolean {
  const quietMs = quietMsOf(link, run.history.faults.length === 0)
  if (quietMs === null || !hasRested(run, quietMs) || hasGivenUp(run, link)) return false
  const processes = processesOf(link).map(({ name }) => run.simulation.world.processes.get(name))
  return processes.every((process) => process?.state === 'running')
}

function hasRested({ scenario, history, simulation }: ObservedRun, quietMs: number): boolean {
  const since = history.endAt - quietMs * 1_000
  const nodes = simulation.clusters.flatMap(({ cluster }) => [...cluster.nodes.values()])
  return (
    scenario.settle >= quietMs * 1_000 &&
    history.faults.every((fault) => endOf(fault) < since) &&
    nodes.every(({ process }) => process.state === 'running')
  )
}

/**
 * Orders that are done when they are given: nothing heals them, and nothing need. What a mirror
 * does after one its state tells; a topic that was deleted is not judged.
 */
const MOMENTARY: readonly string[] = [
  ...['restart', 'delete-topic', 'create-topic', 'mirror-pause', 'mirror-resume', 'mirror-promote'],
  ...['mirror-failover', 'mirror-reverse', 'mirror-truncate-and-restore'],
  ...['mirror-start', 'mirror-stop', 'link-resume'],
]

function endOf({ kind, from, until }: Fault): number {
  return MOMENTARY.includes(kind) ? from : until
}

function behind(run: ObservedRun, one: Copied): string[] {
  const { history } = run
  const there = one.copies.map((copy) => standingIn(history, copy))
  if (standingIn(history, one.source) === null || there.includes(null)) return []
  const arrived = new Set(there.flatMap((records) => records ?? []).map((each) => each.recordId))
  const here = carriedRecords(run, one)
  const missing = here.filter(({ recordId }) => !arrived.has(recordId)).length
  if (missing === 0) return []
  const [from, to] = [one.source, one.twin ?? one.copies[0] ?? -1].map((index) => {
    return history.partitionName(index)
  })
  return [`${one.link.name} has left out ${missing} of ${here.length} records of ${from} at ${to}`]
}
