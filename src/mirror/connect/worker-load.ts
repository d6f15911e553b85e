// Models: dealing connectors and tasks evenly to workers, and what to take from the busiest.
// Leaves out: nothing.
// Source: WorkerCoordinator.WorkerLoad, IncrementalCooperativeAssignor (assignConnectors,
// assignTasks, loadBalancingRevocations).

import type { MemberId } from '../../kafka/ids.ts'
import { isNoWork, type TaskId, type Work } from './work.ts'

/** What one worker is to run; it grows and shrinks while an assignment is worked out. */
export interface WorkerLoad {
  readonly worker: MemberId
  readonly connectors: string[]
  readonly tasks: TaskId[]
}

/** Kinds of work that are balanced each for itself. */
export type WorkKind = 'connectors' | 'tasks'

/** A worker with its own copy of what it runs: the assignor moves work about in it. */
export function loadOf(worker: MemberId, { connectors, tasks }: Work): WorkerLoad {
  return { worker, connectors: [...connectors], tasks: [...tasks] }
}

/** Whether it runs nothing: such a worker is new, or all was taken from it. */
export function isIdle(load: WorkerLoad): boolean {
  return isNoWork(load)
}

/** Takes work from a worker where it has it. */
export function relieve(load: WorkerLoad, work: Work): void {
  remove(load.connectors, work.connectors)
  remove(load.tasks, work.tasks)
}

function remove(from: string[], what: readonly string[]): void {
  const gone = new Set(what)
  from.splice(0, from.length, ...from.filter((one) => !gone.has(one)))
}

/**
 * Gives each item to one of those with the least, in rounds, by their names where they tie. Work is
 * counted and not weighed: a task of one idle partition is as much as one of a hundred busy ones.
 */
export function deal(loads: WorkerLoad[], kind: WorkKind, items: readonly string[]): void {
  loads.sort((a, b) => a[kind].length - b[kind].length || (a.worker < b.worker ? -1 : 1))
  let next = 0
  while (next < items.length) {
    const least = loads[0]?.[kind].length ?? 0
    const found = loads.findIndex((load) => load[kind].length > least)
    const upTo = found === -1 ? loads.length : found
    for (const load of loads.slice(0, upTo)) {
      const item = items[next]
      if (item === undefined) return
      load[kind].push(item)
      next++
    }
  }
}

/**
 * What workers run beyond an even share of `total`, by worker. Some may have one more than others
 * where it does not divide; the first ones in the list keep theirs. Without that allowance two
 * workers with one task would take it from each other for ever.
 */
export function overload(
  loads: readonly WorkerLoad[],
  kind: WorkKind,
  total: number,
): Map<MemberId, string[]> {
  const revoked = new Map<MemberId, string[]>()
  const least = Math.floor(total / loads.length)
  const extras = total % loads.length
  const withExtra = loads.filter((load) => load[kind].length === least + 1).length
  const withLeast = loads.filter((load) => load[kind].length === least).length
  if (withExtra === extras && withLeast + withExtra === loads.length) return revoked
  let allowed = extras
  for (const load of loads) {
    const size = load[kind].length
    if (size <= least) continue
    const most = allowed > 0 ? least + 1 : least
    if (allowed > 0) allowed--
    if (size > most) revoked.set(load.worker, load[kind].slice(0, size - most))
  }
  return revoked
}
