// What a process of a link is made of that reads in a group of consumers and writes with a
// producer.

import type { GroupSettings } from '../../kafka/clients/group/group-settings.ts'
import type { ConsumerSettings, ProducerSettings } from '../../kafka/settings/modelled.ts'
import type { LinkBase } from '../../scenario/links.ts'
import type { Process } from '../../sim/process.ts'
import { channelOptionsOf, consumerConfigOf, producerConfigOf } from '../config/clients.ts'
import { memberSettingsOf } from '../config/groups.ts'
import type { ReplicatorSurroundings } from './replicator.ts'
import { ScenarioKeys } from './scenario-keys.ts'

interface GroupLink extends LinkBase {
  readonly producer: ProducerSettings
  readonly consumer: ConsumerSettings
}

/** The clusters and clients of each process of a link. */
export function groupClientsOf(spec: GroupLink, around: ReplicatorSurroundings) {
  const { scenario, history, clusterOf, world } = around
  const { version, guards } = scenario
  const { producer, consumer } = spec
  const target = clusterOf(spec.to)
  const service = target.spec.knobs.clientServiceMicros
  const keys = new ScenarioKeys(history, scenario)
  const group = consumer['group.id'] ?? spec.name
  const membersOn = (host: string): GroupSettings =>
    memberSettingsOf({ config: consumer, commit: null, host }, group, version)
  return (process: Process) => ({
    ...{ process, network: world.network, keys, group: membersOn(process.host.name) },
    ...{ source: clusterOf(spec.from).port, target: target.port },
    consumer: {
      config: consumerConfigOf({ config: consumer }, version, guards),
      channel: channelOptionsOf(consumer, service),
    },
    producer: {
      config: producerConfigOf({ config: producer, compressionRatio: 1 }, version),
      channel: channelOptionsOf(producer, service),
    },
  })
}
