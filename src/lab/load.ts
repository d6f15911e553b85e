// A scenario's clients as processes: who they are, where an operator finds them, when they start.
// What runs in one at each boot stands in clients/.

import type { ClientSpec, ConsumerSpec, ProducerSpec, Scenario } from '../scenario/model.ts'
import type { Process } from '../sim/process.ts'
import type { World } from '../sim/world.ts'
import { Applications } from './clients/applications.ts'
import { bootConsumer } from './clients/boot-consumer.ts'
import { bootProducer } from './clients/boot-producer.ts'
import { LiveEndpoints } from './clients/endpoints.ts'
import { ManagedClient } from './clients/managed-client.ts'
import { Schemas } from './clients/schemas.ts'
import type { ClientSurroundings } from './clients/surroundings.ts'
import { processAt } from './geography.ts'
import type { LiveCluster } from './live-cluster.ts'
import { ProducerRecorder } from './record/clients.ts'
import { type ClientRecord, ConsumerRecorder } from './record/deliveries.ts'

/** Names of clients are unique over producers and consumers. */
export class Clients {
  readonly producers: string[] = []
  readonly consumers: string[] = []
  readonly endpoints: LiveEndpoints
  readonly #clusters: readonly LiveCluster[]
  readonly #record: Omit<ClientRecord, 'invariantsOf'>
  readonly #around: ClientSurroundings
  readonly #recorders: ProducerRecorder[] = []
  readonly #managed = new Map<string, ManagedClient>()

  constructor(
    world: World,
    scenario: Scenario,
    clusters: readonly LiveCluster[],
    record: Omit<ClientRecord, 'invariantsOf'>,
  ) {
    const { history, clock } = record
    const clusterOf = (name: string) => this.#clusterOf(name)
    this.#clusters = clusters
    this.#record = record
    this.endpoints = new LiveEndpoints(world, clusters, scenario.endpoints)
    this.#around = {
      ...{ world, scenario, history, clock, clusterOf, endpoints: this.endpoints },
      applications: new Applications(scenario, clusterOf),
      schemas: new Schemas(world, clock),
    }
  }

  /** Its process starts at `spec.start`, scenario time, or now where that is past. */
  addProducer(spec: ProducerSpec): Process {
    const { history, causes, clock } = this.#record
    const recorder = new ProducerRecorder(history, causes, spec.name, clock)
    this.#recorders.push(recorder)
    this.producers.push(spec.name)
    return this.#add(spec, (client) => bootProducer(client, spec, recorder, this.#around))
  }

  /** As for producers; without a group it goes by its own name in the history. */
  addConsumer(spec: ConsumerSpec): Process {
    const { name, region, cluster, application } = spec
    const said = application === undefined ? {} : { application }
    const group = spec.config['group.id'] ?? name
    const invariantsOf = (of: string) => this.#clusterOf(of).invariants
    const record = { ...this.#record, invariantsOf }
    const recorder = new ConsumerRecorder(record, { name, cluster, group, region, ...said })
    this.consumers.push(name)
    return this.#add(spec, (client) => bootConsumer(client, spec, recorder, this.#around))
  }

  /** A client by name; what an operator has to do with. */
  managed(name: string): ManagedClient {
    const found = this.#managed.get(name)
    if (found === undefined) throw new Error(`no client ${name}`)
    return found
  }

  /** What was sent and not decided becomes part of the history. */
  close(): void {
    for (const recorder of this.#recorders) recorder.close()
  }

  #add(
    spec: ClientSpec & { readonly topic: string; readonly start: number },
    boot: (client: ManagedClient) => void,
  ): Process {
    const { world, history, clock } = this.#around
    const process = processAt(world, spec, this.#clusterOf(spec.cluster).spec.disk)
    const { cluster, topic, access } = spec
    const bootstrap = access?.bootstrap ?? [cluster]
    const client = new ManagedClient(spec.name, process, { cluster, topics: [topic], bootstrap })
    this.#managed.set(spec.name, client)
    process.onBoot = () => {
      client.booted()
      history.clientStarted(spec.name, clock.now())
      boot(client)
    }
    if (access?.standby !== true) process.start(Math.max(0, spec.start - clock.now()))
    return process
  }

  #clusterOf(name: string): LiveCluster {
    const found = this.#clusters.find((one) => one.name === name)
    if (found === undefined) throw new Error(`no cluster ${name}`)
    return found
  }
}
