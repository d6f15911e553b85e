// A health check from outside: at each round every broker of a cluster is asked for metadata over
// the network, and one good answer in time is enough.

import type { Request, Response } from '../../kafka/messages.ts'
import { ADMIN_CHANNEL } from '../../kafka/network/channel-options.ts'
import { ClientChannel } from '../../kafka/network/client-channel.ts'
import type { RpcCaller } from '../../kafka/network/rpc.ts'
import type { Detection } from '../../runbook/model.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import type { LiveCluster } from '../live-cluster.ts'

type Probe = Extract<Detection, { readonly kind: 'probe' }>

/** Build one at the boot of `process`. */
export class HealthProbe {
  readonly #spec: Probe
  readonly #live: LiveCluster
  readonly #channel: ClientChannel
  readonly #round: Timer
  readonly #limit: Timer
  readonly #onAlarm: (failures: number) => void
  #failures = 0
  /** Counts rounds, so that a late answer is known as such. */
  #number = 0
  #isOpen = false

  constructor(
    process: Process,
    network: Network,
    spec: Probe,
    live: LiveCluster,
    onAlarm: (failures: number) => void,
  ) {
    this.#spec = spec
    this.#live = live
    this.#onAlarm = onAlarm
    this.#channel = new ClientChannel(process, network, live.cluster, {
      ...ADMIN_CHANNEL,
      name: 'probe',
      inFlightMax: 10,
      requestTimeout: spec.timeout,
    })
    this.#round = process.timer(() => this.#ask())
    this.#limit = process.timer(() => this.#decided(false))
    this.#round.arm(process.random('probe').int(0, spec.every))
  }

  #ask(): void {
    this.#round.arm(this.#spec.every)
    if (this.#isOpen) this.#decided(false)
    this.#isOpen = true
    this.#limit.arm(this.#spec.timeout)
    const round = ++this.#number
    const { topic } = this.#spec
    const request: Request = { api: 'Metadata', topics: topic === null ? [] : [topic] }
    const brokers = this.#live.cluster.brokerIds
    let open = brokers.length
    const caller: RpcCaller = {
      onReply: (_request, response) => {
        open--
        if (round !== this.#number || !this.#isOpen) return
        if (this.#isGood(response)) this.#decided(true)
        else if (open === 0) this.#decided(false)
      },
    }
    for (const id of brokers) {
      this.#channel.send(id, request, this.#spec.timeout / 1_000, caller)
    }
  }

  #isGood(response: Response | null): boolean {
    if (response?.api !== 'Metadata' || response.brokers.length === 0) return false
    const { topic } = this.#spec
    if (topic === null) return true
    const known = response.topics.find(({ name }) => name === topic)
    if (known === undefined || known.error !== 'NONE') return false
    const alive = new Set(response.brokers.map(({ id }) => id))
    return known.partitions.every(({ leader }) => alive.has(leader))
  }

  #decided(isGood: boolean): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#limit.cancel()
    this.#failures = isGood ? 0 : this.#failures + 1
    if (this.#failures === this.#spec.failures) this.#onAlarm(this.#failures)
  }
}
