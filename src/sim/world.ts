import { Disk, type DiskSpec } from './disk.ts'
import { Host, Region, Zone } from './host.ts'
import { invariant, Probes } from './invariant.ts'
import { Network } from './network.ts'
import { Process } from './process.ts'
import { RandomSource } from './random.ts'
import { Scheduler } from './scheduler.ts'
import type { Micros } from './time.ts'

/** A seed and what is built from it: the same seed and the same calls give the same run. */
export class World {
  readonly scheduler = new Scheduler()
  readonly random: RandomSource
  readonly network: Network
  readonly probes = new Probes()
  readonly regions = new Map<string, Region>()
  readonly zones = new Map<string, Zone>()
  readonly hosts = new Map<string, Host>()
  readonly processes = new Map<string, Process>()

  constructor({ seed }: { seed: string }) {
    this.random = new RandomSource(seed)
    this.network = new Network(this.scheduler, this.random)
  }

  get now(): Micros {
    return this.scheduler.now
  }

  /** @throws InvariantViolation where the world has a region of that name */
  addRegion(name: string): Region {
    return register(this.regions, name, new Region(name))
  }

  /**
   * Zones are numbered in the order in which they are added.
   * @throws InvariantViolation for a name twice
   */
  addZone(name: string, region: Region): Zone {
    return register(this.zones, name, new Zone(name, region, this.zones.size))
  }

  /**
   * A machine with power and an empty disk, whose times are drawn from a stream of its own.
   * @throws InvariantViolation for a name twice
   */
  addHost(name: string, zone: Zone, disk: Partial<DiskSpec> = {}): Host {
    const stream = this.random.fork(`disk/${name}`)
    return register(this.hosts, name, new Host(name, zone, new Disk(() => this.now, stream, disk)))
  }

  /**
   * A program that is stopped until `start`; its number goes by the order of adding.
   * @throws InvariantViolation for a name twice
   */
  addProcess(name: string, host: Host): Process {
    const process = new Process(this.processes.size, name, host, this.scheduler, this.random)
    return register(this.processes, name, process)
  }

  /** What runs on these hosts, host by host. */
  processesOn(hosts: readonly Host[]): Process[] {
    const all = [...this.processes.values()]
    return hosts.flatMap((host) => all.filter((process) => process.host === host))
  }
}

function register<T>(known: Map<string, T>, name: string, thing: T): T {
  invariant(!known.has(name), 'a name is given once', { name })
  known.set(name, thing)
  return thing
}
