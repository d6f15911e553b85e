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

/** Each revocation that follows right on another waits so many times longer. */
const BACKOFF_MULTIPLIER = 40
const BACKOFF_FIRST: Micros = millis(1)

/** Memory of one worker while it leads; another leader begins anew. */
export class IncrementalCooperativeAssignor {
  /** scheduled.rebalance.max.delay.ms */
  readonly #maxDelay: Micros
  #previousAssignment: Work = NO_WORK
  #previousGeneration: GenerationId = NO_GENERATION
  #previousMembers: ReadonlySet<MemberId> = new Set()
  /** Who still runs any of it has not heard of it. */
  #previousRevocation: Work = NO_WORK
  #revokedInPrevious = false
  #revocationsInARow = 0
  /** Workers that came without work while a lost worker is waited for, in the order of coming. */
  readonly #candidates = new Set<MemberId>()
  #scheduledRebalance: Micros = 0
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
    // Members that are all here never got the last assignment: nobody is to be waited for.
    if ((this.#scheduledRebalance <= 0 && nobodyLeft) || this.#maxDelay === 0) return lost
    if (this.#scheduledRebalance > 0 && now >= this.#scheduledRebalance) {
      return this.#giveUpWaiting(lost, loads)
    }
    for (const load of loads) if (isIdle(load)) this.#candidates.add(load.worker)
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

/** What more than one worker runs: none of them may go on. */
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
