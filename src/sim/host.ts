import type { Disk } from './disk.ts'

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

/** What runs on a machine, as the machine sees it. */
interface Program {
  /** Ends as its machine does: no peer hears anything. */
  vanish(): void
}

/** A machine: programs, a disk, and power. */
export class Host {
  readonly name: string
  readonly zone: Zone
  readonly disk: Disk
  readonly programs: Program[] = []
  /** False without power: nothing answers, not even with a reset. */
  up = true

  constructor(name: string, zone: Zone, disk: Disk) {
    this.name = name
    this.zone = zone
    this.disk = disk
    zone.hosts.push(this)
  }

  /** The machine goes dark: programs end without a word, unflushed bytes are at stake. */
  powerLoss(): void {
    if (!this.up) return
    this.vanish()
    this.disk.powerLoss()
  }

  /** The machine goes dark and what it wrote is kept. */
  vanish(): void {
    if (!this.up) return
    this.up = false
    for (const program of this.programs) program.vanish()
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
