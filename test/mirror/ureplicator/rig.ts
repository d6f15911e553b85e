// A ZooKeeper service in one region and clients in another, without anything of Kafka.

import { ZooKeeperServer, ZooKeeperTree } from '../../../src/mirror/ureplicator/zookeeper.ts'
import type { ZooKeeperAnswer } from '../../../src/mirror/ureplicator/zookeeper-messages.ts'
import { ZooKeeperSession } from '../../../src/mirror/ureplicator/zookeeper-session.ts'
import type { Zone } from '../../../src/sim/host.ts'
import type { Process } from '../../../src/sim/process.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'

export const SESSION_MS = 6_000

export class ZooKeeperRig {
  readonly world = new World({ seed: 'zookeeper' })
  readonly tree = new ZooKeeperTree()
  readonly server: Process
  readonly #there: Zone

  constructor() {
    const { world } = this
    const here = world.addZone('here-a', world.addRegion('here'))
    this.#there = world.addZone('there-a', world.addRegion('there'))
    const link = { delay: 20 * MS, jitter: 0, lossPpm: 0, bandwidthBps: 0 }
    world.network.setLink(here, this.#there, link)
    world.network.setLink(this.#there, here, link)
    this.server = world.addProcess('zookeeper', world.addHost('zookeeper', here))
    this.server.host.disk.register(this.tree)
    this.server.onBoot = () => {
      new ZooKeeperServer(this.server, world.network, this.tree)
    }
    this.server.start()
  }

  /** A process in the other region; `build` makes what runs in it at each boot. */
  process(name: string, build: (process: Process) => void): Process {
    const process = this.world.addProcess(name, this.world.addHost(name, this.#there))
    process.onBoot = () => build(process)
    process.start()
    return process
  }

  session(process: Process, onNewSession: (session: number) => void = () => {}): ZooKeeperSession {
    const { network } = this.world
    const options = { process, network, server: this.server, sessionTimeoutMs: SESSION_MS }
    return new ZooKeeperSession({ ...options, onNewSession })
  }

  /** Nothing passes between the regions until the returned function is called. */
  cut(): () => void {
    return this.world.network.addRule({
      name: 'cut',
      test: (from, to) => (from.zone.region === to.zone.region ? 'pass' : 'drop'),
    })
  }

  /** Runs so many seconds on. */
  run(seconds: number): void {
    this.world.scheduler.run(this.world.now + Math.round(seconds * SECOND))
  }

  /** Paths of the nodes that there are. */
  get paths(): string[] {
    return [...this.tree.nodes.keys()].sort()
  }
}

/** An answer that nobody reads. */
export function ignored(_answer: ZooKeeperAnswer): void {}
