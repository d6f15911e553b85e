// A cluster of three regions on which one scene is played: boots, ages, loads, disturbs, measures.

import type { NodeId } from '../../../src/kafka/ids.ts'
import type { Host } from '../../../src/sim/host.ts'
import type { Random } from '../../../src/sim/random.ts'
import { type Micros, MS, SECOND } from '../../../src/sim/time.ts'
import { clusterScenario } from '../real-kafka/cluster-scenario.ts'
import type { Settings } from '../real-kafka/experiment-parts.ts'
import { Rig } from '../real-kafka/rig.ts'

const REGIONS = ['r1', 'r2', 'r3'] as const
const ROLES = { controller: ['controller'], broker: ['broker'] } as const
/** Between regions and within one, ms. */
export const RTT = 10
export const RTT_INSIDE = 0.4
/** Periodic tasks and heartbeats are at any phase when the scene begins. */
const AGE_S = [3, 9] as const

export interface StageOptions {
  readonly rttMs?: number
  readonly config?: Settings
  readonly topicConfig?: Settings
  /** So often the active controller has been killed and started again: who has a connection to
   * whom, and with it whether the next vote is split, follows from that. */
  readonly failoversBefore?: number
}

/** Broker n and controller 100 + n stand in region rn; whoever wins the election is active. */
export class Stage {
  readonly rig: Rig
  readonly random: Random
  readonly active: NodeId
  /** Broker in the active controller's region. */
  readonly home: NodeId
  readonly leader: NodeId
  readonly follower: NodeId
  /** When the disturbance began. */
  begin: Micros = 0

  constructor(name: string, seed: number, options: StageOptions = {}) {
    const rtt = options.rttMs ?? RTT
    const scenario = clusterScenario({
      name,
      kafka: '4.1.0',
      nodes: REGIONS.flatMap((region, i) => [
        { id: 101 + i, region, host: `c${i}`, roles: [...ROLES.controller] },
        { id: 1 + i, region, host: `b${i}`, roles: [...ROLES.broker] },
      ]),
      network: { rtt_ms: { 'all pairs': rtt }, intra_region_rtt_ms: RTT_INSIDE },
      clientRegions: [],
      config: { 'auto.leader.rebalance.enable': false, ...options.config },
    })
    this.rig = new Rig(scenario, seed)
    this.random = this.rig.simulation.world.random.fork('stage')
    for (let i = 0; i < (options.failoversBefore ?? 0); i++) this.#failOver()
    this.active = this.rig.simulation.cluster.activeControllerId
    const place = this.active - 101
    this.home = 1 + place
    this.leader = 1 + ((place + 1) % 3)
    this.follower = 1 + ((place + 2) % 3)
    this.rig.createTopic(
      't',
      [[this.leader, this.follower, this.home]],
      options.topicConfig ?? { 'min.insync.replicas': 1 },
    )
    this.rig.run(this.rig.now + this.draw(AGE_S[0] * SECOND, AGE_S[1] * SECOND))
  }

  #failOver(): void {
    const { cluster } = this.rig.simulation
    const process = cluster.nodes.get(cluster.activeControllerId)?.process
    process?.crash()
    process?.start(2 * SECOND)
    this.rig.run(this.rig.now + 8 * SECOND)
    this.rig.wait('an active controller', () => cluster.activeControllerId >= 0)
  }

  draw(lo: Micros, hi: Micros): Micros {
    return this.random.int(lo, hi)
  }

  /** An open loop beside the leader, or a closed one with one record at a time. */
  load(acks: 'all' | '1', recordsPerSecond: number | 'one at a time'): void {
    const { rig } = this
    const start = rig.now
    const region = REGIONS[this.leader - 1]
    rig.addProducer(
      {
        name: 'producer',
        region,
        zone: rig.simulation.scenario.regions[this.leader - 1]?.zones[0] ?? region,
        host: 'client',
        topic: 't',
        partitions: null,
        load:
          recordsPerSecond === 'one at a time'
            ? { kind: 'closed', inFlight: 1, thinkTime: 0 }
            : { kind: 'open', steps: [{ at: start, recordsPerSecond }] },
        recordBytes: 100,
        keys: null,
        compressionRatio: 1,
        start,
        stop: start + 600 * SECOND,
      },
      { acks, 'linger.ms': 0 },
    )
    rig.run(start + this.draw(2 * SECOND, 5 * SECOND))
  }

  host(node: NodeId): Host {
    const found = this.rig.simulation.cluster.nodes.get(node)
    if (found === undefined) throw new Error(`no node ${node}`)
    return found.process.host
  }

  /** From now on the scene's time runs. */
  disturb(what: () => void): void {
    this.begin = this.rig.now
    what()
  }

  /** Packets between the two sides are lost; without `b` between `a` and everybody else. */
  cut(a: readonly NodeId[], b: readonly NodeId[] | null): void {
    const inside = new Set(a.map((node) => this.host(node)))
    const outside = b === null ? null : new Set(b.map((node) => this.host(node)))
    const isOther = (host: Host) => (outside === null ? !inside.has(host) : outside.has(host))
    this.rig.simulation.world.network.addRule({
      name: 'cut',
      test: (from, to) =>
        (inside.has(from) && isOther(to)) || (inside.has(to) && isOther(from)) ? 'drop' : 'pass',
    })
  }

  runS(seconds: number): void {
    this.rig.run(this.rig.now + Math.round(seconds * SECOND))
  }

  /** Milliseconds since the disturbance. */
  since(at: Micros): number {
    return (at - this.begin) / MS
  }

  /** When the controller decided to fence `broker`, since the disturbance; undefined if never. */
  fencedAfter(broker: NodeId): number | undefined {
    const { brokerChanges } = this.rig.simulation.history
    const change = brokerChanges.find(
      (row) => row.broker === broker && row.change === 'fenced' && row.at > this.begin,
    )
    return change && this.since(change.at)
  }

  /** The end of the longest time without an acknowledgement, since the disturbance. */
  firstAckAfterGap(): number | undefined {
    const { produced } = this.rig.simulation.history
    const done: Micros[] = []
    for (const row of produced) if (row.error === -1) done.push(row.doneAt)
    done.sort((x, y) => x - y)
    let longest = { from: 0, until: 0 }
    for (let i = 1; i < done.length; i++) {
      const [from, until] = [done[i - 1], done[i]]
      if (until > this.begin && until - from > longest.until - longest.from)
        longest = { from, until }
    }
    return longest.until === 0 ? undefined : this.since(longest.until)
  }
}
