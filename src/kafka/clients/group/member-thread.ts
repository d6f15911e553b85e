// Models: the thread of a member of a group that is no consumer, with its network client: metadata,
// the look-up of its coordinator, and a loop that runs when there is something to do.
// Leaves out: metadata of topics, which such a member does not read.
// Source: the constructors and poll loops of connect.runtime.distributed.WorkerGroupMember and of
// Schema Registry's KafkaGroupLeaderElector, over ConsumerNetworkClient.

import type { Network } from '../../../sim/network.ts'
import type { Process, Timer } from '../../../sim/process.ts'
import type { HandlerId } from '../../../sim/scheduler.ts'
import { type Micros, millis, NEVER } from '../../../sim/time.ts'
import type { NodeId } from '../../ids.ts'
import { CONSUMER_CHANNEL } from '../../network/channel-options.ts'
import {
  type ChannelListener,
  ClientChannel,
  type NodeDirectory,
} from '../../network/client-channel.ts'
import { addressesOf, ClientMetadata } from '../metadata.ts'
import { MetadataUpdater } from '../metadata-updater.ts'
import { ClassicMember } from './classic-member.ts'
import { CoordinatorLookup, resolveCoordinator } from './coordinator-lookup.ts'
import type { MemberSettings } from './group-settings.ts'
import type { MemberWork } from './member-work.ts'

/** What the network client of such a member reads of its configuration. */
export interface MemberClientConfig {
  readonly requestTimeoutMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  readonly reconnectBackoffMs: number
  readonly metadataMaxAgeMs: number
  readonly rebootstrap: boolean
  readonly rebootstrapTriggerMs: number
}

/** Who the member is, and what its owner does in each pass. */
export interface MemberThreadOptions {
  readonly process: Process
  readonly network: Network
  readonly directory: NodeDirectory
  readonly bootstrapNodes: readonly NodeId[]
  readonly client: MemberClientConfig
  readonly member: MemberSettings
  /** Name of its random stream and of its handler. */
  readonly name: string
  /** One pass of the owner's loop. @returns when to look again */
  readonly pass: (now: Micros) => Micros
  /** After each pass. */
  readonly onPassed?: () => void
}

/**
 * A group without consuming: Connect's workers elect and assign by it, Schema Registry's instances
 * choose their leader.
 */
export class MemberThread implements ChannelListener {
  readonly metadata: ClientMetadata
  readonly lookup: CoordinatorLookup
  readonly member: ClassicMember
  readonly #process: Process
  readonly #options: MemberThreadOptions
  readonly #updater: MetadataUpdater
  readonly #timer: Timer
  readonly #runHandler: HandlerId
  #awake = false

  /** Build one in each incarnation of its process; `wake` has it look for work. */
  constructor(options: MemberThreadOptions, work: MemberWork) {
    const { process, network, directory, bootstrapNodes, client, member, name } = options
    const random = process.random(name)
    this.#process = process
    this.#options = options
    this.metadata = new ClientMetadata({ ...client, bootstrapNodes, topics: [] }, random)
    const addresses = addressesOf(directory, bootstrapNodes, resolveCoordinator)
    const channel = new ClientChannel(process, network, addresses, {
      ...CONSUMER_CHANNEL,
      requestTimeout: millis(client.requestTimeoutMs),
    })
    channel.listener = this
    const wake = () => this.wake()
    this.#updater = new MetadataUpdater(this.metadata, client, channel, random, wake)
    this.lookup = new CoordinatorLookup(member, channel, this.metadata, random, wake)
    const { lookup } = this
    this.member = new ClassicMember(
      { context: process, channel, settings: member, lookup, wake },
      work,
    )
    this.#timer = process.timer(() => this.#run())
    this.#runHandler = process.handler(() => {
      this.#awake = false
      this.#run()
    }, name)
  }

  /** Several calls of one moment make one pass. */
  wake(): void {
    if (this.#awake) return
    this.#awake = true
    this.#process.after(0, this.#runHandler)
  }

  /** What waited for that connection may go on. */
  onConnectionReady(_: NodeId): void {
    this.wake()
  }

  /** The coordinator is looked for anew where it was that, and metadata is asked for. */
  onConnectionLost(node: NodeId): void {
    this.lookup.onConnectionLost(node)
    this.#updater.onConnectionLost()
    this.wake()
  }

  #run(): void {
    const { now } = this.#process
    let next = this.#updater.maybeUpdate(now)
    next = Math.min(next, this.#options.pass(now))
    if (next === NEVER) this.#timer.cancel()
    else if (this.#timer.deadline !== next) this.#timer.arm(Math.max(0, next - now))
    this.#options.onPassed?.()
  }
}
