import { describe, expect, it } from 'vitest'
import type { Request } from '../../../src/kafka/messages.ts'
import { RAFT_CHANNEL } from '../../../src/kafka/network/channel-options.ts'
import { ClientChannel } from '../../../src/kafka/network/client-channel.ts'
import { Answers, Holding, Rig } from './rig.ts'

const METADATA: Request = { api: 'Metadata', topics: null }
const EMPTY = { api: 'Metadata', controllerId: 1, brokers: [], topics: [] } as const
const LIMIT_MS = 2_000

/** A channel with open connections to two nodes; nothing is in flight. */
function connected(seed?: string): { rig: Rig; channel: ClientChannel; server: Holding } {
  const rig = new Rig([1, 2], 50, seed)
  const server = new Holding()
  rig.serve(1, server)
  rig.serve(2, server)
  const channel = channelOn(rig)
  for (const node of [1, 2]) channel.send(node, METADATA, LIMIT_MS, new Answers(rig))
  rig.runMs(200)
  server.answerOldest(EMPTY)
  server.answerOldest(EMPTY)
  rig.runMs(200)
  return { rig, channel, server }
}

function channelOn(rig: Rig): ClientChannel {
  let channel: ClientChannel | null = null
  rig.boot(() => {
    channel = new ClientChannel(rig.client, rig.world.network, rig, RAFT_CHANNEL)
  })
  if (channel === null) throw new Error('not booted')
  return channel
}

describe('a thread that sleeps in its poll', () => {
  it('notices an overdue request when its own sleep ends, at most a thousandth late', () => {
    const { rig, channel } = connected()
    const answers = new Answers(rig)
    const sentMs = rig.nowMs
    channel.send(1, METADATA, LIMIT_MS, answers)
    rig.runMs(LIMIT_MS + 0.1)
    expect(channel.isReady(1)).toBe(true)
    rig.runMs(LIMIT_MS + 10)
    expect(channel.isReady(1)).toBe(false)
    const [answer] = answers.seen
    const lateMs = (answer?.atMs ?? 0) - sentMs - LIMIT_MS
    expect(answer?.failure).toBe('timed-out')
    // Where it woke within its limit's own millisecond it slept once more.
    expect(lateMs % LIMIT_MS).toBeLessThanOrEqual(4)
  })

  it('sometimes wakes within the millisecond of the limit, and sleeps once more', () => {
    const sleeps = new Set<number>()
    for (let i = 0; i < 60; i++) {
      const { rig, channel } = connected(`seed ${i}`)
      const answers = new Answers(rig)
      const sentMs = rig.nowMs
      channel.send(1, METADATA, LIMIT_MS, answers)
      rig.runMs(10 * LIMIT_MS)
      sleeps.add(Math.floor(((answers.seen[0]?.atMs ?? 0) - sentMs) / LIMIT_MS))
    }
    expect([...sleeps].sort().slice(0, 2)).toEqual([1, 2])
  })

  it('keeps a black-holed connection twice as long where its sender asks another in time', () => {
    const { rig, channel } = connected()
    rig.isolate(1)
    rig.isolate(2)
    const answers = new Answers(rig)
    channel.send(1, METADATA, LIMIT_MS, answers)
    rig.runMs(LIMIT_MS - 1)
    // Wakes the thread a millisecond too early; the write wakes it once more, still too early.
    channel.send(2, METADATA, LIMIT_MS, new Answers(rig))
    rig.runMs(LIMIT_MS)
    expect(channel.isReady(1)).toBe(true)
    expect(answers.seen).toEqual([])
    rig.runMs(5)
    expect(channel.isReady(1)).toBe(false)
    expect(answers.seen).toHaveLength(1)
  })

  it('sees everything that is overdue when an answer of another node wakes it', () => {
    const { rig, channel, server } = connected()
    rig.isolate(1)
    channel.send(1, METADATA, LIMIT_MS, new Answers(rig))
    rig.runMs(1_500)
    channel.send(2, METADATA, LIMIT_MS, new Answers(rig))
    rig.runMs(600)
    expect(channel.isReady(1)).toBe(true)
    server.answerOldest(EMPTY)
    rig.runMs(30)
    expect(channel.isReady(1)).toBe(false)
  })

  it('gives up an unsent request without giving up the attempt to connect', () => {
    const rig = new Rig([1])
    rig.serve(1, new Holding())
    rig.isolate(1)
    const channel = channelOn(rig)
    const answers = new Answers(rig)
    channel.send(1, METADATA, LIMIT_MS, answers)
    rig.runMs(5_000)
    expect(answers.seen.map(({ failure }) => failure)).toEqual(['timed-out'])
    expect(channel.isPreparing(1)).toBe(true)
  })

  it('connects again only for a request: nothing is tried for its own sake', () => {
    const rig = new Rig([1])
    rig.serve(1, new Holding())
    rig.isolate(1)
    const channel = channelOn(rig)
    channel.send(1, METADATA, LIMIT_MS, new Answers(rig))
    rig.runMs(60_000)
    expect(channel.isPreparing(1)).toBe(false)
    channel.send(1, METADATA, LIMIT_MS, new Answers(rig))
    expect(channel.isPreparing(1)).toBe(true)
  })
})
