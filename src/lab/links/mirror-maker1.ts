// The first MirrorMaker in a simulation: its processes.

import { MirrorMaker } from '../../mirror/mirror-maker1/mirror-maker.ts'
import type { MirrorMaker1Spec } from '../../scenario/links.ts'
import { channelOptionsOf, consumerConfigOf, producerConfigOf } from '../config/clients.ts'
import { memberSettingsOf } from '../config/groups.ts'
import { tellOf } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import { ScenarioKeys } from './scenario-keys.ts'
import { WorkerProcesses } from './worker-processes.ts'

export function liveMirrorMaker1(
  spec: MirrorMaker1Spec,
  around: ReplicatorSurroundings,
): Replicator {
  const { scenario, history, clusterOf, world } = around
  const { version, guards } = scenario
  const { options, producer, consumer } = spec
  const target = clusterOf(spec.to)
  const service = target.spec.knobs.clientServiceMicros
  const keys = new ScenarioKeys(history, scenario)
  const group = consumer['group.id'] ?? spec.name
  return new WorkerProcesses(spec, around, (process, onReady) => {
    const member = { config: consumer, commit: null, host: process.host.name }
    const mirrorMaker = new MirrorMaker({
      ...{ process, network: world.network, options, keys, onReady },
      ...{ source: clusterOf(spec.from).port, target: target.port },
      group: memberSettingsOf(member, group),
      consumer: {
        config: consumerConfigOf({ config: consumer }, version, guards),
        channel: channelOptionsOf(consumer, service),
      },
      producer: {
        config: producerConfigOf({ config: producer, compressionRatio: 1 }, version),
        channel: channelOptionsOf(producer, service),
      },
      tell: tellOf(around, process.name),
    })
    process.onTerminate = () => mirrorMaker.shutdown()
  })
}
