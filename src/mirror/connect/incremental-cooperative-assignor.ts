// Models: who of a Connect cluster gets which connectors and tasks: only what must move is moved,
// and what a lost worker ran waits for it.
// Leaves out: the eager protocol of before 2.3; the order of Java's hash tables among workers.
// Source: org.apache.kafka.connect.runtime.distributed.IncrementalCooperativeAssignor; KIP-415.

import type { GenerationId, MemberId } from '../../kafka/ids.ts'
import { NO_GENERATION } from '../../kafka/ids.ts'
import { areDistinct } from '../../sim/state-checks.ts'
import { type Micros, millis } from '../../sim/time.ts'
import { compareTasks, inBoth, isNoWork, NO_WORK, together, type Work, without } from './work.ts'
import { deal, isIdle, loadOf, overload, relieve, type WorkerLoad } from './worker-load.ts'

/** What changes for each worker, and when all must join again. */
export interface ClusterAssignment {
  readonly assigned: ReadonlyMap<MemberId, Work>
  readonly revoked: ReadonlyMap<MemberId, Work>
  /** 0 for never. */
  readonly delay: Micros
}

export interface Generations {
  /** In which the leader last took up an assignment. */
  readonly lastCompleted: GenerationId
  readonly current: GenerationId
}

/**
 * Each revocation that follows right on another waits so many times longer (KAFKA-12495). Before,
 * none was made in the round after one that revoked: a worker that came just then stayed idle.
 */
const BACKOFF_MULTIPLIER = 40
const BACKOFF_FIRST: Micros = millis(1)

/**
 * Memory of one worker while it leads; another leader begins anew, and knows of no lost work: what
 * nobody runs looks new to it and is dealt at once, without the wait.
 *
 * Why work that was lost waits: a worker that restarts is back within a minute. Were its tasks
 * dealt out at once, work would be taken from the others for balance when it is back, so that tasks
 * stop that were never lost.
 *
 * 1. A worker dies; its session ends 10 s later, and the group joins again.
 * 2. The leader misses its tasks: nobody gets them, all join again after the delay.
 * 3. Back in time: it comes as a stranger without work, and is noted as a candidate.
 * 4. When the delay is over the candidates share what was lost (KAFKA-10413), or all do, where
 *    nobody came.
 *
 * So a worker that is gone for good costs its partitions the session and the whole delay, and one
 * that comes back the whole delay all the same.
 */
export class IncrementalCooperativeAssignor {
  /** scheduled.rebalance.max.delay.ms */
  readonly #maxDelay: Micros
  #previousAssignment: Work = NO_WORK
  #previousGeneration: GenerationId = NO_GENERATION
  /** Who was there last time: where all still are, missing work was never taken up. */
  #previousMembers: ReadonlySet<MemberId> = new Set()
  /** Who still runs any of it has not heard of it. */
  #previousRevocation: Work = NO_WORK
  /** Whether the last round took work from the busy, so that this one deals it out. */
  #revokedInPrevious = false
  #revocationsInARow = 0
  /** Workers that came without work while a lost worker is waited for, in the order of coming. */
  readonly #candidates = new Set<MemberId>()
  /** When lost work is given up for; 0 while none is waited for. */
  #scheduledRebalance: Micros = 0
  /** What all are told to wait before they join again; 0 for not at all. */
  #delay: Micros = 0

  constructor(maxDelay: Micros) {
    this.#maxDelay = maxDelay
  }

