// What a run did to a partition, and whether Kafka still promises anything for it. acks=all holds
// as long as every leader was elected cleanly and the last in-sync copy was never on a disk that
// lost something (KIP-966, "last replica standing"). With eligible leader replicas a copy that came
// back from such a disk is struck off, so that it takes the disks of all eligible ones to lose.

import type { DiskLoss, PartitionChange } from '../history/facts.ts'
import type { History } from '../history.ts'
import { INVARIANTS } from '../lab/invariants/table.ts'
import type { Scenario } from '../scenario/model.ts'
import { cutByOrder } from './linked/mirror-states.ts'
import type { ObservedRun } from './observed-run.ts'

/**
 * By partition: true where what was committed is promised to stay. A topic that goes home as the
 * mirror of its mirror loses what had not crossed: truncate-and-restore tells how many records that
 * deletes (Confluent’s CLI), and so do the log alignment of KIP-1279 and its tool.
 */
export function keptPartitions(run: ObservedRun): boolean[] {
  const cut = cutByOrder(run)
  return soundPartitions(run).map((isSound, index) => isSound && !cut.has(index))
}

/** By partition: true where Kafka itself keeps what was committed, whatever people order. */
export function soundPartitions(run: ObservedRun): boolean[] {
  const { history, scenario } = run
  const { elr } = scenario.guards
  const isSound = hasRepairs(scenario) && !lostVoter(run)
  const deleted = new Set(history.removals.map(({ partition }) => partition))
  return history.partitions.map(
    ({ index }) =>
      isSound && !deleted.has(index) && isKept(changesOf(history, index), history, elr),
  )
}

/** Without these repairs Kafka itself lost, changed or mixed up committed records. */
export function hasRepairs({ guards }: Scenario): boolean {
  const promise = INVARIANTS.find(({ number }) => number === (guards.elr ? 'I15' : 'I14'))
  const needed = [...(promise?.guards ?? []), ...(guards.elr ? (promise?.guardsWithElr ?? []) : [])]
  return needed.every((guard) => guards[guard])
}

/**
 * A voter with an empty disk may vote twice, and a leader counts its own log before it has flushed
 * it: then even the metadata log is not safe.
 */
export function lostVoter({ history, scenario }: ObservedRun): boolean {
  if (history.metadataLosses.length > 0) return true
  const nodes = scenario.clusters.flatMap((cluster) => cluster.nodes)
  const voters = nodes.filter(({ roles }) => roles.includes('controller'))
  return history.diskLosses.some(
    ({ node, what }) => what === 'all' && voters.some(({ id }) => id === node),
  )
}

/** In the order of time; `partition` is the index in `history.partitions`. */
export function changesOf(history: History, partition: number): PartitionChange[] {
  return history.partitionChanges.filter((change) => change.partition === partition)
}

function isKept(changes: readonly PartitionChange[], history: History, elr: boolean): boolean {
  return !hadUncleanElection(changes) && !lastCopyWasAtRisk(changes, history, elr)
}

/** A leader from outside of the in-sync and the eligible replicas. */
export function hadUncleanElection(changes: readonly PartitionChange[]): boolean {
  return changes.some((change, index) => {
    const before = changes[index - 1]
    if (before === undefined || change.leader < 0 || change.leader === before.leader) return false
    return !before.isr.includes(change.leader) && !before.elr.includes(change.leader)
  })
}

/**
 * Whether at any time all that could lead, the ISR and with `elr` the eligible ones, stood on disks
 * that had lost something since they joined, or had been deleted.
 */
function lastCopyWasAtRisk(
  changes: readonly PartitionChange[],
  history: History,
  elr: boolean,
): boolean {
  const atRisk = new Map<number, number>()
  let isr: readonly number[] = []
  let copies: readonly number[] = []
  for (const step of inOrder(changes, history.diskLosses)) {
    if ('isr' in step) {
      // Who is off the assignment deletes its log, and Kafka may leave it eligible all the same.
      for (const id of step.elr) if (!step.replicas.includes(id)) atRisk.set(id, step.at)
      for (const id of step.isr) {
        const joins = !isr.includes(id) && cameBack(history, id, atRisk.get(id), step.at)
        if (joins) atRisk.delete(id)
      }
      isr = step.isr
      copies = elr ? [...isr, ...step.elr] : isr
    } else atRisk.set(step.node, step.at)
    if (copies.length > 0 && copies.every((id) => atRisk.has(id))) return true
  }
  return false
}

/** Whether a broker registered again between its loss and a moment. */
function cameBack(history: History, broker: number, since: number | undefined, at: number) {
  return history.brokerChanges.some(
    (one) =>
      one.broker === broker &&
      one.change === 'registered' &&
      one.at > (since ?? Number.POSITIVE_INFINITY) &&
      one.at <= at,
  )
}

/** By time; losses before decisions of the same instant. */
function inOrder(
  changes: readonly PartitionChange[],
  losses: readonly DiskLoss[],
): (PartitionChange | DiskLoss)[] {
  return [...losses, ...changes].sort((a, b) => a.at - b.at)
}
