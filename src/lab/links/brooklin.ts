// Brooklin in a simulation: its instances.

import { Brooklin } from '../../mirror/brooklin/brooklin.ts'
import type { BrooklinSpec } from '../../scenario/links.ts'
import { groupClientsOf } from './group-clients.ts'
import { tellOf } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import { WorkerProcesses } from './worker-processes.ts'

/** Instances share one group at the source; SIGTERM has them stop in order, a crash does not. */
export function liveBrooklin(spec: BrooklinSpec, around: ReplicatorSurroundings): Replicator {
  const clients = groupClientsOf(spec, around)
  return new WorkerProcesses(spec, around, (process, onReady) => {
    const instance = new Brooklin({
      ...clients(process),
      ...{ settings: spec.config, onReady, tell: tellOf(around, process.name) },
    })
    process.onTerminate = () => instance.shutdown()
  })
}
