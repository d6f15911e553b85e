// One cluster of a simulation: its nodes, who orders what of it, and who watches and records it.

import { ANONYMOUS } from '../faults/acl-rules.ts'
import type { FinalLog } from '../history/facts.ts'
import type { History } from '../history.ts'
import { Cluster } from '../kafka/cluster.ts'
import type { NodeId } from '../kafka/ids.ts'
import type { InternalRecordIds } from '../kafka/internal-record-ids.ts'
import type { KafkaNode } from '../kafka/node.ts'
import type { ClusterPort } from '../mirror/cluster-port.ts'
import type { ClusterSpec, Scenario } from '../scenario/model.ts'
import type { World } from '../sim/world.ts'
import { addNodes } from './build-cluster.ts'
import { controllersOf } from './config/nodes.ts'
import type { TopicDefaults } from './invariants/committed-metadata.ts'
import type { WatchOptions } from './invariants/violations.ts'
import { InvariantWatch } from './invariants/watch.ts'
import type { LiveLinks } from './links/cluster-links.ts'
import { LabOperator } from './operator.ts'
import type { Causes } from './record/causes.ts'
import type { Clock } from './record/clock.ts'
import { ControlRecorder } from './record/control.ts'
import { DiskRecorder } from './record/disks.ts'
import { GroupRecorder } from './record/groups.ts'
import { LogRecorder } from './record/logs.ts'
import type { RecordedNumbering } from './record/numbering.ts'
import { finalLogs } from './record/snapshot.ts'
import { watchEnd } from './watch.ts'

/** What the clusters of one simulation share. */
export interface Shared {
  readonly world: World
  readonly scenario: Scenario
  readonly history: History
  readonly causes: Causes
  readonly clock: Clock
  readonly watch: WatchOptions
  readonly numbering: RecordedNumbering
  readonly recordIds: InternalRecordIds
  readonly links: LiveLinks
}

/**
 * Observers of its nodes are the watch and behind it the recorders, from before the first boot on.
 */
export class LiveCluster {
  readonly spec: ClusterSpec
  readonly cluster: Cluster
  readonly control: ControlRecorder
  readonly operator: LabOperator
  readonly invariants: InvariantWatch
  readonly #shared: Shared
  readonly #logRecorders = new Map<NodeId, LogRecorder>()

  /** Builds every node; none is started yet. */
  constructor(spec: ClusterSpec, shared: Shared) {
    const { world, scenario, history, causes, clock, watch, numbering, recordIds } = shared
    this.spec = spec
    this.#shared = shared
    const defaults = topicDefaultsOf(spec)
    // With eligible leader replicas no broker's file says more than the controllers'.
    const minIsr = scenario.guards.elr
      ? defaults.minInsyncReplicas
      : spec.config['min.insync.replicas']
    this.control = new ControlRecorder(history, causes, clock, { name: spec.name, minIsr })
    this.invariants = new InvariantWatch({
      guards: scenario.guards,
      defaults,
      options: watch,
      now: () => clock.now(),
      uncleanElectionsOrdered: () => this.operator.uncleanElectionsOrdered,
    })
    this.cluster = new Cluster(world.network, {
      numbering: numbering.of(spec.name),
      recordIds,
    })
    const observersOf = (broker: NodeId) =>
      this.invariants.between(broker, {
        partitions: this.#logRecorderOf(broker),
        controller: this.control,
        raft: null,
        metadata: this.control,
        groups: new GroupRecorder(history, causes, { broker, cluster: spec.name }, clock),
      })
    addNodes(world, scenario, spec, this.cluster, observersOf, (broker, host, serve) =>
      shared.links.extend(broker, host, serve),
    )
    this.invariants.attach(this.cluster)
    this.operator = new LabOperator(world, this.cluster, history, clock)
    for (const { id, region, zone, roles } of spec.nodes) {
      history.brokers.push({ id, cluster: spec.name, region, zone, roles })
    }
    for (const node of this.cluster.nodes.values()) this.#watch(node)
  }

  get name(): string {
    return this.spec.name
  }

  /** The cluster as its own brokers see it. */
  get port(): ClusterPort {
    const { cluster, name } = this
    const { topics, brokerIds: bootstrapNodes } = cluster
    return { name, directory: cluster, topics, bootstrapNodes }
  }

  /** The cluster as a client sees it that comes to it as somebody. */
  portAs(principal: string = ANONYMOUS): ClusterPort {
    const { cluster, port } = this
    const directory = { principal, processOf: (node: NodeId) => cluster.processOf(node) }
    return { ...port, directory }
  }

  #logRecorderOf(broker: NodeId): LogRecorder {
    const { history, causes, clock } = this.#shared
    const recorder = new LogRecorder(history, causes, broker, clock)
    this.#logRecorders.set(broker, recorder)
    return recorder
  }

  /** What brokers' disks have lost by the fault that has just struck. */
  tellDiskLosses(): void {
    for (const recorder of this.#logRecorders.values()) recorder.tellDiskLosses()
  }

  /** Every replica's log when the run ends. */
  finalLogs(): FinalLog[] {
    return finalLogs(
      this.cluster,
      this.#shared.history,
      (broker, partition, from) =>
        this.#logRecorders.get(broker)?.deletedAhead(partition, from) ?? [],
    )
  }

  /** A dead active controller tells nobody, so the record is told of every end. */
  #watch(node: KafkaNode): void {
    const { id, process, config, quorumStore } = node
    const { history, clock } = this.#shared
    const onLoss = () => {
      if (config.roles.includes('controller')) this.control.onVoterLoss(id, quorumStore)
    }
    process.host.disk.register(new DiskRecorder(history, id, clock, onLoss))
    node.brokerStore.observer = this.#logRecorders.get(id) ?? null
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
}

/** What topics get that say nothing themselves: as the first controller is configured. */
function topicDefaultsOf(spec: ClusterSpec): TopicDefaults {
  const { config } = controllersOf(spec.nodes)[0] ?? spec
  return {
    minInsyncReplicas: config['min.insync.replicas'],
    uncleanLeaderElectionEnable: config['unclean.leader.election.enable'],
  }
}