  /**
   * @param configured what there is to run
   * @param members what each worker of the new generation runs
   */
  assign(
    configured: Work,
    members: ReadonlyMap<MemberId, Work>,
    generations: Generations,
    now: Micros,
  ): ClusterAssignment {
    // Differences between four sets tell what happened: what was dealt, what runs, what there is to
    // run, what was taken back. Work in the first and not in the second has been lost with
    // somebody.
    const active = together(members.values())
    const previous = this.#previous(active, generations)
    const deleted = without(previous, configured)
    const lost = inOrder(without(previous, active, deleted))
    const created = inOrder(without(configured, previous, active))
    const stopped = together([deleted, duplicatedIn(members)])

    const revoked = new Map<MemberId, Work>()
    const loads: WorkerLoad[] = []
    for (const [member, work] of members) {
      addTo(revoked, member, inBoth(work, stopped))
      loads.push(loadOf(member, without(work, stopped)))
    }
    // Lost work stays in what is remembered: the next round must miss it again.
    const reassigned = this.#handleLost(lost, loads, now)
    this.#balance(configured, loads, revoked, now)
    const added = together([created, reassigned])
    deal(loads, 'connectors', added.connectors)
    deal(loads, 'tasks', added.tasks)

    const running = loads.flatMap(({ connectors, tasks }) => [...connectors, ...tasks])
    areDistinct(running, 'one worker runs what is to run')
    this.#previousAssignment = together([without(together(loads), ...revoked.values()), lost])
    this.#previousRevocation = together(revoked.values())
    this.#previousGeneration = generations.current
    this.#previousMembers = new Set(members.keys())
    const assigned = new Map<MemberId, Work>()
    for (const load of loads) {
      assigned.set(load.worker, without(load, members.get(load.worker) ?? NO_WORK))
    }
    return { assigned, revoked, delay: this.#delay }
  }

  /**
   * An assignment that never reached the leader itself reached nobody; and where one took no
   * effect, what runs is what there was.
   */
  #previous(active: Work, { lastCompleted }: Generations): Work {
    if (!isNoWork(inBoth(this.#previousRevocation, active))) return active
    return this.#previousGeneration === lastCompleted ? this.#previousAssignment : NO_WORK
  }

  // ---- what a worker took with it ---------------------------------------------------------------

  /** @returns what is dealt anew at once; work given to workers that waited for it is in `loads` */
  #handleLost(lost: Work, loads: readonly WorkerLoad[], now: Micros): Work {
    if (isNoWork(lost) && !this.#revokedInPrevious) {
      this.#resetDelay()
      return NO_WORK
    }
    const nobodyLeft = [...this.#previousMembers].every((member) =>
      loads.some(({ worker }) => worker === member),
    )
    // Members that are all here never got the last assignment: nobody is to be waited for
    // (KAFKA-9848). Without a delay nobody ever is (KAFKA-15693).
    if ((this.#scheduledRebalance <= 0 && nobodyLeft) || this.#maxDelay === 0) return lost
    if (this.#scheduledRebalance > 0 && now >= this.#scheduledRebalance) {
      return this.#giveUpWaiting(lost, loads)
    }
    for (const load of loads) if (isIdle(load)) this.#candidates.add(load.worker)
    // A rebalance for another reason meanwhile prolongs nothing: the rest of the wait is told
    // again.
    const left = this.#scheduledRebalance - now
    this.#delay = left > 0 ? Math.min(left, this.#maxDelay) : this.#maxDelay
    this.#scheduledRebalance = now + this.#delay
    return NO_WORK
  }

  /** Those who came meanwhile with nothing to do take over, since one may be who was lost. */
  #giveUpWaiting(lost: Work, loads: readonly WorkerLoad[]): Work {
    const candidates = [...this.#candidates].flatMap((member) =>
      loads.filter(({ worker }) => worker === member),
    )
    this.#resetDelay()
    this.#revokedInPrevious = false
    if (candidates.length === 0) return lost
    for (const [i, one] of lost.connectors.entries()) {
      candidates[i % candidates.length]?.connectors.push(one)
    }
    for (const [i, one] of lost.tasks.entries()) {
      candidates[i % candidates.length]?.tasks.push(one)
    }
    return NO_WORK
  }

  #resetDelay(): void {
    this.#candidates.clear()
    this.#scheduledRebalance = 0
    this.#delay = 0
  }

  // ---- what is taken from the busiest -----------------------------------------------------------

  /**
   * Takes from those who have too much; whoever has too little gets it in the next round, once it
   * was stopped. While somebody is waited for nothing is moved: it may bring the balance back
   * itself.
   */
  #balance(
    configured: Work,
    loads: readonly WorkerLoad[],
    revoked: Map<MemberId, Work>,
    now: Micros,
  ): void {
    if (this.#delay !== 0) {
      this.#revokedInPrevious = false
      return
    }
    const tooMuch = revocations(configured, loads)
    if (tooMuch.size === 0) {
      if (this.#revokedInPrevious) this.#revocationsInARow = 0
      this.#revokedInPrevious = false
      return
    }
    if (this.#revokedInPrevious) {
      this.#revocationsInARow++
      this.#delay = this.#backoff(this.#revocationsInARow)
      if (this.#delay !== 0) {
        this.#scheduledRebalance = now + this.#delay
        return
      }
    }
    this.#revokedInPrevious = true
    for (const load of loads) {
      const work = tooMuch.get(load.worker) ?? NO_WORK
      addTo(revoked, load.worker, work)
      relieve(load, work)
    }
  }

  #backoff(times: number): Micros {
    if (this.#maxDelay === 0) return 0
    let delay = BACKOFF_FIRST
    for (let i = 0; i < times; i++) delay = Math.min(delay * BACKOFF_MULTIPLIER, this.#maxDelay)
    return delay
  }
}

/** What each worker has beyond its share. */
function revocations(configured: Work, loads: readonly WorkerLoad[]): Map<MemberId, Work> {
  const revoked = new Map<MemberId, Work>()
  if (loads.every(isIdle) || isNoWork(configured)) return revoked
  const connectors = overload(loads, 'connectors', configured.connectors.length)
  const tasks = overload(loads, 'tasks', configured.tasks.length)
  for (const { worker } of loads) {
    const work = { connectors: connectors.get(worker) ?? [], tasks: tasks.get(worker) ?? [] }
    if (!isNoWork(work)) revoked.set(worker, work)
  }
  return revoked
}

/** What more than one worker runs: all stop it, and one is given it next (KAFKA-9841). */
function duplicatedIn(members: ReadonlyMap<MemberId, Work>): Work {
  const seen: Work[] = []
  const duplicated: Work[] = []
  for (const work of members.values()) {
    duplicated.push(inBoth(work, together(seen)))
    seen.push(work)
  }
  return together(duplicated)
}

function addTo(revoked: Map<MemberId, Work>, member: MemberId, work: Work): void {
  if (!isNoWork(work)) revoked.set(member, together([revoked.get(member) ?? NO_WORK, work]))
}

function inOrder({ connectors, tasks }: Work): Work {
  return { connectors: [...connectors].sort(), tasks: [...tasks].sort(compareTasks) }
}
