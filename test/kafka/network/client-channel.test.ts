import { describe, expect, it } from 'vitest'
import type { Request } from '../../../src/kafka/messages.ts'
import { PRODUCER_CHANNEL, RAFT_CHANNEL } from '../../../src/kafka/network/channel-options.ts'
import { ClientChannel } from '../../../src/kafka/network/client-channel.ts'
import type { Reply } from '../../../src/kafka/network/rpc.ts'
import { Answers, Holding, Rig } from './rig.ts'

const METADATA: Request = { api: 'Metadata', topics: null }
const EMPTY = { api: 'Metadata', controllerId: 1, brokers: [], topics: [] } as const
const OPTIONS = { ...PRODUCER_CHANNEL, receiveServiceMicros: 0 }
const echo = { handle: (_request: Request, reply: Reply) => reply.send(EMPTY) }

function channelOn(rig: Rig, options = OPTIONS): ClientChannel {
  let channel: ClientChannel | null = null
  rig.boot(() => {
    channel = new ClientChannel(rig.client, rig.world.network, rig, options)
  })
  if (channel === null) throw new Error('not booted')
  return channel
}

describe('client channel', () => {
  it('takes three round trips for the first answer (TCP, API versions, request), then one', () => {
    const rig = new Rig([1])
    rig.serve(1, echo)
    const channel = channelOn(rig)
    const answers = new Answers(rig)
    channel.send(1, METADATA, 30_000, answers)
    rig.runMs(1_000)
    channel.send(1, METADATA, 30_000, answers)
    rig.runMs(1_000)
    const [first, second] = answers.seen.map((a) => Math.round(a.atMs))
    expect([first, second]).toEqual([150, 1_050])
  })

  it('notices that a request is overdue when its thread wakes, and not before', () => {
    const rig = new Rig([1])
    const server = new Holding()
    rig.serve(1, server)
    const channel = channelOn(rig)
    channel.listener = {
      onConnectionReady: () => {},
      onConnectionLost: () => {},
      wakesAt: () => rig.world.scheduler.now + 80_000,
    }
    const answers = new Answers(rig)
    channel.send(1, METADATA, 5_000, answers)
    rig.runMs(120)
    channel.send(1, METADATA, 5_000, answers)
    rig.runMs(5_020)
    expect(answers.seen).toEqual([])
    server.answerOldest(EMPTY)
    rig.runMs(1_000)
    const seen = answers.seen.map((a) => [Math.round(a.atMs), a.failure])
    expect(seen).toEqual([
      [5_165, null],
      [5_180, 'timed-out'],
    ])
  })

  it("closes the connection when a sent request's limit is over, and fails all with it", () => {
    const rig = new Rig([1])
    const server = new Holding()
    rig.serve(1, server)
    const channel = channelOn(rig)
    const answers = new Answers(rig)
    channel.send(1, METADATA, 5_000, answers)
    rig.runMs(1_000)
    channel.send(1, METADATA, 5_000, answers)
    rig.runMs(10_000)
    expect(answers.seen.map((a) => [a.atMs, a.failure])).toEqual([
      [5_100, 'timed-out'],
      [5_100, 'timed-out'],
    ])
    expect(channel.isReady(1)).toBe(false)
  })

  it('gives up a black hole after 10 s ± 20 %, the next time after 20 s ± 20 %', () => {
    const rig = new Rig([1])
    rig.serve(1, echo)
    rig.isolate(1)
    const channel = channelOn(rig)
    const answers = new Answers(rig)
    channel.send(1, METADATA, 60_000, answers)
    rig.runMs(13_000)
    expect(answers.seen.map((a) => a.failure)).toEqual(['setup-timed-out'])
    const firstMs = answers.seen[0]?.atMs ?? 0
    expect(firstMs).toBeGreaterThanOrEqual(8_000)
    expect(firstMs).toBeLessThanOrEqual(12_000)
    const startedMs = rig.nowMs
    channel.send(1, METADATA, 60_000, answers)
    rig.runMs(30_000)
    const secondMs = (answers.seen[1]?.atMs ?? 0) - startedMs
    expect(secondMs).toBeGreaterThanOrEqual(16_000)
    expect(secondMs).toBeLessThanOrEqual(24_000)
  })

  it('is refused by a live host without the process after one round trip', () => {
    const rig = new Rig([1])
    const channel = channelOn(rig)
    const answers = new Answers(rig)
    channel.send(1, METADATA, 30_000, answers)
    rig.runMs(1_000)
    expect(answers.seen.map((a) => [Math.round(a.atMs), a.failure])).toEqual([[50, 'refused']])
  })

  it('fails a request at once while the reconnect back-off runs', () => {
    const rig = new Rig([1])
    const channel = channelOn(rig)
    const answers = new Answers(rig)
    channel.send(1, METADATA, 30_000, answers)
    rig.runMs(51)
    channel.send(1, METADATA, 30_000, answers)
    rig.run(1)
    expect(answers.seen.map((a) => a.failure)).toEqual(['refused', 'disconnected'])
  })

  it('doubles the reconnect back-off from 50 ms to 1 s, 20 % either way', () => {
    const rig = new Rig([1], 1)
    const channel = channelOn(rig)
    const waits: number[] = []
    for (let i = 0; i < 8; i++) {
      while (!channel.canConnect(1)) rig.run(100)
      channel.ready(1)
      rig.run(1_000)
      waits.push(((channel.retryAt(1) ?? 0) - rig.world.now) / 1_000)
    }
    const plain = [50, 100, 200, 400, 800, 1_000, 1_000, 1_000]
    waits.forEach((wait, i) => {
      expect(wait).toBeGreaterThanOrEqual((plain[i] ?? 0) * 0.8 - 1)
      expect(wait).toBeLessThanOrEqual(Math.min(1_000, (plain[i] ?? 0) * 1.2))
    })
  })

  it('hears of a crash as a reset and reconnects when asked', () => {
    const rig = new Rig([1])
    const node = rig.serve(1, new Holding())
    const channel = channelOn(rig)
    const answers = new Answers(rig)
    channel.send(1, METADATA, 30_000, answers)
    rig.runMs(500)
    node.crash()
    rig.runMs(100)
    expect(answers.seen.map((a) => [Math.round(a.atMs), a.failure])).toEqual([
      [525, 'disconnected'],
    ])
    rig.serve(1, echo)
    rig.runMs(100)
    channel.send(1, METADATA, 30_000, answers)
    rig.runMs(200)
    expect(answers.seen[1]?.response?.api).toBe('Metadata')
  })

  it('keeps to one request in flight where the channel says so', () => {
    const rig = new Rig([1])
    const server = new Holding()
    rig.serve(1, server)
    const channel = channelOn(rig, { ...RAFT_CHANNEL, apiVersions: false })
    const answers = new Answers(rig)
    channel.send(1, METADATA, 30_000, answers)
    channel.send(1, METADATA, 30_000, answers)
    rig.runMs(200)
    expect(server.held).toHaveLength(1)
    expect(channel.inFlightCount(1)).toBe(1)
    server.answerOldest(EMPTY)
    rig.runMs(200)
    expect(server.held).toHaveLength(1)
    expect(answers.seen).toHaveLength(1)
  })

  it('closes a connection that was idle for connections.max.idle.ms', () => {
    const rig = new Rig([1])
    rig.serve(1, echo)
    const channel = channelOn(rig)
    channel.send(1, METADATA, 30_000, new Answers(rig))
    rig.runMs(539_000)
    expect(channel.isReady(1)).toBe(true)
    rig.runMs(3_000)
    expect(channel.isReady(1)).toBe(false)
  })
})
