import { describe, expect, it } from 'vitest'
import { NodeToControllerChannel } from '../../../src/kafka/broker/controller-channel.ts'
import type { NodeId } from '../../../src/kafka/ids.ts'
import type { Request, Response } from '../../../src/kafka/messages.ts'
import type { RpcCaller, RpcClient, RpcFailure } from '../../../src/kafka/network/rpc.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { oneProcess } from './scripted.ts'

const ALLOCATE: Request = { api: 'AllocateProducerIds', brokerId: 1, brokerEpoch: 5 }
const BLOCK: Response = {
  api: 'AllocateProducerIds',
  error: 'NONE',
  firstProducerId: 0,
  count: 1000,
}

class HeldRpc implements RpcClient {
  readonly sent: { node: NodeId; request: Request; caller: RpcCaller; timeoutMs: number }[] = []
  readonly disconnected: NodeId[] = []
  backoffEnd: number | null = null

  send(node: NodeId, request: Request, timeoutMs: number, caller: RpcCaller): void {
    this.sent.push({ node, request, caller, timeoutMs })
  }

  disconnect(node: NodeId): void {
    this.disconnected.push(node)
  }

  retryAt(): number | null {
    return this.backoffEnd
  }

  answer(response: Response | null, failure: RpcFailure | null = null): void {
    const last = this.sent[this.sent.length - 1]
    last?.caller.onReply(last.request, response, failure, last.node)
  }
}

function rigWith(leaderId: NodeId, retryTimeoutMs: number | null = 4_500, controller?: NodeId) {
  const { world, process } = oneProcess()
  const rpc = new HeldRpc()
  const provider = { leaderId }
  const limits = { requestTimeoutMs: 4_500, retryTimeoutMs }
  const channel = new NodeToControllerChannel(process, rpc, provider, limits, controller)
  const answers: (Response | RpcFailure | null)[] = []
  const caller: RpcCaller = {
    onReply: (_, response, failure) => answers.push(response ?? failure),
  }
  const run = (duration: number) => world.scheduler.run(world.now + duration)
  return { rpc, provider, channel, answers, caller, run }
}

function epochsOf(sent: HeldRpc['sent']): unknown[] {
  return sent.map(({ request }) => 'brokerEpoch' in request && request.brokerEpoch)
}

