// A scenario come to life: a world, its clusters, their clients and the history that is written of
// them. run.ts drives one from beginning to end; a calibration drives one step by step.

import { History } from '../history.ts'
import type { Cluster } from '../kafka/cluster.ts'
import { InternalRecordIds } from '../kafka/internal-record-ids.ts'
import { backOf } from '../scenario/links.ts'
import type { ClusterSpec, Scenario, TopicSpec } from '../scenario/model.ts'
import type { Micros } from '../sim/time.ts'
import { World } from '../sim/world.ts'
import { bootClusters } from './boot.ts'
import { producerConfigOf } from './config/clients.ts'
import { Faults } from './faults.ts'
import { buildPlaces, gatewaysOf } from './geography.ts'
import type { WatchOptions } from './invariants/violations.ts'
import type { InvariantWatch } from './invariants/watch.ts'
import { carriedBy } from './links/carried-topics.ts'
import { LiveLinks } from './links/cluster-links.ts'
import { LinkOperator } from './links/link-operator.ts'
import type { Replicator } from './links/replicator.ts'
import { replicatorsOf } from './links/replicators.ts'
import { LiveCluster, type Shared } from './live-cluster.ts'
import { Clients } from './load.ts'
import type { LabOperator } from './operator.ts'
import { Operators } from './operators.ts'
import { Causes } from './record/causes.ts'
import { Clock } from './record/clock.ts'
import type { ControlRecorder } from './record/control.ts'
import { RecordedNumbering } from './record/numbering.ts'
import { linkBytes } from './record/snapshot.ts'
import { SteadyTraffic } from './record/traffic.ts'
import { recordTunnels } from './record/tunnels.ts'
import { LiveRegistry } from './registries/live-registry.ts'
import { Roles } from './roles.ts'
import { Runbooks } from './runbooks/runbooks.ts'
import { createTopic } from './topics.ts'

/**
 * One run: build it, `boot`, add clients, faults and runbooks, `advance`, `close`. Nothing of it
 * can be used for a second one.
 */
export class Simulation {
  readonly scenario: Scenario
  readonly seed: string
  readonly world: World
  /** In the order of the scenario. */
  readonly clusters: readonly [LiveCluster, ...LiveCluster[]]
  readonly history = new History()
  readonly links: LiveLinks
  readonly clock: Clock
  readonly clients: Clients
  readonly replicators: readonly Replicator[]
  readonly registries: readonly LiveRegistry[]
  readonly traffic: SteadyTraffic
  readonly faults: Faults
  readonly runbooks: Runbooks

  /** Builds everything; `boot` brings it up. */
  constructor(scenario: Scenario, seed: string, watch: WatchOptions = {}) {
    this.scenario = scenario
    this.seed = seed
    this.world = new World({ seed })
    buildPlaces(this.world, scenario)
    this.#describePlaces()
    const { world, history } = this
    const causes = new Causes()
    const clock = new Clock(world)
    recordTunnels(world, history, causes, clock)
    this.clock = clock
    const numbering = new RecordedNumbering(history)
    const recordIds = new InternalRecordIds()
    const clusterOf = (name: string) => this.clusterOf(name)
    const { network } = world
    this.links = new LiveLinks(scenario.links, { network, clock, clusterOf })
    const links = this.links
    const shared = { world, scenario, history, causes, clock, watch, numbering, recordIds, links }
    this.clusters = liveClusters(scenario, shared)
    const { clusters } = this
    const around = { world, scenario, history, causes, clock, recordIds, clusterOf }
    this.replicators = replicatorsOf(around)
    this.registries = scenario.registries.map((spec) => new LiveRegistry(spec, around))
    this.clients = new Clients(world, scenario, clusters, { history, causes, clock })
    this.traffic = new SteadyTraffic(world, history, clock, scenario.regions)
    const linkOperator = new LinkOperator(clusters, this.links, { history, clock })
    this.faults = new Faults({
      ...{ world, clusters, history, causes, clock },
      roles: new Roles(clusters, this.clients, gatewaysOf(scenario)),
      operator: new Operators(clusters, linkOperator),
      traffic: this.traffic,
    })
    const { clients, replicators, faults } = this
    this.runbooks = new Runbooks({
      ...{ world, scenario, clusters, clients, replicators, faults, linkOperator },
      ...{ history, causes, clock },
    })
  }

