import type { NodeId } from '../../../src/kafka/ids.ts'
import type { Request, Response } from '../../../src/kafka/messages.ts'
import type { NodeDirectory } from '../../../src/kafka/network/client-channel.ts'
import { RequestChannel } from '../../../src/kafka/network/request-channel.ts'
import type { Reply, RequestHandler, RpcFailure } from '../../../src/kafka/network/rpc.ts'
import type { ServiceTimes } from '../../../src/kafka/network/service-times.ts'
import type { Host } from '../../../src/sim/host.ts'
import type { Process } from '../../../src/sim/process.ts'
import type { Micros } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'

export const INSTANT: ServiceTimes = {
  byApi: {},
  other: { receiveMicros: 0, respondMicros: 0 },
  jitterPercent: 0,
  coldPercentMean: 0,
}

/** One client and some brokers, each in a region of its own; every round trip takes `rttMs`. */
export class Rig implements NodeDirectory {
  readonly world: World
  readonly client: Process
  readonly nodes = new Map<NodeId, Process>()
  /** What serves at each node that was booted. */
  readonly servers = new Map<NodeId, RequestChannel>()
  private readonly cuts = new Map<string, () => void>()

  constructor(nodeIds: readonly NodeId[], rttMs = 50, seed = 'rig') {
    this.world = new World({ seed })
    const zones = ['client', ...nodeIds.map((id) => `r${id}`)].map((name) =>
      this.world.addZone(name, this.world.addRegion(name)),
    )
    const spec = { delay: rttMs * 500, jitter: 0, lossPpm: 0, bandwidthBps: 0 }
    for (const from of zones) {
      for (const to of zones) if (from !== to) this.world.network.setLink(from, to, spec)
    }
    const [clientZone, ...nodeZones] = zones
    if (clientZone === undefined) throw new Error('no zones')
    this.client = this.world.addProcess('client', this.world.addHost('hc', clientZone))
    nodeIds.forEach((id, i) => {
      const zone = nodeZones[i]
      if (zone === undefined) throw new Error('no zone')
      this.nodes.set(id, this.world.addProcess(`n${id}`, this.world.addHost(`h${id}`, zone)))
    })
  }

  processOf(node: NodeId): Process | null {
    return this.nodes.get(node) ?? null
  }

  /** Boots a node that serves with `handler`. */
  serve(node: NodeId, handler: RequestHandler, times: ServiceTimes = INSTANT): Process {
    const process = this.nodes.get(node)
    if (process === undefined) throw new Error(`no node ${node}`)
    process.onBoot = () => {
      this.servers.set(node, new RequestChannel(process, this.world.network, handler, times))
    }
    process.start()
    return process
  }

  /** Boots the client; `build` makes its objects. */
  boot(build: () => void): void {
    this.client.onBoot = build
    this.client.start()
    this.run(0)
  }

  runMs(ms: number): void {
    this.run(Math.round(ms * 1_000))
  }

  run(micros: Micros): void {
    this.world.scheduler.run(this.world.now + micros)
  }

  get nowMs(): number {
    return this.world.now / 1_000
  }

  /** Everything from and to the node's host is silently dropped until `heal`. */
  isolate(node: NodeId): void {
    const host = this.hostOf(node)
    const test = (from: Host, to: Host) =>
      from !== to && (from === host || to === host) ? ('drop' as const) : ('pass' as const)
    this.cuts.set(host.name, this.world.network.addRule({ name: `cut ${host.name}`, test }))
  }

  heal(node: NodeId): void {
    this.cuts.get(this.hostOf(node).name)?.()
  }

  private hostOf(node: NodeId): Host {
    const process = this.nodes.get(node)
    if (process === undefined) throw new Error(`no node ${node}`)
    return process.host
  }
}

/** Remembers every answer with its time. */
export class Answers {
  readonly seen: {
    atMs: number
    request: Request
    response: Response | null
    failure: RpcFailure | null
  }[] = []
  private readonly rig: Rig

  constructor(rig: Rig) {
    this.rig = rig
  }

  onReply(request: Request, response: Response | null, failure: RpcFailure | null): void {
    this.seen.push({ atMs: this.rig.nowMs, request, response, failure })
  }
}

/** A server that holds every request until the test answers it. */
export class Holding implements RequestHandler {
  readonly held: { request: Request; reply: Reply }[] = []

  handle(request: Request, reply: Reply): void {
    this.held.push({ request, reply })
  }

  answerOldest(response: Response): void {
    this.held.shift()?.reply.send(response)
  }
}
