import type { ControllerChannel } from '../../../src/kafka/broker/controller-channel.ts'
import type { Request, Response } from '../../../src/kafka/messages.ts'
import type { RpcCaller, RpcFailure } from '../../../src/kafka/network/rpc.ts'
import type { Process } from '../../../src/sim/process.ts'
import type { Micros } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'

/** One running process in an otherwise empty world. */
export function oneProcess(): { world: World; process: Process } {
  const world = new World({ seed: 'one' })
  const host = world.addHost('host', world.addZone('zone', world.addRegion('region')))
  const process = world.addProcess('process', host)
  process.start()
  world.scheduler.run(0)
  return { world, process }
}

/** A controller in the hand: holds each request until the test answers it. */
export class HeldController implements ControllerChannel {
  readonly requests: { readonly at: Micros; readonly request: Request }[] = []
  readonly #now: () => Micros
  #open: { request: Request; caller: RpcCaller } | null = null

  constructor(now: () => Micros) {
    this.#now = now
  }

  send(request: Request, caller: RpcCaller): void {
    if (this.#open !== null) throw new Error('two requests in flight')
    this.requests.push({ at: this.#now(), request })
    this.#open = { request, caller }
  }

  get last(): Request | undefined {
    return this.requests[this.requests.length - 1]?.request
  }

  get lastAt(): Micros {
    return this.requests[this.requests.length - 1]?.at ?? -1
  }

  answer(response: Response | null, failure: RpcFailure | null = null): void {
    const open = this.#open
    if (open === null) throw new Error('nothing to answer')
    this.#open = null
    open.caller.onReply(open.request, response, failure, 101)
  }
}
