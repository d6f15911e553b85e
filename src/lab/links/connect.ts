// MirrorMaker 2's connectors with transforms in a simulation: plugins of a Connect cluster, whose
// workers call each other.

import { type Transformation, TransformationChain } from '../../mirror/connect/transformations.ts'
import { FlowConnectors } from '../../mirror/mirror-maker2/connectors.ts'
import { Flow } from '../../mirror/mirror-maker2/flow.ts'
import { mm2GuardsFor } from '../../mirror/mirror-maker2/guards.ts'
import type { ConnectSpec, TransformSpec } from '../../scenario/links.ts'
import { connectClientsOf } from './connect-clients.ts'
import { connectCluster } from './connect-cluster.ts'
import { flowClientsOf, flowSettingsOf } from './flow-clients.ts'
import { translationTeller, troubleOf } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'

/**
 * Its workers are a Connect cluster at the target that runs the source and the checkpoint
 * connector. Transforms are those of the source connector.
 */
export function liveConnect(spec: ConnectSpec, around: ReplicatorSurroundings): Replicator {
  const { scenario, recordIds, clusterOf } = around
  const source = clusterOf(spec.from)
  const target = clusterOf(spec.to)
  const { clientServiceMicros } = target.spec.knobs
  const flow = new Flow({
    ...{ source: source.port, target: target.port, recordIds },
    settings: flowSettingsOf(spec, source),
    guards: mm2GuardsFor(scenario.version, spec.guards),
  })
  const { timing } = connectClientsOf(spec, target.port, scenario, clientServiceMicros)
  const transformations = chainOf(spec, around)
  return connectCluster(spec, around, ({ tell, onReady }) => {
    const clients = flowClientsOf(spec, scenario, clientServiceMicros, translationTeller(tell))
    const trouble = troubleOf(tell, spec.config['errors.tolerance'])
    const copying = new FlowConnectors(flow, clients, { ...timing, ...trouble, transformations })
    const checkpoints = new FlowConnectors(flow, clients, { ...timing, ...trouble })
    return [copying.source(onReady), checkpoints.checkpoint()]
  })
}

/** What it leaves out is known to whoever judges the link. */
function chainOf(spec: ConnectSpec, { history }: ReplicatorSurroundings): TransformationChain {
  return new TransformationChain(spec.transforms.map(transformationOf), (ids) => {
    const link = history.links.findIndex(({ name }) => name === spec.name)
    for (const { firstRecordId, count } of ids) {
      history.filtered.push({ link, firstRecordId, count })
    }
  })
}

function transformationOf(spec: TransformSpec): Transformation {
  if (spec.kind !== 'route') return spec
  return { ...spec, regex: new RegExp(`^(?:${spec.regex})$`) }
}
