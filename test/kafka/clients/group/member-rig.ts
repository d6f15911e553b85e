// A consumer's part in a group, without a cluster: the test gives the coordinator's answers.

import { CONSUMER_DEFAULTS } from '../../../../src/kafka/clients/consumer-config.ts'
import { GroupMember } from '../../../../src/kafka/clients/group/group-member.ts'
import type { GroupSettings } from '../../../../src/kafka/clients/group/group-settings.ts'
import { ClientMetadata } from '../../../../src/kafka/clients/metadata.ts'
import { Subscription } from '../../../../src/kafka/clients/subscription.ts'
import type { GroupReply } from '../../../../src/kafka/group-messages.ts'
import type { PartitionIndex } from '../../../../src/kafka/ids.ts'
import type { Request } from '../../../../src/kafka/messages.ts'
import type { RpcFailure } from '../../../../src/kafka/network/rpc.ts'
import { SECOND } from '../../../../src/sim/time.ts'
import { oneProcess } from '../../broker/scripted.ts'
import { metadataOf } from '../../network/metadata-answer.ts'
import { FakeClient } from '../fake-client.ts'
import { GROUP } from '../owned-group.ts'

export class MemberRig {
  readonly channel = new FakeClient()
  readonly told: string[] = []
  readonly subscription: Subscription
  readonly metadata: ClientMetadata
  readonly member: GroupMember
  readonly #run = oneProcess()

  constructor(group: Partial<GroupSettings>) {
    const { process } = this.#run
    const config = { ...CONSUMER_DEFAULTS, bootstrapNodes: [1], topics: ['t'] }
    const metadata = new ClientMetadata(config, process.random('metadata'))
    const led = { leader: 1, leaderEpoch: 0 }
    metadata.update(
      metadataOf(
        [1],
        [0, 1].map((partition) => ({ partition, ...led })),
      ),
      0,
    )
    this.metadata = metadata
    this.channel.links.set(1, 'ready')
    const observer = {
      onDelivered: () => {},
      onGroupFailed: (error: string) => void this.told.push(error),
      onUnauthorized: (error: string) => void this.told.push(error),
      onPollIntervalExceeded: () => void this.told.push('did not poll'),
    }
    this.subscription = new Subscription(CONSUMER_DEFAULTS, metadata, observer, process)
    this.member = new GroupMember({
      context: process,
      channel: this.channel,
      settings: { ...GROUP, ...group },
      wake: () => {},
      metadata,
      subscription: this.subscription,
      observer,
      topics: () => ['t'],
      listener: null,
      isAssignedByOwner: false,
    })
  }

  /** Time passes, and the application polls at its end or does not. @returns when to poll again */
  wait(seconds: number, polls = true): number {
    const { world } = this.#run
    world.scheduler.run(world.now + Math.round(seconds * SECOND))
    this.channel.now = world.now
    return polls ? this.member.poll(world.now, world.now) / SECOND : -1
  }

  get now(): number {
    return this.#run.world.now / SECOND
  }

  /** Requests of a kind that were sent so far. */
  sent<A extends Request['api']>(api: A): Extract<Request, { readonly api: A }>[] {
    return this.channel.sent.flatMap(({ request }) => {
      return request.api === api ? [request as Extract<Request, { readonly api: A }>] : []
    })
  }

  /** Answers a request of that kind: the newest, or the one with this number. */
  answer(response: GroupReply, at = -1): void {
    this.#reply(response.api, response, null, at)
  }

  fail(api: Request['api'], failure: RpcFailure): void {
    this.#reply(api, null, failure, -1)
  }

  #reply(
    api: Request['api'],
    response: GroupReply | null,
    failure: RpcFailure | null,
    at: number,
  ): void {
    const sent = this.channel.sent.filter(({ request }) => request.api === api).at(at)
    if (sent === undefined) throw new Error(`no ${api} was sent`)
    sent.caller.onReply(sent.request, response, failure, sent.node)
  }

  /** The coordinator is looked up and found. */
  find(): void {
    this.wait(1)
    this.answer({ api: 'FindCoordinator', error: 'NONE', coordinator: 1 })
    this.wait(0.01)
  }

  /** The coordinator under KIP-848 answers a heartbeat. */
  told848(memberEpoch: number, assignment: readonly PartitionIndex[] | null, at = -1): void {
    const api = 'ConsumerGroupHeartbeat'
    const member = this.sent(api).at(-1)?.member ?? ''
    const heartbeatIntervalMs = 5_000
    this.answer({ api, error: 'NONE', member, memberEpoch, heartbeatIntervalMs, assignment }, at)
  }

  /** Joins a classic group, as its member `m`, and gets all partitions. */
  joinClassic(leader = 'm'): void {
    this.find()
    const joined = { generation: 1, protocol: 'range', leader, member: 'm', members: [] }
    this.answer({ api: 'JoinGroup', error: 'NONE', ...joined, skipAssignment: false })
    this.answer({ api: 'SyncGroup', error: 'NONE', partitions: [0, 1] })
    this.wait(0.01)
    for (const one of this.subscription.partitions) one.resetTo(0, -1, 1, 0, false)
  }
}
