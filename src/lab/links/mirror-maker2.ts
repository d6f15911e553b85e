// MirrorMaker 2 in a simulation: the workers of a flow, and the heartbeats that make it measurable.

import type { ConnectorDefinition } from '../../mirror/connect/connector.ts'
import { Worker } from '../../mirror/connect/worker.ts'
import { RestServer } from '../../mirror/connect/worker-rest.ts'
import { FlowConnectors } from '../../mirror/mirror-maker2/connectors.ts'
import { Flow } from '../../mirror/mirror-maker2/flow.ts'
import { mm2GuardsFor } from '../../mirror/mirror-maker2/guards.ts'
import type { SourceSlice } from '../../mirror/source-slice.ts'
import type { MirrorMaker2Spec } from '../../scenario/links.ts'
import { workerGroupOf } from '../../scenario/worker-group.ts'
import type { Process } from '../../sim/process.ts'
import { flowClientsOf, flowSettingsOf } from './flow-clients.ts'
import { type Tell, tellOf, translationTeller, troubleOf, workerTeller } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'
import { onceAnswered, restOf, stopOnTerminate, WorkerProcesses } from './worker-processes.ts'

/** Each of its processes is a worker of the flow's own Connect cluster, at the target. */
export function liveMirrorMaker2(
  spec: MirrorMaker2Spec,
  around: ReplicatorSurroundings,
): Replicator {
  const flows = new MirrorMaker2Flows(spec, around)
  return new WorkerProcesses(spec, around, (process, onReady) => flows.boot(process, onReady))
}

class MirrorMaker2Flows {
  readonly #spec: MirrorMaker2Spec
  readonly #around: ReplicatorSurroundings
  readonly #flow: Flow
  /** Heartbeats must come from the source: somebody has to write them there. */
  readonly #back: Flow

  constructor(spec: MirrorMaker2Spec, around: ReplicatorSurroundings) {
    this.#spec = spec
    this.#around = around
    const from = around.clusterOf(spec.from)
    const source = from.port
    const target = around.clusterOf(spec.to).port
    const common = {
      settings: flowSettingsOf(spec, from),
      guards: mm2GuardsFor(around.scenario.version, spec.guards),
      recordIds: around.recordIds,
    }
    this.#flow = new Flow({ source, target, ...common })
    this.#back = new Flow({ source: target, target: source, ...common })
  }

  /** A herder for each direction: the one back only beats, and is the first to stop. */
  boot(process: Process, onReady: () => void): void {
    const { source, target } = this.#flow
    const needed = this.#beatsBack ? [target, source] : [target]
    const tell = tellOf(this.#around, process.name)
    onceAnswered(process, this.#around, needed, tell, () => this.#start(process, onReady, tell))
  }

  #start(process: Process, onReady: () => void, tell: Tell): void {
    const { scenario, clusterOf } = this.#around
    const { knobs } = clusterOf(this.#spec.to).spec
    const { worker: settings } = this.#spec
    const observed = translationTeller(tell)
    const clients = flowClientsOf(this.#spec, scenario, knobs.clientServiceMicros, observed)
    const timing = {
      offsetFlushTimeoutMs: settings['offset.flush.timeout.ms'],
      ...troubleOf(tell, this.#spec.config['errors.tolerance']),
    }
    const observer = { onPolled: (slice: SourceSlice) => this.#record(slice) }
    const there = new FlowConnectors(this.#flow, { ...clients, observer }, timing)
    const connectors = [there.source(onReady), there.checkpoint(), there.heartbeat()]
    const server = this.#serverOf(process)
    const forth = this.#herd(process, server, this.#flow, connectors)
    stopOnTerminate(process, [forth])
    if (!this.#beatsBack) return
    const beats = new FlowConnectors(this.#back, clients, timing).heartbeat()
    const back = this.#herd(process, server, this.#back, [beats])
    stopOnTerminate(process, [back, forth])
  }

  /** Under the partition of the copy, as MirrorMaker's metrics name it. */
  #record({ partition, ids }: SourceSlice): void {
    const { source, target } = this.#flow
    const { history, clock } = this.#around
    const topic = this.#flow.remoteTopic(source.topics.topicOf(partition))
    const copy = target.topics.indexOf(topic, source.topics.numberOf(partition))
    const link = history.links.findIndex(({ name }) => name === this.#spec.name)
    if (copy === null) return
    for (const { count, createdFirst, createdLast } of ids) {
      history.polled.push({
        link,
        partition: copy,
        at: clock.now(),
        count,
        createdFirst: clock.of(createdFirst),
        createdLast: clock.of(createdLast),
      })
    }
  }

  /**
   * Where another link leads back, that one beats. Without heartbeats MirrorMaker has no herder for
   * the way back, and its processes need the source for nothing but what they copy.
   */
  get #beatsBack(): boolean {
    const { from, to, config } = this.#spec
    if (!config['emit.heartbeats.enabled']) return false
    const { links } = this.#around.scenario
    return !links.some(
      (one) => one.system === 'mirror-maker2' && one.from === to && one.to === from,
    )
  }

  /** KIP-710: one server for the herders of a process, where they may call one another. */
  #serverOf(process: Process): RestServer | null {
    const isOpen = this.#spec.config['dedicated.mode.enable.internal.rest']
    return isOpen ? new RestServer(process, this.#around.world.network) : null
  }

  /** MirrorMakerConfig.workerConfig: the workers' own topics and group are at the target. */
  #herd(
    process: Process,
    server: RestServer | null,
    { source, target }: Flow,
    connectors: readonly ConnectorDefinition[],
  ): Worker {
    const { world, recordIds } = this.#around
    const path = `/${source.name}/${target.name}`
    return new Worker({
      ...{ process, network: world.network, cluster: target, recordIds, connectors },
      settings: this.#spec.worker,
      ...workerGroupOf({ ...this.#spec, from: source.name }),
      clientId: `${source.name}->${target.name}`,
      rest: server === null ? null : restOf(this.#around, process, server, path),
      observer: workerTeller(tellOf(this.#around, process.name)),
    })
  }
}
