import type { NodeId } from '../../../src/kafka/ids.ts'
import type { MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import { RAFT_CHANNEL } from '../../../src/kafka/network/channel-options.ts'
import { ClientChannel } from '../../../src/kafka/network/client-channel.ts'
import { RequestChannel } from '../../../src/kafka/network/request-channel.ts'
import { SERVICE_TIMES } from '../../../src/kafka/network/service-times.ts'
import type { QuorumLogEntry } from '../../../src/kafka/quorum-messages.ts'
import { QuorumStore } from '../../../src/kafka/raft/quorum-store.ts'
import type { RaftGuards } from '../../../src/kafka/raft/raft-config.ts'
import type { RaftListener } from '../../../src/kafka/raft/raft-node.ts'
import type { RaftState } from '../../../src/kafka/raft/raft-state.ts'
import { RaftThread } from '../../../src/kafka/raft/raft-thread.ts'
import type { Host } from '../../../src/sim/host.ts'
import type { Process } from '../../../src/sim/process.ts'
import { type Micros, MS, SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'
import { RegionLinks } from '../network/region-links.ts'
import { quorumConfig } from './quorum-config.ts'

export const GUARDS_4_1: RaftGuards = {
  preVote: true,
  checkQuorum: true,
  raftHighWatermarkPush: true,
}

export interface Transition {
  readonly at: Micros
  readonly node: NodeId
  readonly role: RaftState['name']
  readonly epoch: number
}

/** One quorum node: its process, its store, and the thread of its running incarnation. */
export interface RigNode {
  readonly id: NodeId
  readonly host: Host
  readonly process: Process
  readonly store: QuorumStore
  thread: RaftThread
  /** What the listener of the running incarnation has been given, by offset. */
  committed: MetadataRecord[]
}

export interface RigOptions {
  readonly seed: string
  readonly voters: readonly NodeId[]
  readonly observers?: readonly NodeId[]
  readonly guards?: Partial<RaftGuards>
  readonly oneWay?: Micros
  readonly onRecord?: (node: NodeId, offset: number, entry: QuorumLogEntry) => void
}

/** A quorum, one node a region, all at the same distance, with real connections between them. */
export class QuorumRig {
  readonly world: World
  readonly nodes = new Map<NodeId, RigNode>()
  readonly transitions: Transition[] = []
  readonly #options: RigOptions
  readonly #links: RegionLinks

  constructor(options: RigOptions) {
    this.#options = options
    this.world = new World({ seed: options.seed })
    for (const id of [...options.voters, ...(options.observers ?? [])]) this.#add(id)
    this.#links = new RegionLinks(this.world, options.oneWay)
  }

  get now(): Micros {
    return this.world.now
  }

  node(id: NodeId): RigNode {
    const node = this.nodes.get(id)
    if (node === undefined) throw new Error(`no node ${id}`)
    return node
  }

  startAll(): this {
    for (const { process } of this.nodes.values()) process.start()
    return this
  }

  run(duration: Micros): this {
    this.world.scheduler.run(this.now + duration)
    return this
  }

  /** Runs until some node leads and has committed in its epoch. */
  runUntilLeader(limit: Micros = 60 * SECOND): RigNode {
    const until = this.now + limit
    while (this.now < until) {
      this.run(MS)
      const leader = this.leader
      if (leader !== null && leader.thread.node.state.name === 'Leader') {
        if (leader.thread.node.state.progress.highWatermark >= 0) return leader
      }
    }
    throw new Error('no leader')
  }

  /** The running leader of the highest epoch. */
  get leader(): RigNode | null {
    let best: RigNode | null = null
    for (const node of this.nodes.values()) {
      if (node.process.state !== 'running' || node.thread.node.state.name !== 'Leader') continue
      if (best === null || node.thread.node.epoch > best.thread.node.epoch) best = node
    }
    return best
  }

  /** Cuts or heals both directions between two nodes. */
  link(a: NodeId, b: NodeId, isUp: boolean): void {
    this.#links.set(this.node(a).host, this.node(b).host, isUp)
  }

  isolate(id: NodeId): void {
    this.#links.isolate(this.node(id).host)
  }

  healAll(): void {
    this.#links.healAll()
  }

  #add(id: NodeId): void {
    const { world } = this
    const zone = world.addZone(`zone-${id}`, world.addRegion(`region-${id}`))
    const host = world.addHost(`host-${id}`, zone)
    const process = world.addProcess(`node-${id}`, host)
    const store = new QuorumStore()
    host.disk.register(store)
    process.onBoot = () => {
      const node = this.#boot(id, host, process, store)
      this.nodes.set(id, node)
      node.thread.start()
    }
    const unbooted = { id, host, process, store, committed: [] }
    this.nodes.set(id, { ...unbooted, thread: null as unknown as RaftThread })
  }

  #boot(id: NodeId, host: Host, process: Process, store: QuorumStore): RigNode {
    const { network } = this.world
    const directory = { processOf: (node: NodeId) => this.nodes.get(node)?.process ?? null }
    const committed: MetadataRecord[] = []
    const listener: RaftListener = {
      onCommit: ({ log }, from, to) => {
        for (let offset = from; offset < to; offset++) {
          const entry = log.entryAt(offset)
          committed.push(entry.record)
          this.#options.onRecord?.(id, offset, entry)
        }
      },
      onLeaderChange: () => {},
    }
    const channel = new ClientChannel(process, network, directory, RAFT_CHANNEL)
    const guards = { ...GUARDS_4_1, ...this.#options.guards }
    const config = quorumConfig(id, this.#options.voters, guards)
    const thread = new RaftThread(config, store, process, channel, host.disk, listener)
    thread.node.observer = {
      onTransition: (_, state) =>
        this.transitions.push({ at: this.now, node: id, role: state.name, epoch: state.epoch }),
    }
    new RequestChannel(process, network, thread, SERVICE_TIMES)
    return { id, host, process, store, thread, committed }
  }
}
