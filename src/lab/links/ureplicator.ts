// uReplicator in a simulation: its ZooKeepers, its controllers and its workers.

import { UReplicatorController } from '../../mirror/ureplicator/controller.ts'
import { UReplicatorWorker } from '../../mirror/ureplicator/worker.ts'
import { ZooKeeperServer, ZooKeeperTree } from '../../mirror/ureplicator/zookeeper.ts'
import type { UReplicatorSpec, WorkerSpec } from '../../scenario/links.ts'
import type { Process } from '../../sim/process.ts'
import { groupClientsOf } from './group-clients.ts'
import { tellOf } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import {
  type BootWorker,
  keptOnDisk,
  processOf,
  WorkerProcesses,
  withServices,
} from './worker-processes.ts'

/** One ZooKeeper may serve both for Helix and for the commits; it copies when a worker does. */
export function liveUReplicator(spec: UReplicatorSpec, around: ReplicatorSurroundings): Replicator {
  const zookeepers = [...new Set([spec.helixZookeeper, spec.commitZookeeper])]
  const processes = (workers: readonly WorkerSpec[], boot: BootWorker) =>
    new WorkerProcesses({ ...spec, workers }, around, boot)
  const workers = processes(spec.workers, bootWorker(spec, around))
  const services = [
    ...zookeepers.map((zookeeper) => processes([zookeeper], bootZookeeper(around))),
    processes(spec.controllers, (process) => bootController(spec, around, process)),
  ]
  return withServices(services, workers)
}

function bootZookeeper({ world }: ReplicatorSurroundings): BootWorker {
  const treeOn = keptOnDisk(() => new ZooKeeperTree())
  return (process) => {
    new ZooKeeperServer(process, world.network, treeOn(process))
  }
}

function bootController(
  spec: UReplicatorSpec,
  around: ReplicatorSurroundings,
  process: Process,
): void {
  const { port } = around.clusterOf(spec.from)
  const c = spec.controller
  const controller = new UReplicatorController({
    ...{ process, network: around.world.network },
    zookeeper: processOf(spec.helixZookeeper, spec, around),
    sessionTimeoutMs: spec.controller['zk.session.timeout'],
    topics: () =>
      spec.topics.flatMap((topic) => {
        const numPartitions = port.topics.partitionsOf(topic).length
        return numPartitions === 0 ? [] : [{ topic, numPartitions }]
      }),
    workers: spec.workers.length,
    autoRebalanceDelaySeconds: spec.controller['controller.auto.rebalance.delay.in.seconds'],
    maxWorkingInstances: spec.controller['controller.max.working.instances'],
    ratioThreshold: spec.controller['controller.auto.rebalance.workload.ratio.threshold'],
    expandsTopics:
      c['controller.enable.src.kafka.validation'] && c['controller.enable.auto.topic.expansion'],
    tell: tellOf(around, process.name, 'Helix controller'),
  })
  process.onTerminate = () => controller.disconnect()
}

function bootWorker(spec: UReplicatorSpec, around: ReplicatorSurroundings): BootWorker {
  const clients = groupClientsOf(spec, around)
  const s = spec.worker
  const settings = {
    fetchers: s['num.consumer.fetchers'],
    producers: s['num.of.producers'],
    queueChunks: s['queued.max.message.chunks'],
    refreshMs: s['fetcher.manager.refresh.ms'],
    pollTimeoutMs: s['poll.timeout.ms'],
    backoffMs: s['refresh.backoff.ms'],
    commitIntervalMs: s['offset.commit.interval.ms'],
    abortOnSendFailure: s.abort_on_send_failure,
    keepsPartition: s.topic_partition_count_observer,
    topicMapping: spec.topicMapping,
  }
  return (process, onReady) => {
    const worker = new UReplicatorWorker({
      ...clients(process),
      ...{ settings, onReady, tell: tellOf(around, process.name) },
      zookeeper: processOf(spec.helixZookeeper, spec, around),
      commitZookeeper: processOf(spec.commitZookeeper, spec, around),
      sessionTimeoutMs: s['zk.session.timeout'],
      groupId: spec.consumer['group.id'] ?? 'ureplicator',
    })
    process.onTerminate = () => worker.shutdown()
  }
}
