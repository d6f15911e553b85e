// The application reads MirrorMaker 2's checkpoints by itself and goes on where they say: nobody
// has to switch sync.group.offsets on, and a group whose members still run at the source has an
// offset too. As old as the last checkpoint, and never ahead of what was read.

import { NO_EPOCH } from '../../../kafka/ids.ts'
import { Flow } from '../../../mirror/mirror-maker2/flow.ts'
import { mm2GuardsFor } from '../../../mirror/mirror-maker2/guards.ts'
import { translateOffsets } from '../../../mirror/mirror-maker2/remote-cluster-utils.ts'
import type { Scenario } from '../../../scenario/model.ts'
import type { Micros } from '../../../sim/time.ts'
import type { LiveCluster } from '../../live-cluster.ts'
import type { FailoverStrategy } from './strategy.ts'

/**
 * Finds nothing where no flow of MirrorMaker 2's connectors leads the way that the group came, or
 * no checkpoint is read within `timeout` (micros). Source: RemoteClusterUtils.translateOffsets.
 */
export function translatedOffsets(
  { links, version }: Scenario,
  clusterOf: (name: string) => LiveCluster,
  timeout: Micros,
): FailoverStrategy {
  return {
    offsetsFor({ process, network, from, live, group }, onFound) {
      const link = links.find((one) => {
        // Others may copy the same way.
        return one.from === from && one.to === live.name && 'guards' in one
      })
      if (link === undefined || !('guards' in link)) {
        onFound([])
        return
      }
      const flow = new Flow({
        source: clusterOf(from).port,
        target: live.port,
        settings: link.config,
        guards: mm2GuardsFor(version, link.guards),
        recordIds: live.cluster.recordIds,
      })
      translateOffsets(process, network, flow, group, timeout, (offsets) => {
        const found = [...offsets].map(([partition, offset]) => ({ partition, offset }))
        onFound(found.map((one) => ({ ...one, leaderEpoch: NO_EPOCH })))
      })
    },
  }
}