  // ---- the first cluster: the only one of most scenarios ----------------------------------------

  /** Most tests and tools have but one. */
  get cluster(): Cluster {
    return this.clusters[0].cluster
  }

  get control(): ControlRecorder {
    return this.clusters[0].control
  }

  get operator(): LabOperator {
    return this.clusters[0].operator
  }

  get invariants(): InvariantWatch {
    return this.clusters[0].invariants
  }

  /** The cluster of that name; throws where there is none. */
  clusterOf(name: string): LiveCluster {
    const found = this.clusters.find((one) => one.name === name)
    if (found === undefined) throw new Error(`no cluster ${name}`)
    return found
  }

  /** Scenario time. */
  get now(): Micros {
    return this.clock.now()
  }

  /** Starts every node and waits until the clusters are whole; scenario time 0 is afterwards. */
  boot(): void {
    bootClusters(this)
    this.traffic.begin()
  }

  /** Runs to scenario time `until`, or until `eventsMax` more events were fired. */
  advance(until: Micros, eventsMax?: number): void {
    this.world.scheduler.run(this.clock.origin + until, eventsMax)
  }

  /** Runs until `isDone`, looked at every `step`, or scenario time `limit`; true if it is done. */
  advanceUntil(isDone: () => boolean, step: Micros, limit: Micros): boolean {
    while (!isDone()) {
      if (this.now >= limit) return false
      this.advance(Math.min(limit, this.now + step))
    }
    return true
  }

  /** Orders a topic; it exists when the active controller has committed it. */
  createTopic(topic: TopicSpec, onDone?: () => void): void {
    createTopic({ world: this.world, live: this.clusterOf(topic.cluster) }, topic, onDone)
  }

  /** Ends the record: open batches, final logs, bytes on the links. */
  close(): History {
    const { history } = this
    this.clients.close()
    for (const live of this.clusters) history.finalLogs.push(...live.finalLogs())
    history.linkBytes.push(...linkBytes(this.world))
    history.close(this.now)
    for (const { invariants } of this.clusters) {
      invariants.close(history, (producer) => this.#isAcksAll(producer))
    }
    return history
  }

  #isAcksAll(name: string): boolean {
    const { producers, version } = this.scenario
    const spec = producers.find((producer) => producer.name === name)
    return spec !== undefined && producerConfigOf(spec, version).acks === -1
  }

  #describePlaces(): void {
    const { history, scenario } = this
    for (const { name, cloud } of scenario.regions) history.regions.push({ name, cloud })
    for (const { name } of scenario.clusters) history.clusters.push(name)
    for (const { cluster, name: topic, residency: regions } of scenario.topics) {
      if (regions !== undefined) history.residency.push({ cluster, topic, regions })
    }
    for (const link of scenario.links) {
      const { name, system, from, to } = link
      const carries = carriedBy(link, scenario)
      history.links.push({ name, system, from, to, carries })
      if (link.system !== 'cluster-link' || link.config['link.mode'] !== 'BIDIRECTIONAL') continue
      const prefix = link.config['cluster.link.prefix'] ?? ''
      history.links.push({
        ...{ name: backOf(name), system, from: to, to: from },
        carries: (topic) => topic.startsWith(prefix) && carries(topic.slice(prefix.length)),
      })
    }
  }
}

function liveClusters(
  { clusters: [first, ...others] }: Scenario,
  shared: Shared,
): readonly [LiveCluster, ...LiveCluster[]] {
  const live = (spec: ClusterSpec) => new LiveCluster(spec, shared)
  return [live(first), ...others.map(live)]
}
