// A router of Flink's in a simulation: the service that keeps its checkpoints, its job manager and
// its task managers.

import type { SendOwner } from '../../kafka/clients/send-queue.ts'
import { StoredCheckpoint, serveCheckpoints } from '../../mirror/flink/checkpoint-storage.ts'
import { JobManager, type JobSettings } from '../../mirror/flink/job-manager.ts'
import type { RestartStrategy } from '../../mirror/flink/restart-backoff.ts'
import { TaskManager } from '../../mirror/flink/task-manager.ts'
import { targetProducer } from '../../mirror/group-mirror.ts'
import type { FlinkSpec, WorkerSpec } from '../../scenario/links.ts'
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

/** It copies when a task manager does; the services start with it and are no sign of that. */
export function liveFlink(spec: FlinkSpec, around: ReplicatorSurroundings): Replicator {
  const processes = (workers: readonly WorkerSpec[], boot: BootWorker) =>
    new WorkerProcesses({ ...spec, workers }, around, boot)
  const workers = processes(spec.workers, bootTaskManager(spec, around))
  const services = [
    processes([spec.storage], bootStorage(around)),
    processes([spec.jobManager], bootJobManager(spec, around)),
  ]
  return withServices(services, workers)
}

function bootStorage({ world }: ReplicatorSurroundings): BootWorker {
  const storedOn = keptOnDisk(() => new StoredCheckpoint())
  return (process) => serveCheckpoints(process, world.network, storedOn(process))
}

function bootJobManager(spec: FlinkSpec, around: ReplicatorSurroundings): BootWorker {
  const settings = jobSettingsOf(spec)
  return (process) => {
    new JobManager({
      ...{ process, network: around.world.network, settings },
      source: around.clusterOf(spec.from).port,
      storage: processOf(spec.storage, spec, around),
      tell: tellOf(around, process.name, 'job manager'),
    })
  }
}

function jobSettingsOf({ topic, config: c }: FlinkSpec): JobSettings {
  return {
    topic,
    parallelism: c['parallelism.default'],
    restart: restartOf(c),
    isHighlyAvailable: c['high-availability.type'] !== 'NONE',
    heartbeatIntervalMs: c['heartbeat.interval'],
    heartbeatTimeoutMs: c['heartbeat.timeout'],
    heartbeatFailures: c['heartbeat.rpc-failure-threshold'],
    discoveryIntervalMs: c['partition.discovery.interval.ms'],
    intervalMs: c['execution.checkpointing.interval'],
    timeoutMs: c['execution.checkpointing.timeout'],
    tolerableFailures: c['execution.checkpointing.tolerable-failed-checkpoints'],
  }
}

/** What is not written depends on whether there are checkpoints. */
function restartOf(c: FlinkSpec['config']): RestartStrategy {
  const unwritten = c['execution.checkpointing.interval'] > 0 ? 'exponential-delay' : 'none'
  const type = c['restart-strategy.type'] ?? unwritten
  if (type === 'none') return { type: 'none' }
  if (type === 'fixed-delay') {
    return {
      type: 'fixed-delay',
      attempts: c['restart-strategy.fixed-delay.attempts'],
      delayMs: c['restart-strategy.fixed-delay.delay'],
    }
  }
  return {
    type: 'exponential-delay',
    initialMs: c['restart-strategy.exponential-delay.initial-backoff'],
    maxMs: c['restart-strategy.exponential-delay.max-backoff'],
    multiplier: c['restart-strategy.exponential-delay.backoff-multiplier'],
  }
}

function bootTaskManager(spec: FlinkSpec, around: ReplicatorSurroundings): BootWorker {
  const clientsOf = groupClientsOf(spec, around)
  const { config, startingOffsets, deliveryGuarantee, sinkTopic: topic } = spec
  const settings = {
    ...{ topic, startingOffsets, deliveryGuarantee },
    pollTimeoutMs: config['poll.timeout.ms'],
    commitsOffsets: config['commit.offsets.on.checkpoint'],
  }
  return (process, onReady) => {
    const clients = clientsOf(process)
    const { config: consumer, channel } = clients.consumer
    // Without a group.id there is nothing to commit for.
    const group = spec.consumer['group.id'] === null ? null : clients.group
    const { network } = clients
    new TaskManager({
      ...{ process, network, settings, group, onReady, keys: clients.keys, channel },
      cluster: clients.source,
      config: consumer,
      tell: tellOf(around, process.name, 'task manager'),
      newProducer: (owner: SendOwner) => targetProducer(clients, owner),
      jobManager: processOf(spec.jobManager, spec, around),
      slots: config['taskmanager.numberOfTaskSlots'],
      heartbeatTimeoutMs: config['heartbeat.timeout'],
    })
  }
}
