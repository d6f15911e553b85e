// The workers of a Connect cluster in a simulation, whatever connectors a link has on them.

import type { ConnectorDefinition } from '../../mirror/connect/connector.ts'
import { Worker } from '../../mirror/connect/worker.ts'
import type { ConnectSpec, MirusSpec, ReplicatorSpec } from '../../scenario/links.ts'
import { workerGroupOf } from '../../scenario/worker-group.ts'
import type { Process } from '../../sim/process.ts'
import { type Tell, tellOf, workerTeller } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import { onceAnswered, restOf, stopOnTerminate, WorkerProcesses } from './worker-processes.ts'

/** One boot of a worker's process. */
export interface WorkerBoot {
  readonly process: Process
  readonly tell: Tell
  /** To be called when it has begun to copy. */
  readonly onReady: () => void
}

/**
 * A Connect cluster at the target of a link (ConnectDistributed): a process of it needs that
 * cluster to start, and stops its work first where it is asked to end.
 *
 * @param connectorsOf the same definitions for all workers
 * @param onStarted what else runs in the process
 */
export function connectCluster(
  spec: ConnectSpec | MirusSpec | ReplicatorSpec,
  around: ReplicatorSurroundings,
  connectorsOf: (boot: WorkerBoot) => readonly ConnectorDefinition[],
  onStarted: (worker: Worker, boot: WorkerBoot) => void = () => {},
): Replicator {
  const { world, recordIds } = around
  const { worker: settings } = spec
  const cluster = around.clusterOf(spec.to).port
  const start = (boot: WorkerBoot): void => {
    const { process, tell } = boot
    const worker = new Worker({
      ...{ process, network: world.network, cluster, recordIds, settings },
      ...workerGroupOf(spec),
      ...{ clientId: process.name, rest: restOf(around, process) },
      observer: workerTeller(tell),
      connectors: connectorsOf(boot),
    })
    stopOnTerminate(process, [worker])
    onStarted(worker, boot)
  }
  return new WorkerProcesses(spec, around, (process, onReady) => {
    const boot = { process, tell: tellOf(around, process.name), onReady }
    onceAnswered(process, around, [cluster], boot.tell, () => start(boot))
  })
}
