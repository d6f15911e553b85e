// Mirus in a simulation: its workers, each with the monitor that restarts failed tasks.

import { Worker } from '../../mirror/connect/worker.ts'
import { mirusConnector } from '../../mirror/mirus/connector.ts'
import { monitorTasks } from '../../mirror/mirus/herder-status-monitor.ts'
import type { MirusSpec } from '../../scenario/links.ts'
import { workerGroupOf } from '../../scenario/worker-group.ts'
import type { Process } from '../../sim/process.ts'
import { connectClientsOf } from './connect-clients.ts'
import { seekTeller, type Tell, tellOf, troubleOf, workerTeller } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import { ScenarioKeys } from './scenario-keys.ts'
import { onceAnswered, restOf, stopOnTerminate, WorkerProcesses } from './worker-processes.ts'

/** Its workers are a Connect cluster of their own at the target, which bears the link's name. */
export function liveMirus(spec: MirusSpec, around: ReplicatorSurroundings): Replicator {
  const { worker: settings } = spec
  const cluster = around.clusterOf(spec.to).port
  const start = (process: Process, onReady: () => void, tell: Tell) => {
    const connector = connectorOf(spec, around, process, onReady)
    const worker = new Worker({
      ...{ process, network: around.world.network, recordIds: around.recordIds, settings },
      cluster,
      ...workerGroupOf(spec),
      clientId: process.name,
      rest: restOf(around, process),
      observer: workerTeller(tell),
      connectors: [connector],
    })
    monitorTasks(process, settings, worker, (task) => {
      tell('task-restarted', `restarts ${task}, which had failed`)
    })
    stopOnTerminate(process, [worker])
  }
  return new WorkerProcesses(spec, around, (process, onReady) => {
    const tell = tellOf(around, process.name)
    onceAnswered(process, around, [cluster], tell, () => start(process, onReady, tell))
  })
}

function connectorOf(
  spec: MirusSpec,
  around: ReplicatorSurroundings,
  process: Process,
  onReady: () => void,
) {
  const { scenario, history, clusterOf } = around
  const { config: settings, startsAtEnd } = spec
  const target = clusterOf(spec.to)
  const source = clusterOf(spec.from)
  const { clientServiceMicros } = target.spec.knobs
  const clients = connectClientsOf(spec, target.port, scenario, clientServiceMicros)
  const tell = tellOf(around, process.name)
  return mirusConnector({
    ...{ source: source.port, target: target.port, settings, startsAtEnd, onReady },
    onSeek: seekTeller(history, tell),
    keys: new ScenarioKeys(history, scenario),
    ...clients,
    timing: { ...clients.timing, ...troubleOf(tell, settings['errors.tolerance']) },
  })
}
