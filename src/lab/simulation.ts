// A scenario come to life: a world, a cluster, its clients and the history that is written of them.
// run.ts drives one from beginning to end; a calibration drives one step by step.

import { History } from '../history.ts'
import type { Cluster } from '../kafka/cluster.ts'
import type { KafkaNode } from '../kafka/node.ts'
import type { Scenario, TopicSpec } from '../scenario/model.ts'
import type { Micros } from '../sim/time.ts'
import { World } from '../sim/world.ts'
import { bootCluster } from './boot.ts'
import { buildCluster } from './build-cluster.ts'
import { producerConfigOf } from './config/clients.ts'
import { Faults } from './faults.ts'
import { buildPlaces } from './geography.ts'
import type { TopicDefaults } from './invariants/committed-metadata.ts'
import type { WatchOptions } from './invariants/violations.ts'
import { InvariantWatch } from './invariants/watch.ts'
import { Clients } from './load.ts'
import { LabOperator } from './operator.ts'
import { Causes } from './record/causes.ts'
import { Clock } from './record/clock.ts'
import { ControlRecorder } from './record/control.ts'
import { DiskRecorder } from './record/disks.ts'
import { GroupRecorder } from './record/groups.ts'
import { LogRecorder } from './record/logs.ts'
import { finalLogs, linkBytes } from './record/snapshot.ts'
import { SteadyTraffic } from './record/traffic.ts'
import { Roles } from './roles.ts'
import { createTopic } from './topics.ts'
import { watchEnd } from './watch.ts'

export class Simulation {
  readonly scenario: Scenario
  readonly seed: string
  readonly world: World
  readonly cluster: Cluster
  readonly history = new History()
  readonly clock: Clock
  readonly control: ControlRecorder
  readonly operator: LabOperator
  readonly clients: Clients
  readonly traffic: SteadyTraffic
  readonly faults: Faults
  readonly invariants: InvariantWatch

  /** Builds everything; `boot` brings it up. */
  constructor(scenario: Scenario, seed: string, watch: WatchOptions = {}) {
    this.scenario = scenario
    this.seed = seed
    this.world = new World({ seed })
    buildPlaces(this.world, scenario)
    const { world, history } = this
    const causes = new Causes()
    const clock = new Clock(world)
    const control = new ControlRecorder(history, causes, clock)
    this.clock = clock
    this.control = control
    this.invariants = new InvariantWatch({
      guards: scenario.guards,
      defaults: topicDefaultsOf(scenario),
      options: watch,
      now: () => clock.now(),
      uncleanElectionsOrdered: () => this.operator.uncleanElectionsOrdered,
    })
    this.cluster = buildCluster(world, scenario, (broker) =>
      this.invariants.between(broker, {
        partitions: new LogRecorder(history, causes, broker, clock),
        controller: control,
        raft: null,
        metadata: control,
        groups: new GroupRecorder(history, causes, broker, clock),
      }),
    )
    this.invariants.attach(this.cluster)
    this.operator = new LabOperator(world, this.cluster, history, clock)
    this.clients = new Clients(world, scenario, this.cluster, {
      ...{ history, causes, clock },
      invariants: this.invariants,
    })
    const roles = new Roles(this.cluster, this.clients)
    this.traffic = new SteadyTraffic(world, history, clock)
    const { cluster, operator, traffic } = this
    const { knobs } = scenario.cluster
    this.faults = new Faults({
      world,
      cluster,
      roles,
      operator,
      knobs,
      history,
      causes,
      clock,
      traffic,
    })
    for (const node of cluster.nodes.values()) this.#watch(node)
    this.#describePlaces()
  }

  /** Scenario time. */
  get now(): Micros {
    return this.clock.now()
  }

  /** Starts every node and waits until the cluster is whole; scenario time 0 is afterwards. */
  boot(): void {
    bootCluster(this)
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
    createTopic(this, topic, onDone)
  }

  /** Ends the record: open batches, final logs, bytes on the links. */
  close(): History {
    const { history } = this
    this.clients.close()
    history.finalLogs.push(...finalLogs(this.cluster, history))
    history.linkBytes.push(...linkBytes(this.world))
    history.close(this.now)
    this.invariants.close(history, (producer) => this.#isAcksAll(producer))
    return history
  }

  #isAcksAll(name: string): boolean {
    const { producers, version } = this.scenario
    const spec = producers.find((producer) => producer.name === name)
    return spec !== undefined && producerConfigOf(spec, version).acks === -1
  }

  /** A dead active controller tells nobody, so the record is told of every end. */
  #watch(node: KafkaNode): void {
    const { id, process } = node
    process.host.disk.register(new DiskRecorder(this.history, id, this.clock))
    const boot = process.onBoot
    process.onBoot = () => {
      this.invariants.onBoot(node)
      boot?.()
      watchEnd(process, () => {
        this.control.onStopped(id)
        this.invariants.onEnd(id)
      })
    }
  }

  #describePlaces(): void {
    const { history, scenario } = this
    for (const { name, cloud } of scenario.regions) history.regions.push({ name, cloud })
    for (const { id, region, zone, roles } of scenario.cluster.nodes) {
      history.brokers.push({ id, region, zone, roles })
    }
  }
}

/** What topics get that say nothing themselves: as every controller is configured. */
function topicDefaultsOf({ cluster }: Scenario): TopicDefaults {
  const { config } = cluster
  return {
    minInsyncReplicas: config['min.insync.replicas'],
    uncleanLeaderElectionEnable: config['unclean.leader.election.enable'],
  }
}
