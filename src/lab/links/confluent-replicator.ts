// Confluent Replicator in a simulation: its workers, each with its connector.

import type { GroupSettings } from '../../kafka/clients/group/group-settings.ts'
import type { KafkaVersion } from '../../kafka/version.ts'
import { replicatorConnector } from '../../mirror/replicator/connector.ts'
import type { Provenance } from '../../mirror/replicator/provenance.ts'
import { ReplicatedTopics } from '../../mirror/replicator/replicated-topics.ts'
import type { ReplicatorSpec } from '../../scenario/links.ts'
import type { Process } from '../../sim/process.ts'
import { memberSettingsOf } from '../config/groups.ts'
import { connectClientsOf } from './connect-clients.ts'
import { connectCluster, type WorkerBoot } from './connect-cluster.ts'
import { seekTeller, troubleOf } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import { ScenarioKeys } from './scenario-keys.ts'

/**
 * Its workers are a Connect cluster at the target; group and topics bear the link's name, as far as
 * topics may have it.
 */
export function liveConfluentReplicator(
  spec: ReplicatorSpec,
  around: ReplicatorSurroundings,
  provenance: Provenance,
): Replicator {
  return connectCluster(spec, around, (boot) => [connectorOf(spec, around, provenance, boot)])
}

function connectorOf(
  spec: ReplicatorSpec,
  around: ReplicatorSurroundings,
  provenance: Provenance,
  { process, tell, onReady }: WorkerBoot,
) {
  const { scenario, history, clusterOf, recordIds } = around
  const { config: settings } = spec
  const source = clusterOf(spec.from).port
  const target = clusterOf(spec.to)
  const { clientServiceMicros } = target.spec.knobs
  const clients = connectClientsOf(spec, target.port, scenario, clientServiceMicros)
  return replicatorConnector({
    ...{ source, target: target.port, settings, provenance, recordIds, onReady },
    topics: new ReplicatedTopics(settings),
    keys: new ScenarioKeys(history, scenario),
    onSeek: seekTeller(history, tell),
    ...clients,
    timing: { ...clients.timing, ...troubleOf(tell, settings['errors.tolerance']) },
    group: ownGroup(spec, process, scenario.version),
  })
}

/** src.consumer.group.id, else the connector's name. */
function ownGroup(
  { name, consumer }: ReplicatorSpec,
  process: Process,
  version: KafkaVersion,
): GroupSettings {
  const member = { config: consumer, host: process.host.name, commit: null }
  return memberSettingsOf(member, consumer['group.id'] ?? name, version)
}
