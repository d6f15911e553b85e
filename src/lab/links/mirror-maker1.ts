// The first MirrorMaker in a simulation: its processes.

import { MirrorMaker } from '../../mirror/mirror-maker1/mirror-maker.ts'
import type { MirrorMaker1Spec } from '../../scenario/links.ts'
import { groupClientsOf } from './group-clients.ts'
import { tellOf } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import { WorkerProcesses } from './worker-processes.ts'

/**
 * Its processes share one group at the source. SIGTERM runs the shutdown hook, which flushes and
 * commits.
 */
export function liveMirrorMaker1(
  spec: MirrorMaker1Spec,
  around: ReplicatorSurroundings,
): Replicator {
  const clients = groupClientsOf(spec, around)
  return new WorkerProcesses(spec, around, (process, onReady) => {
    const mirrorMaker = new MirrorMaker({
      ...clients(process),
      ...{ options: spec.options, onReady, tell: tellOf(around, process.name) },
    })
    process.onTerminate = () => mirrorMaker.shutdown()
  })
}
