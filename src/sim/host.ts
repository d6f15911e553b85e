import type { Disk } from './disk.ts'
import type { Process } from './process.ts'

/** The largest thing that fails at once. */
export class Region {
  readonly name: string
  readonly zones: Zone[] = []

  constructor(name: string) {
    this.name = name
  }
}

/** A data center of a region; network links run between zones. */
export class Zone {
  readonly name: string
  readonly region: Region
  readonly hosts: Host[] = []
  /** Position in the world's order of zones. */
  readonly index: number

  constructor(name: string, region: Region, index: number) {
    this.name = name
    this.region = region
    this.index = index
    region.zones.push(this)
  }
}

/** A machine: processes, a disk, and power. */
export class Host {
  readonly name: string
  readonly zone: Zone
  readonly disk: Disk
  readonly processes: Process[] = []
  /** False without power: nothing answers, not even with a reset. */
  up = true

  constructor(name: string, zone: Zone, disk: Disk) {
    this.name = name
    this.zone = zone
    this.disk = disk
    zone.hosts.push(this)
  }

  /** The machine goes dark: processes end without a word, unflushed bytes are at stake. */
  powerLoss(): void {
    if (!this.up) return
    this.up = false
    for (const process of this.processes) process.vanish()
    this.disk.powerLoss()
  }

  /** The machine is back; its processes are not until they are started. */
  powerOn(): void {
    this.up = true
  }
}

/** Who sends to whom. */
export interface Ends {
  readonly from: Host
  readonly to: Host
}