describe('the channel to the controller', () => {
  it('waits until somebody leads, and looks every 100 ms', () => {
    const { rpc, provider, channel, caller, run } = rigWith(-1)
    channel.send(ALLOCATE, caller)
    run(250 * MS)
    expect(rpc.sent).toHaveLength(0)
    provider.leaderId = 102
    run(100 * MS)
    expect(rpc.sent.map(({ node }) => node)).toEqual([102])
  })

  it('hands requests on as they come, in order, and answers each', () => {
    const { rpc, channel, caller, answers } = rigWith(101)
    for (const brokerEpoch of [5, 6]) channel.send({ ...ALLOCATE, brokerEpoch }, caller)
    expect(epochsOf(rpc.sent)).toEqual([5, 6])
    rpc.answer(BLOCK)
    expect(answers).toEqual([BLOCK])
  })

  it('has those that fail together come back in reverse', () => {
    const { rpc, provider, channel, caller, run } = rigWith(101)
    for (const brokerEpoch of [5, 6, 7]) channel.send({ ...ALLOCATE, brokerEpoch }, caller)
    provider.leaderId = 102
    const lost = rpc.sent.splice(0)
    for (const one of lost) one.caller.onReply(one.request, null, 'disconnected', 101)
    channel.send({ ...ALLOCATE, brokerEpoch: 8 }, caller)
    expect(rpc.sent).toEqual([])
    run(0)
    expect(epochsOf(rpc.sent)).toEqual([7, 6, 5, 8])
    expect(rpc.sent.map(({ node }) => node)).toEqual([102, 102, 102, 102])
  })

  it('sleeps through a back-off with one of them, and takes the others after it', () => {
    const { rpc, channel, caller, run } = rigWith(101)
    for (const brokerEpoch of [5, 6]) channel.send({ ...ALLOCATE, brokerEpoch }, caller)
    rpc.backoffEnd = 50 * MS
    for (const one of rpc.sent.splice(0)) one.caller.onReply(one.request, null, 'refused', 101)
    run(0)
    expect(epochsOf(rpc.sent)).toEqual([6])
    run(50 * MS)
    rpc.backoffEnd = null
    for (const one of rpc.sent.splice(0)) one.caller.onReply(one.request, null, 'disconnected', 101)
    run(0)
    expect(epochsOf(rpc.sent)).toEqual([6, 5])
  })

  it('gives up whose time is over, also behind one that has some left', () => {
    const { rpc, provider, channel, caller, answers, run } = rigWith(101)
    channel.send(ALLOCATE, caller)
    run(2 * SECOND)
    channel.send({ ...ALLOCATE, brokerEpoch: 6 }, caller)
    provider.leaderId = -1
    for (const one of rpc.sent.splice(0)) one.caller.onReply(one.request, null, 'timed-out', 101)
    run(3 * SECOND)
    expect(answers).toEqual(['timed-out'])
    provider.leaderId = 102
    run(100 * MS)
    expect(epochsOf(rpc.sent)).toEqual([6])
  })

  it('begins with the controller that it is given, whoever leads by now', () => {
    const { rpc, channel, caller } = rigWith(102, 4_500, 101)
    channel.send(ALLOCATE, caller)
    expect(rpc.sent.map(({ node }) => node)).toEqual([101])
  })

  it('keeps a controller until a request to it fails, whoever leads meanwhile', () => {
    const { rpc, provider, channel, caller, run } = rigWith(101)
    provider.leaderId = 102
    channel.send(ALLOCATE, caller)
    rpc.answer(BLOCK)
    channel.send(ALLOCATE, caller)
    rpc.answer(null, 'timed-out')
    run(0)
    expect(rpc.sent.map(({ node }) => node)).toEqual([101, 101, 102])
  })

  it('takes NOT_CONTROLLER, at the top or at a partition, as a reason to look anew', () => {
    const { rpc, provider, channel, caller, answers, run } = rigWith(101)
    channel.send(ALLOCATE, caller)
    provider.leaderId = 103
    rpc.answer({ ...BLOCK, error: 'NOT_CONTROLLER' })
    run(0)
    expect(rpc.disconnected).toEqual([101])
    expect(rpc.sent.map(({ node }) => node)).toEqual([101, 103])
    const partition = {
      partition: 0,
      leader: 1,
      leaderEpoch: 1,
      partitionEpoch: 1,
      isr: [1],
      recovery: 'RECOVERED',
    } as const
    const partitions = [{ ...partition, error: 'NOT_CONTROLLER' as const }]
    rpc.answer({ api: 'AlterPartition', error: 'NONE', partitions })
    run(0)
    expect(rpc.sent).toHaveLength(3)
    expect(answers).toEqual([])
  })

  it('tries again after a lost connection, and gives up when the request is too old', () => {
    const { rpc, channel, caller, answers, run } = rigWith(101)
    channel.send(ALLOCATE, caller)
    run(2 * SECOND)
    rpc.answer(null, 'disconnected')
    run(0)
    expect(rpc.sent).toHaveLength(2)
    run(3 * SECOND)
    rpc.answer(null, 'timed-out')
    run(0)
    expect(rpc.sent).toHaveLength(2)
    expect(answers).toEqual(['timed-out'])
  })

  it('without a limit keeps a request for ever', () => {
    const { rpc, channel, caller, answers, run } = rigWith(101, null)
    channel.send(ALLOCATE, caller)
    run(900 * SECOND)
    rpc.answer(null, 'timed-out')
    run(0)
    expect(rpc.sent).toHaveLength(2)
    expect(answers).toEqual([])
  })
})
