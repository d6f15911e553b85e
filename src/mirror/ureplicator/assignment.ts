// Models: which worker gets which partition: new topics one by one to whoever has least; all of a
// lost worker to an idle one, else spread; and an idle worker that joins takes its share.
// Leaves out: partitions that were whitelisted while no worker lived; measured workloads (each
// partition weighs the same); lagging partitions, which would get workers to themselves, and stuck
// ones, which would be moved.
// Source: AutoRebalanceLiveInstanceChangeListener (rescaleInstanceToTopicPartitionMap,
// balancePartitions, removeOverloadedParitions), IdealStateBuilder.buildCustomIdealStateFor
// and expandCustomRebalanceModeIdealStateFor.

import { hashOfText, inHashOrder } from '../../kafka/hash-order.ts'
import { type HelixPartition, partsOf } from './helix.ts'

/** Partitions by worker. */
export type HelixAssignment = Map<string, HelixPartition[]>

/** What decides about a new assignment. */
export interface RebalanceInput {
  readonly live: readonly string[]
  /** By the worker that they are meant for, whether it lives or not. */
  readonly assignment: ReadonlyMap<string, readonly HelixPartition[]>
  /** controller.max.working.instances: others stand by idle; 0: none does. */
  readonly maxWorkingInstances: number
  /** controller.auto.rebalance.workload.ratio.threshold */
  readonly ratioThreshold: number
  /** In some order: those that leave an overloaded worker are chosen by chance. */
  shuffle(partitions: readonly HelixPartition[]): readonly HelixPartition[]
}

/** Gives the partitions of a new topic, one after the other, to the worker with the fewest. */
export function addPartitions(
  loads: ReadonlyMap<string, number>,
  partitions: readonly HelixPartition[],
): Map<HelixPartition, string> {
  const left = new Map(loads)
  const given = new Map<HelixPartition, string>()
  for (const partition of partitions) {
    const [first] = byLoad([...left])
    if (first === undefined) break
    const [instance, load] = first
    left.set(instance, load + 1)
    given.set(partition, instance)
  }
  return given
}

/** Spreads new partitions of a known topic over as many workers as there are for them. */
export function expandTopic(
  loads: ReadonlyMap<string, number>,
  partitions: readonly HelixPartition[],
): Map<HelixPartition, string> {
  const takers = byLoad([...loads]).slice(0, partitions.length)
  const given = new Map<HelixPartition, string>()
  for (const [place, partition] of partitions.entries()) {
    const [instance] = takers[place % takers.length] ?? []
    if (instance !== undefined) given.set(partition, instance)
  }
  return given
}

/** Fewest first, then by name. */
function byLoad(loads: readonly (readonly [string, number])[]): (readonly [string, number])[] {
  return [...loads].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))
}

/** @returns the assignment after workers came or went; null where it stays as it is */
export function rebalance(input: RebalanceInput): HelixAssignment | null {
  const { live, assignment, maxWorkingInstances: max } = input
  if (live.length === 0 || assignment.size === 0) return null
  // Meant for somebody who does not live: lost workers, and those that an operator took away.
  const removed = [...assignment.keys()].filter((name) => !live.includes(name))
  const idle = inHashOrder(new Set(live.filter((name) => !assignment.has(name))), hashOfText)
  let toUse = idle.length
  if (max > 0) toUse = Math.min(idle.length, Math.max(0, max - (assignment.size - removed.length)))
  if (toUse === 0 && removed.length === 0 && (max === 0 || max >= assignment.size)) return null

  const next: HelixAssignment = new Map()
  const free: HelixPartition[] = []
  let isChanged = removed.length > 0
  for (const instance of inHashOrder(new Set(assignment.keys()), hashOfText)) {
    const own = assignment.get(instance) ?? []
    // A stand-by takes all of a lost worker over, as it is; only without one it is spread.
    const heir = !removed.includes(instance) ? instance : toUse > 0 ? idle.shift() : undefined
    if (heir === undefined) free.push(...own)
    else {
      if (heir !== instance) toUse--
      next.set(heir, [...own])
    }
  }
  let isForced = false
  // More have work than may: those beyond the number give all of theirs up.
  if (max > 0 && next.size > max) {
    for (const instance of [...next.keys()].slice(0, next.size - max)) {
      free.push(...(next.get(instance) ?? []))
      next.delete(instance)
    }
  } else {
    for (const instance of idle.slice(0, toUse)) {
      next.set(instance, [])
      isForced = true
    }
  }
  if (balance(next, free, isForced, input)) isChanged = true
  return isChanged ? next : null
}

/**
 * Takes from the overloaded, and gives what is free to those with least. A threshold above 1 keeps
 * partitions where they are though it is not quite even: each move costs the partition a stop.
 * Where a worker joins it does not count: the new one would else get nothing.
 * @returns a change?
 */
function balance(
  next: HelixAssignment,
  free: HelixPartition[],
  isForced: boolean,
  input: RebalanceInput,
): boolean {
  if (next.size === 0) return false
  free.push(...takeFromOverloaded(next, free.length, isForced, input))
  for (const same of byTopic(free)) {
    const lowest = byLoad([...next].map(([name, own]) => [name, own.length] as const))
    const takers = lowest.slice(0, same.length)
    for (const [place, partition] of same.entries()) {
      const [taker] = takers[place % takers.length] ?? []
      if (taker !== undefined) next.get(taker)?.push(partition)
    }
  }
  return free.length > 0
}

function takeFromOverloaded(
  next: HelixAssignment,
  free: number,
  isForced: boolean,
  { ratioThreshold, shuffle }: RebalanceInput,
): HelixPartition[] {
  const sizes = [...next.values()].map((own) => own.length)
  let total = free + sizes.reduce((sum, size) => sum + size, 0)
  let instances = next.size
  const average = total / instances
  // A single partition cannot be divided: its worker does not count.
  for (const size of sizes) {
    if (size !== 1 || average >= 1) continue
    total--
    instances--
  }
  const fair = instances > 0 ? total / instances : average
  const most = isForced && ratioThreshold > 1 ? fair : fair * ratioThreshold
  const taken: HelixPartition[] = []
  const heaviest = byLoad([...next].map(([name, own]) => [name, own.length] as const)).reverse()
  for (const [instance, load] of heaviest) {
    if (load <= 1) continue
    if (load <= most) break
    const own = next.get(instance) ?? []
    const gone = shuffle(own).slice(0, Math.ceil(load - most))
    next.set(
      instance,
      own.filter((partition) => !gone.includes(partition)),
    )
    taken.push(...gone)
  }
  return taken
}

/** Partitions of one topic go to different workers where there are enough of them. */
function byTopic(partitions: readonly HelixPartition[]): HelixPartition[][] {
  const topics = new Map<string, HelixPartition[]>()
  for (const partition of partitions) {
    const { topic } = partsOf(partition)
    topics.set(topic, [...(topics.get(topic) ?? []), partition])
  }
  return [...topics.values()]
}
