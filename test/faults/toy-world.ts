// Three regions of two brokers and a controller, each program a counter of what it hears. Roles are
// told by the test.

import { FAULTS, type FaultKindName, type FaultSpec } from '../../src/faults/catalogue.ts'
import type { Operator, TargetResolver } from '../../src/faults/fault.ts'
import { FaultInjector, type FaultNotice } from '../../src/faults/inject.ts'
import type { FaultEvent, RandomFaults } from '../../src/faults/model.ts'
import type { Durable } from '../../src/sim/disk.ts'
import type { Host } from '../../src/sim/host.ts'
import { seconds } from '../../src/sim/time.ts'
import { World } from '../../src/sim/world.ts'

export const START_DELAY = seconds(2)
export const NAMES = ['broker-1', 'broker-2', 'controller-1'] as const

class ToyDisk implements Durable {
  lost = 0
  wiped = 0
  powerLoss(): void {
    this.lost++
  }
  wipe(): void {
    this.wiped++
  }
}

/** 'r2/broker-1' is a process on its own host 'host-r2/broker-1' in the zone 'r2/a'. */
export class ToyWorld {
  readonly world = new World({ seed: 'toy' })
  readonly disks = new Map<string, ToyDisk>()
  readonly boots: string[] = []
  readonly log: string[] = []
  readonly asked: string[] = []
  controller: string | null = 'r1/controller-1'
  leader: string | null = 'r2/broker-1'

  constructor() {
    for (const region of ['r1', 'r2', 'r3']) {
      const zone = this.world.addZone(`${region}/a`, this.world.addRegion(region))
      for (const name of NAMES) {
        const full = `${region}/${name}`
        const host = this.world.addHost(`host-${full}`, zone)
        const disk = new ToyDisk()
        host.disk.register(disk)
        this.disks.set(full, disk)
        const process = this.world.addProcess(full, host)
        process.onBoot = () => this.boots.push(`${this.world.now / 1_000_000} ${full}`)
        process.start()
      }
    }
    this.world.scheduler.run(0)
    this.boots.length = 0
  }

  get resolver(): TargetResolver {
    return {
      activeController: () => this.controller,
      membersOf: () => ['r1/broker-1', 'r2/broker-1', 'r3/broker-1'],
      leaderOf: () => this.leader,
      coordinatorOf: () => this.leader,
      replicasOf: () => ['r1/broker-1', 'r2/broker-1', 'r3/broker-1'],
      populace: (what) =>
        [...this.world.processes.keys()].filter(
          (name) => what === 'nodes' || name.includes(what.slice(0, -1)),
        ),
    }
  }

  get operator(): Operator {
    return {
      electLeaders: (...args) => this.asked.push(`electLeaders ${JSON.stringify(args)}`),
      reassign: (...args) => this.asked.push(`reassign ${JSON.stringify(args)}`),
      alterConfig: (kind, name, settings) =>
        this.asked.push(`alterConfig ${kind} ${name} ${JSON.stringify([...settings])}`),
      unregisterBroker: (id) => this.asked.push(`unregister ${id}`),
      deleteTopic: (topic) => this.asked.push(`delete ${topic}`),
      addPartitions: (...args) => this.asked.push(`add ${JSON.stringify(args)}`),
      createTopic: (...args) => this.asked.push(`create ${JSON.stringify(args)}`),
      commandMirrors: (...args) => this.asked.push(`mirrors ${JSON.stringify(args)}`),
      alterAcls: (...args) => this.asked.push(`acls ${JSON.stringify(args)}`),
      pauseLink: (link, paused) => this.asked.push(`pause ${link} ${paused}`),
    }
  }

  inject(events: readonly FaultEvent[], random: RandomFaults | null = null): FaultInjector {
    const tell = (what: string) => (notice: FaultNotice) =>
      this.log.push(`${notice.t / 1_000_000} ${what} ${notice.id} ${notice.processes.join(',')}`)
    const ports = {
      world: this.world,
      resolver: this.resolver,
      operator: this.operator,
      startDelay: () => START_DELAY,
      onInject: tell('strikes'),
      onHeal: tell('heals'),
    }
    const injector = new FaultInjector(ports)
    injector.schedule(events, random)
    return injector
  }

  run(untilSeconds: number): void {
    this.world.scheduler.run(seconds(untilSeconds))
  }

  state(name: string): string {
    return this.world.processes.get(name)?.state ?? 'unknown'
  }

  /** States of every process that does not run. */
  down(): string[] {
    return [...this.world.processes.values()]
      .filter(({ state }) => state !== 'running')
      .map(({ name, state }) => `${name} ${state}`)
  }

  host(name: string): Host {
    const host = this.world.hosts.get(`host-${name}`)
    if (host === undefined) throw new Error(`no host ${name}`)
    return host
  }

  /** '-' where packets pass, 'x' where they are dropped, in both directions of a pair. */
  path(a: string, b: string): string {
    const one = (from: Host, to: Host): string =>
      this.world.network.rules.drops(from, to) ? 'x' : '-'
    return one(this.host(a), this.host(b)) + one(this.host(b), this.host(a))
  }
}

/** A fault as a file would write it. Times in seconds. */
export function strike(
  at: number,
  kind: FaultKindName,
  params: unknown,
  lasts: number | null = null,
  id = 'fault-1',
): FaultEvent {
  const fault = { kind, params: FAULTS[kind].schema.parse(params) } as FaultSpec
  const span = lasts === null ? null : ([seconds(lasts), seconds(lasts)] as const)
  return { id, at: [seconds(at), seconds(at)], for: span, every: null, times: 1, fault }
}
