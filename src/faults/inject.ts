// Drives a timetable: strikes at its moments, heals, and tells the lab what was done to whom.

import type { Host } from '../sim/host.ts'
import type { Process } from '../sim/process.ts'
import type { Random } from '../sim/random.ts'
import type { HandlerId } from '../sim/scheduler.ts'
import type { Micros } from '../sim/time.ts'
import type { World } from '../sim/world.ts'
import { type FaultKindName, type FaultSpec, injectFault } from './catalogue.ts'
import type { Affected, Heal, Operator, Stage, TargetResolver } from './fault.ts'
import { Holds } from './holds.ts'
import type { FaultEvent, RandomFaults } from './model.ts'
import { PacketRules } from './packet-rules.ts'
import { resolveTarget } from './resolve-target.ts'
import type { Target } from './target.ts'
import { expandTimetable, type Strike } from './timetable.ts'

/** What happened, for the timeline and the chain of causes. */
export interface FaultNotice {
  readonly id: string
  readonly kind: FaultKindName
  /** The hosts it hit; [] for operator actions and for roles that nobody held. */
  readonly hosts: readonly string[]
  /** The processes it hit. */
  readonly processes: readonly string[]
  readonly t: Micros
}

export interface InjectorPorts {
  readonly world: World
  readonly resolver: TargetResolver
  readonly operator: Operator
  startDelay(process: Process): Micros
  onInject(notice: FaultNotice): void
  onHeal(notice: FaultNotice): void
}

interface Hit {
  readonly processes: Set<Process>
  readonly hosts: Set<Host>
}

/**
 * One for each run. A run may schedule several timetables one after the other; what they keep down
 * and cut adds up. Chance comes from forks of the world's own, named 'faults/…'.
 */
export class FaultInjector {
  readonly #ports: InjectorPorts
  readonly #rules: PacketRules
  readonly #handler: HandlerId<() => void>
  readonly #timetableRandom: Random
  readonly #healing = new Map<string, () => void>()
  readonly #downProcesses = new Holds<Process>()
  readonly #downHosts = new Holds<Host>()
  #timetables = 0
  #last: Affected = { processes: [], hosts: [] }

  constructor(ports: InjectorPorts) {
    this.#ports = ports
    this.#rules = new PacketRules(ports.world)
    const call = (_a: number, _b: number, callback: () => void) => callback()
    this.#handler = ports.world.scheduler.register(call, 'fault')
    this.#timetableRandom = ports.world.random.fork('faults/timetable')
  }

  /**
   * Draws a timetable out and puts every strike on the clock; its moments count from now.
   * Ids of a second timetable start with '2/', so that every strike of a run has its own.
   */
  schedule(
    events: readonly FaultEvent[],
    randomFaults: RandomFaults | null = null,
  ): readonly Strike[] {
    this.#timetables++
    const prefix = this.#timetables === 1 ? '' : `${this.#timetables}/`
    const drawn = expandTimetable(events, randomFaults, this.#timetableRandom)
    const strikes = drawn.map((strike) => ({ ...strike, id: prefix + strike.id }))
    for (const strike of strikes) this.#later(strike.at, () => this.#strike(strike))
    return strikes
  }

  /** What an operator orders outside the timetable: it is no fault, and nobody is told. */
  order(command: FaultSpec): void {
    const hit: Hit = { processes: new Set(), hosts: new Set() }
    injectFault(this.#stageOf('order', hit), command)
  }

  /** Heals everything that is still in force: the end of the disturbance. */
  healAll(): void {
    for (const heal of [...this.#healing.values()]) heal()
  }

  #strike(strike: Strike): void {
    const hit: Hit = { processes: new Set(), hosts: new Set() }
    const heal = injectFault(this.#stageOf(strike.id, hit), strike.fault)
    this.#last = { processes: [...hit.processes], hosts: [...hit.hosts] }
    const notice = {
      id: strike.id,
      kind: strike.fault.kind,
      hosts: this.#last.hosts.map(({ name }) => name),
      processes: this.#last.processes.map(({ name }) => name),
    }
    this.#ports.onInject({ ...notice, t: this.#ports.world.now })
    if (heal !== null) this.#scheduleHeal(strike, heal, notice)
  }

  #scheduleHeal(strike: Strike, heal: Heal, notice: Omit<FaultNotice, 't'>): void {
    const once = (): void => {
      if (!this.#healing.delete(strike.id)) return
      heal()
      this.#ports.onHeal({ ...notice, t: this.#ports.world.now })
    }
    this.#healing.set(strike.id, once)
    if (strike.for !== null) this.#later(strike.for, once)
  }

  #stageOf(id: string, hit: Hit): Stage {
    const { world, resolver, operator } = this.#ports
    const random = world.random.fork(`faults/${id}`)
    const last = this.#last
    return {
      world,
      random,
      operator,
      rules: this.#rules,
      downProcesses: this.#downProcesses,
      downHosts: this.#downHosts,
      affected: (target: Target): Affected => {
        const affected = resolveTarget({ world, resolver, random, last }, target)
        for (const process of affected.processes) hit.processes.add(process)
        for (const host of affected.hosts) hit.hosts.add(host)
        return affected
      },
      startDelay: (process: Process) => this.#ports.startDelay(process),
      later: (delay: Micros, callback: () => void) => this.#later(delay, callback),
    }
  }

  #later(delay: Micros, callback: () => void): void {
    this.#ports.world.scheduler.schedule(delay, this.#handler, 0, 0, callback)
  }
}
