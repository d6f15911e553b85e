// Mirus in a simulation: its workers, each with the monitor that restarts failed tasks.

import { mirusConnector } from '../../mirror/mirus/connector.ts'
import { monitorTasks } from '../../mirror/mirus/herder-status-monitor.ts'
import type { MirusSpec } from '../../scenario/links.ts'
import { connectClientsOf } from './connect-clients.ts'
import { connectCluster, type WorkerBoot } from './connect-cluster.ts'
import { seekTeller, troubleOf } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import { ScenarioKeys } from './scenario-keys.ts'

/** Its workers are a Connect cluster of their own at the target, which bears the link's name. */
export function liveMirus(spec: MirusSpec, around: ReplicatorSurroundings): Replicator {
  return connectCluster(
    spec,
    around,
    (boot) => [connectorOf(spec, around, boot)],
    (worker, { process, tell }) =>
      monitorTasks(process, spec.worker, worker, (task) => {
        tell('task-restarted', `restarts ${task}, which had failed`)
      }),
  )
}

function connectorOf(
  spec: MirusSpec,
  around: ReplicatorSurroundings,
  { tell, onReady }: WorkerBoot,
) {
  const { scenario, history, clusterOf } = around
  const { config: settings, startsAtEnd } = spec
  const target = clusterOf(spec.to)
  const source = clusterOf(spec.from)
  const { clientServiceMicros } = target.spec.knobs
  const clients = connectClientsOf(spec, target.port, scenario, clientServiceMicros)
  return mirusConnector({
    ...{ source: source.port, target: target.port, settings, startsAtEnd, onReady },
    onSeek: seekTeller(history, tell),
    keys: new ScenarioKeys(history, scenario),
    ...clients,
    timing: { ...clients.timing, ...troubleOf(tell, settings['errors.tolerance']) },
  })
}
