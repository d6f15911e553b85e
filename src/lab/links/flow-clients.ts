// From the settings of a flow of MirrorMaker 2 to what its clients read.

import { ADMIN_DEFAULTS } from '../../kafka/clients/admin/admin-config.ts'
import type { MirrorMaker2Settings } from '../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../kafka/settings/resolve.ts'
import type { FlowClients } from '../../mirror/mirror-maker2/connectors.ts'
import { FlowTopics } from '../../mirror/mirror-maker2/flow-topics.ts'
import { KafkaMirrorAdmin } from '../../mirror/mirror-maker2/kafka-mirror-admin.ts'
import type { TranslationObserver } from '../../mirror/mirror-maker2/translation-observer.ts'
import type { MirrorMaker2Spec } from '../../scenario/links.ts'
import type { Scenario } from '../../scenario/model.ts'
import { channelOptionsOf, consumerConfigOf, producerConfigOf } from '../config/clients.ts'
import type { ReplicatedCluster } from './replicator.ts'

/**
 * The properties of a flow in a simulation: where the source has no authorizer each sync of access
 * control lists would be a question that is refused, and nothing more.
 */
export function flowSettingsOf(
  { config }: Pick<MirrorMaker2Spec, 'config'>,
  source: Pick<ReplicatedCluster, 'spec'>,
): MirrorMaker2Settings {
  if (source.spec.config['authorizer.class.name'] !== '') return config
  return { ...config, 'sync.topic.acls.enabled': false }
}

/**
 * `serviceMicros`: a client's own work on an answer; `translation` hears what keeps it from groups.
 */
export function flowClientsOf(
  spec: Pick<MirrorMaker2Spec, 'producer' | 'consumer' | 'config'>,
  { version, guards }: Scenario,
  serviceMicros: number,
  translation: TranslationObserver,
): FlowClients {
  const { producer, consumer } = spec
  // Offset syncs go through a producer of MirrorMaker's own, with the client's defaults.
  const plain = defaultSettings('producer', version)
  return {
    consumer: consumerConfigOf({ config: consumer }, version, guards),
    consumerChannel: channelOptionsOf(consumer, serviceMicros),
    dataProducer: producerConfigOf({ config: producer, compressionRatio: 1 }, version),
    dataChannel: channelOptionsOf(producer, serviceMicros),
    syncProducer: producerConfigOf({ config: plain, compressionRatio: 1 }, version),
    syncChannel: channelOptionsOf(plain, serviceMicros),
    adminOf: (cluster, { process, network }) =>
      new KafkaMirrorAdmin(process, network, cluster, ADMIN_DEFAULTS),
    checkpointTopics: (flow, context) => new FlowTopics(flow, context, translation),
    translation,
  }
}
