// Faults in a simulation: who holds a role, how long a start takes, what the history says of it.

import type { FaultSpec } from '../faults/catalogue.ts'
import { FaultInjector, type FaultNotice, type InjectorPorts } from '../faults/inject.ts'
import type { FaultEvent, RandomFaults } from '../faults/model.ts'
import type { History } from '../history.ts'
import type { KafkaNode } from '../kafka/node.ts'
import type { Process } from '../sim/process.ts'
import { type Micros, MS } from '../sim/time.ts'
import type { World } from '../sim/world.ts'
import { hitText } from './fault-text.ts'
import type { LiveCluster } from './live-cluster.ts'
import type { Operators } from './operators.ts'
import type { Causes } from './record/causes.ts'
import type { Clock } from './record/clock.ts'
import type { SteadyTraffic } from './record/traffic.ts'
import type { Roles } from './roles.ts'

export interface FaultSurroundings {
  readonly world: World
  readonly clusters: readonly [LiveCluster, ...LiveCluster[]]
  readonly roles: Roles
  readonly operator: Operators
  readonly history: History
  readonly causes: Causes
  readonly clock: Clock
  readonly traffic: SteadyTraffic
}

/**
 * Each strike and heal is an event of the history, noted as cause at every node that it hits. The
 * first strike ends the time that counts as undisturbed traffic.
 */
export class Faults {
  readonly #around: FaultSurroundings
  /** Fault id of the history by the injector's id, while in force. */
  readonly #struck = new Map<string, number>()
  readonly #injector: FaultInjector

  constructor(around: FaultSurroundings) {
    this.#around = around
    this.#injector = new FaultInjector(this.#ports())
  }

  /** Puts a timetable on the clock; its moments count from now. */
  schedule(events: readonly FaultEvent[], random: RandomFaults | null = null): void {
    this.#injector.schedule(events, random)
  }

  /** Has an operator do something that is no fault. */
  order(command: FaultSpec): void {
    this.#injector.order(command)
  }

  /** Ends every fault that is still in force. */
  healAll(): void {
    this.#injector.healAll()
  }

  /** Time from the start of a process to its first request, drawn anew for each. */
  startDelay(process: Process): Micros {
    const { clusters } = this.#around
    const own = clusters.find(({ cluster }) => {
      return [...cluster.nodes.values()].some((node) => node.process === process)
    })
    const { jvmStartMillis, clientStartMillis } = (own ?? clusters[0]).spec.knobs
    const [from, to] = own === undefined ? clientStartMillis : jvmStartMillis
    return process.random('start').int(from * MS, to * MS)
  }

  #ports(): InjectorPorts {
    const { world, roles, operator } = this.#around
    return {
      world,
      resolver: roles,
      operator,
      startDelay: (process) => this.startDelay(process),
      onInject: (notice) => this.#onInject(notice),
      onHeal: (notice) => this.#onHeal(notice),
    }
  }

  #onInject(notice: FaultNotice): void {
    const { history, causes, clock, world, traffic } = this.#around
    traffic.end()
    const target = hitText(world, notice)
    const text = `${notice.kind} ${target}`.trim()
    const id = history.struck(clock.now(), notice.kind, target, text)
    this.#struck.set(notice.id, id)
    causes.fault = id
    for (const node of this.#nodes) {
      if (isHit(notice, node.process)) causes.noteNode(node.id, id)
    }
    for (const cluster of this.#around.clusters) cluster.tellDiskLosses()
  }

  #onHeal(notice: FaultNotice): void {
    const { world, history, causes, clock } = this.#around
    const fault = this.#struck.get(notice.id)
    if (fault === undefined) return
    this.#struck.delete(notice.id)
    const event = history.healed(
      fault,
      clock.now(),
      `${notice.kind} ${hitText(world, notice)} ends`,
    )
    causes.fault = event
    for (const node of this.#nodes) {
      if (isHit(notice, node.process)) causes.noteNode(node.id, event)
    }
  }

  get #nodes(): KafkaNode[] {
    return this.#around.clusters.flatMap(({ cluster }) => [...cluster.nodes.values()])
  }
}

function isHit(notice: FaultNotice, process: Process): boolean {
  return notice.processes.includes(process.name) || notice.hosts.includes(process.host.name)
}
