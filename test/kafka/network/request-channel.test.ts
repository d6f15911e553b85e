import { describe, expect, it } from 'vitest'
import type { ProduceRequest, Request, Response } from '../../../src/kafka/messages.ts'
import { PRODUCER_CHANNEL } from '../../../src/kafka/network/channel-options.ts'
import { ClientChannel } from '../../../src/kafka/network/client-channel.ts'
import { SERVICE_TIMES } from '../../../src/kafka/network/service-times.ts'
import { Answers, Holding, Rig } from './rig.ts'

const OPTIONS = { ...PRODUCER_CHANNEL, receiveServiceMicros: 0 }
const ANSWER: Response = { api: 'Produce', partitions: [] }

function produce(acks: 0 | 1 | -1): ProduceRequest {
  return { api: 'Produce', acks, timeoutMs: 30_000, partitions: [] }
}

function start(rig: Rig): ClientChannel {
  const made: ClientChannel[] = []
  rig.boot(() => made.push(new ClientChannel(rig.client, rig.world.network, rig, OPTIONS)))
  const [channel] = made
  if (channel === undefined) throw new Error('not booted')
  return channel
}

describe('request channel', () => {
  it('serves one request a connection: the next is read when the answer has left', () => {
    const rig = new Rig([1])
    const server = new Holding()
    rig.serve(1, server)
    const channel = start(rig)
    for (let i = 0; i < 3; i++) channel.send(1, produce(-1), 30_000, new Answers(rig))
    rig.runMs(1_000)
    expect(server.held).toHaveLength(1)
    server.answerOldest(ANSWER)
    rig.run(0)
    expect(server.held).toHaveLength(1)
    rig.runMs(1_000)
    expect(server.held).toHaveLength(1)
  })

  it('serves two connections at once', () => {
    const rig = new Rig([1])
    const server = new Holding()
    rig.serve(1, server)
    const made: ClientChannel[] = []
    rig.boot(() => {
      made.push(new ClientChannel(rig.client, rig.world.network, rig, OPTIONS))
      made.push(new ClientChannel(rig.client, rig.world.network, rig, OPTIONS))
    })
    for (const channel of made) channel.send(1, produce(-1), 30_000, new Answers(rig))
    rig.runMs(1_000)
    expect(server.held).toHaveLength(2)
  })

  it('lets the next request in after acks=0 without an answer', () => {
    const rig = new Rig([1])
    const handled: Request[] = []
    rig.serve(1, {
      handle: (request, reply) => {
        handled.push(request)
        reply.done()
      },
    })
    const channel = start(rig)
    const answers = new Answers(rig)
    for (let i = 0; i < 3; i++) channel.send(1, produce(0), 30_000, answers)
    rig.runMs(1_000)
    expect(handled).toHaveLength(3)
    expect(answers.seen.map((a) => [a.response, a.failure])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ])
  })

  it('reads exactly one more request of a client that gave up on the one before', () => {
    const rig = new Rig([1])
    const server = new Holding()
    rig.serve(1, server)
    const channel = start(rig)
    for (let i = 0; i < 5; i++) channel.send(1, produce(-1), 1_000, new Answers(rig))
    rig.runMs(2_000)
    expect(server.held).toHaveLength(1)
    server.answerOldest(ANSWER)
    rig.runMs(100)
    expect(server.held).toHaveLength(1)
    server.answerOldest(ANSWER)
    rig.runMs(100)
    expect(server.held).toHaveLength(0)
  })

  it('closes the connection where the handler has no answer to give', () => {
    const rig = new Rig([1])
    rig.serve(1, { handle: (_request, reply) => reply.send(null) })
    const channel = start(rig)
    const answers = new Answers(rig)
    channel.send(1, produce(1), 30_000, answers)
    rig.runMs(1_000)
    expect(answers.seen.map((a) => a.failure)).toEqual(['disconnected'])
  })

  it('closes the connections of a listener, and leaves those of another one', () => {
    const rig = new Rig([1])
    const server = new Holding()
    rig.serve(1, server)
    const channels: ClientChannel[] = []
    rig.boot(() => {
      channels.push(new ClientChannel(rig.client, rig.world.network, rig, OPTIONS))
      channels.push(new ClientChannel(rig.client, rig.world.network, rig, OPTIONS))
    })
    const [client, controller] = [new Answers(rig), new Answers(rig)]
    channels[0]?.send(1, produce(-1), 30_000, client)
    channels[1]?.send(
      1,
      { api: 'AllocateProducerIds', brokerId: 2, brokerEpoch: 3 },
      30_000,
      controller,
    )
    rig.runMs(1_000)
    rig.servers.get(1)?.closeWhere(({ api }) => api === 'Produce')
    rig.runMs(100)
    expect(client.seen.map(({ failure }) => failure)).toEqual(['disconnected'])
    expect(controller.seen).toEqual([])
    // What the handler still has to say about it goes nowhere.
    server.answerOldest(ANSWER)
    rig.runMs(100)
    expect(client.seen).toHaveLength(1)
  })

  it('refuses a second answer to one request', () => {
    const rig = new Rig([1])
    const server = new Holding()
    rig.serve(1, server)
    start(rig).send(1, produce(1), 30_000, new Answers(rig))
    rig.runMs(1_000)
    const held = server.held[0]
    held?.reply.send(ANSWER)
    expect(() => held?.reply.send(ANSWER)).toThrow(/answered once/)
  })

  it('spends its service times on each request', () => {
    const rig = new Rig([1], 10)
    const echo = { handle: (_r: Request, reply: { send(r: Response): void }) => reply.send(ANSWER) }
    rig.serve(1, echo, { ...SERVICE_TIMES, jitterPercent: 0 })
    const channel = start(rig)
    const answers = new Answers(rig)
    channel.send(1, produce(1), 30_000, answers)
    rig.runMs(100)
    channel.send(1, produce(1), 30_000, answers)
    rig.runMs(100)
    expect(Math.round((answers.seen[1]?.atMs ?? 0) * 10)).toBe(1_106)
  })
})
