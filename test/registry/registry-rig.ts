// A real cluster in one region, and the instances and clients of schema registries in another one.

import type { RegistryRequest } from '../../src/registry/messages.ts'
import type { RestFailure, RestServiceConfig } from '../../src/registry/rest-service.ts'
import { RestService } from '../../src/registry/rest-service.ts'
import type { SchemaRegistryConfig } from '../../src/registry/schema-registry.ts'
import { SchemaRegistry } from '../../src/registry/schema-registry.ts'
import type { Process } from '../../src/sim/process.ts'
import { ConnectRig } from '../mirror/connect/connect-rig.ts'

const INSTANCE: SchemaRegistryConfig = {
  topic: '_schemas',
  replicationFactor: 3,
  initTimeoutMs: 60_000,
  timeoutMs: 500,
  group: 'schema-registry',
  isEligible: true,
  isSticky: false,
  isReadOnly: false,
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 3_000,
  rebalanceTimeoutMs: 300_000,
  leaderConnectTimeoutMs: 60_000,
  leaderReadTimeoutMs: 60_000,
}

export const REST: RestServiceConfig = {
  connectTimeoutMs: 60_000,
  readTimeoutMs: 60_000,
  maxRetries: 0,
  retriesWaitMs: 1_000,
  retriesMaxWaitMs: 20_000,
}

/** What a question came to, and the second at which. */
export interface Outcome {
  readonly at: number
  readonly id: number | null
  readonly text: string | null
  readonly failure: RestFailure | null
}

export class RegistryRig extends ConnectRig {
  readonly told: string[] = []
  readonly instances = new Map<string, SchemaRegistry>()
  #clients = 0

  /** Starts an instance. */
  instance(name: string, config: Partial<SchemaRegistryConfig> = {}): Process {
    const { world, cluster } = this.simulation
    const process = this.process(name, (own) => {
      const registry = new SchemaRegistry({
        process: own,
        network: world.network,
        cluster: this.cluster,
        recordIds: cluster.recordIds,
        config: { ...INSTANCE, ...config },
        find: (url) => world.processes.get(url) ?? null,
        tell: (kind, text) => this.told.push(`${name} ${kind}: ${text}`),
        onReady: () => this.told.push(`${name} ready`),
        onFailed: (what) => {
          this.told.push(`${name} ${what}`)
          own.exit()
        },
      })
      this.instances.set(name, registry)
    })
    process.start()
    return process
  }

  /** Starts these, one after the other is ready, with these settings. */
  started(names: readonly string[], config: Partial<SchemaRegistryConfig> = {}): Process[] {
    return names.map((name) => {
      const process = this.instance(name, config)
      this.until(() => this.told.includes(`${name} ready`))
      return process
    })
  }

  get leader(): string | undefined {
    return [...this.instances].find(([, registry]) => registry.isLeader)?.[0]
  }

  /** A client with these URLs. */
  rest(urls: readonly string[], config: Partial<RestServiceConfig> = {}): RestService {
    const { world } = this.simulation
    let made: RestService | null = null
    const process = this.process(`client-${this.#clients++}`, (own) => {
      made = new RestService({
        ...{ process: own, network: world.network, urls },
        find: (url) => world.processes.get(url) ?? null,
        config: { ...REST, ...config },
      })
    })
    process.start()
    this.run(0.001)
    if (made === null) throw new Error('the client did not boot')
    return made
  }

  /** Asks and waits for the end. */
  ask(rest: RestService, request: RegistryRequest, seconds = 600): Outcome {
    const ends: Outcome[] = []
    rest.request(request, (found, failure) => {
      ends.push({ at: this.now, id: found?.id ?? null, text: found?.text ?? null, failure })
    })
    this.until(() => ends.length > 0, seconds)
    const [end] = ends
    if (end === undefined) throw new Error('no answer')
    return end
  }
}

/** A question for the id of a schema. */
export function registration(text: string, subject = 'orders-value'): RegistryRequest {
  return { kind: 'register', schema: { subject, text } }
}
