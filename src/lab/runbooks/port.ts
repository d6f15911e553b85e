// What a step of a runbook does to the clients, clusters and links of a simulation.

import type { FaultSpec } from '../../faults/catalogue.ts'
import { isReadOnly } from '../../kafka/metadata/mirror-records.ts'
import type { OffsetGoal, RunbookPort, Seat, Stopping } from '../../runbook/step.ts'
import type { Random } from '../../sim/random.ts'
import type { HandlerId } from '../../sim/scheduler.ts'
import type { Micros } from '../../sim/time.ts'
import type { LiveCluster } from '../live-cluster.ts'
import { describeGroups } from '../result/groups.ts'
import { isCopied } from './copied.ts'
import { OffsetTool } from './offset-tool.ts'
import type { RunbookRecorder } from './recorder.ts'
import type { RunbookSurroundings } from './surroundings.ts'
import { Takeovers } from './takeovers.ts'

/**
 * What it draws comes from a stream of the runbook's own. Clients are asked for by name; it throws
 * for one that does not exist.
 */
export class LabRunbookPort implements RunbookPort {
  readonly #name: string
  readonly #around: RunbookSurroundings
  readonly #random: Random
  readonly #handler: HandlerId<() => void>
  readonly #takeovers: Takeovers

  constructor(name: string, around: RunbookSurroundings, record: RunbookRecorder) {
    const { world } = around
    this.#name = name
    this.#around = around
    this.#random = world.random.fork(`runbook/${name}`)
    this.#takeovers = new Takeovers(around.history, record)
    const call = (_a: number, _b: number, callback: () => void) => callback()
    this.#handler = world.scheduler.register(call, 'runbook')
  }

  /** Told in the history as the operator's, and no fault. */
  command(command: FaultSpec): void {
    this.#around.faults.order(command)
  }

  /** The first time that it leads from one cluster to another counts as a takeover. */
  repoint(endpoint: string, cluster: string): void {
    const { endpoints } = this.#around.clients
    const from = endpoints.leadsTo(endpoint)
    if (from !== null) this.#takeovers.sent(from, cluster)
    endpoints.repoint(endpoint, cluster)
  }

  /** To kill waits for nothing; to close waits for `grace` (micros) at most. */
  stopClient(client: string, how: Stopping, grace: Micros, onStopped: () => void): void {
    const later = (delay: Micros, callback: () => void) => this.later(delay, callback)
    this.#around.clients.managed(client).stop(how === 'kill' ? 0 : grace, later, onStopped)
  }

  /** A null keeps what it has. Sent to another cluster, it is given that one's own addresses. */
  seatClient(name: string, { cluster, topics }: Seat): void {
    const client = this.#around.clients.managed(name)
    const { seat } = client
    if (cluster !== null && cluster !== seat.cluster) this.#takeovers.sent(seat.cluster, cluster)
    client.seat = {
      cluster: cluster ?? seat.cluster,
      topics: topics ?? seat.topics,
      bootstrap: cluster === null ? seat.bootstrap : [cluster],
    }
  }

  /** Nothing where it runs. */
  startClient(name: string): void {
    this.#around.clients.managed(name).process.start()
  }

  /** False again from each start on. */
  isServed(name: string): boolean {
    return this.#around.clients.managed(name).isServed
  }

  /** True while it is paused, too. */
  isRunning(name: string): boolean {
    return this.#around.clients.managed(name).isRunning
  }

  /** As the active controller has it; without one nobody can say, which is false. */
  isWritable(cluster: string, topic: string): boolean {
    const live = this.#liveOf(cluster)
    const state = live?.cluster.activeController?.control.state
    if (live === undefined || state === undefined) return false
    if (isReadOnly(state.mirrors.topics.get(topic))) return false
    const partitions = live.cluster.topics.partitionsOf(topic)
    const isLed = partitions.every((index) => {
      const leader = state.partitions.get(index)?.registration.leader ?? -1
      return live.cluster.nodes.get(leader)?.isRunning === true
    })
    return partitions.length > 0 && isLed
  }

  /** False for a name that is no link. */
  isCopied(link: string): boolean {
    const { links, partitions } = this.#around.history
    const spec = links.find(({ name }) => name === link)
    const source = this.#liveOf(spec?.from ?? '')
    const target = this.#liveOf(spec?.to ?? '')
    return source !== undefined && target !== undefined && isCopied(partitions, source, target)
  }

  /** True for a group that does not exist. */
  isEmpty(cluster: string, group: string): boolean {
    const live = this.#liveOf(cluster)
    if (live === undefined) return false
    const found = describeGroups(live.cluster).find((one) => one.group === group)
    return found === undefined || found.state === 'Empty'
  }

  /** SIGTERM to all its workers; they take their time. Nothing for a link that lives in brokers. */
  stopLink(link: string): void {
    for (const process of this.#workersOf(link)) process.terminate()
  }

  /** At once, whenever the scenario would have it start; a worker that runs is left alone. */
  startLink(link: string): void {
    const replicator = this.#around.replicators.find(({ name }) => name === link)
    replicator?.start(0)
  }

  /** Over the network, by a tool of its own. */
  resetOffsets(
    cluster: string,
    group: string,
    topics: readonly string[],
    goal: OffsetGoal,
    onDone: (error: string) => void,
  ): void {
    const live = this.#liveOf(cluster)
    if (live === undefined) return
    const tool = new OffsetTool(this.#around.world, live, this.#name)
    tool.reset(group, topics, goal, onDone)
  }

  /** On the world's clock, which no crash stops. */
  later(delay: Micros, callback: () => void): void {
    this.#around.world.scheduler.schedule(delay, this.#handler, 0, 0, callback)
  }

  /** A range of one value draws nothing. */
  draw([from, to]: readonly [Micros, Micros]): Micros {
    return from === to ? from : this.#random.int(from, to)
  }

  #liveOf(cluster: string): LiveCluster | undefined {
    return this.#around.clusters.find(({ name }) => name === cluster)
  }

  #workersOf(link: string) {
    const { scenario, world } = this.#around
    const spec = scenario.links.find(({ name }) => name === link)
    if (spec === undefined || !('workers' in spec)) return []
    return spec.workers.flatMap(({ name }) => world.processes.get(name) ?? [])
  }
}
