// A producer whose serializer has to ask somebody, and a consumer's poll() whose deserializer has.

import { describe, expect, it } from 'vitest'
import { Deserialization, type Unread } from '../../../src/kafka/clients/deserialization.ts'
import type { Lane } from '../../../src/kafka/clients/record-source.ts'
import type { SerdeEnd, Serializer } from '../../../src/kafka/clients/serializer.ts'
import { NEVER, SECOND } from '../../../src/sim/time.ts'
import { OpenLoopSource } from '../../../src/workload/open-loop.ts'
import { records, startProducer } from './producer-rig.ts'
import { ScriptedCluster } from './scripted-cluster.ts'
import { batch } from './scripted-log.ts'

/** It knows what it was told to know, and learns a thing when a question ends well. */
class AskingSerializer implements Serializer {
  readonly asked: number[] = []
  readonly wroteAt: [first: number, count: number, at: number][] = []
  known: readonly number[]
  onEnd: ((end: SerdeEnd) => void) | null = null
  readonly #changes: readonly number[]

  constructor(changes: readonly number[] = [], known: readonly number[] = []) {
    this.#changes = changes
    this.known = known
  }

  #kind(at: number): number {
    return this.#changes.filter((change) => change <= at).length
  }

  isReady(at: number): boolean {
    return this.known.includes(this.#kind(at))
  }

  sameUntil(at: number): number {
    return this.#changes.find((change) => change > at) ?? NEVER
  }

  prepare(at: number, onEnd: (end: SerdeEnd) => void): void {
    this.asked.push(at)
    this.onEnd = (end) => {
      if (end === 'ready') this.known = [...this.known, this.#kind(at)]
      onEnd(end)
    }
  }

  wrote(first: number, count: number, at: number): void {
    this.wroteAt.push([first, count, at])
  }
}

/** Ten records a second from the start, five seconds long. */
function lane(): Lane {
  const phases = [{ from: 0, until: 5 * SECOND, recordsPerSecond: 10 }]
  return {
    source: new OpenLoopSource(1_000, phases, 0),
    target: { kind: 'partition', partition: 0 },
  }
}

function start(serializer: Serializer, lingerMs = 0) {
  const cluster = new ScriptedCluster([1], 1, 20)
  return { ...startProducer(cluster, [lane()], { lingerMs }, {}, serializer), rig: cluster.rig }
}

describe('a producer whose serializer must ask', () => {
  it('stands still in send() until the answer, and sends what has come meanwhile after it', () => {
    const serializer = new AskingSerializer()
    const { rig, fates } = start(serializer)
    rig.runMs(2_050)
    expect(fates).toEqual([])
    expect(serializer.asked).toHaveLength(1)
    serializer.onEnd?.('ready')
    rig.runMs(3_950)
    expect(records(fates)).toBe(50)
    expect(serializer.asked).toHaveLength(1)
    // What waited behind send() counts from the moment at which the thread went on.
    expect(fates[0]?.createdFirstMs).toBeGreaterThanOrEqual(2_050)
  })

  it('fails the record that it stood still with, and asks again for the next one', () => {
    const serializer = new AskingSerializer()
    const { rig, fates } = start(serializer)
    rig.runMs(1_000)
    serializer.onEnd?.('failed')
    rig.runMs(1)
    expect(fates).toMatchObject([{ count: 1, outcome: 'fail', error: 'SERIALIZATION_FAILED' }])
    expect(serializer.asked).toHaveLength(2)
    serializer.onEnd?.('ready')
    rig.runMs(5_000)
    expect(records(fates.filter(({ outcome }) => outcome === 'ok'))).toBe(49)
  })

  it('has no limit of its own: max.block.ms is for metadata and memory', () => {
    const serializer = new AskingSerializer()
    const { rig, fates } = start(serializer)
    rig.runMs(200_000)
    expect(fates).toEqual([])
  })

  it('asks at the moment at which the first record of another kind comes, linger or not', () => {
    const serializer = new AskingSerializer([2 * SECOND], [0])
    const { rig, fates } = start(serializer, 300)
    rig.runMs(2_001)
    expect(serializer.asked).toEqual([2 * SECOND])
    serializer.onEnd?.('ready')
    rig.runMs(5_000)
    expect(records(fates)).toBe(50)
  })

  it('tells of every record as what it was written', () => {
    const serializer = new AskingSerializer([2 * SECOND], [0, 1])
    const { rig } = start(serializer, 700)
    rig.runMs(7_000)
    const before = serializer.wroteAt.filter(([, , at]) => at < 2 * SECOND)
    const after = serializer.wroteAt.filter(([, , at]) => at >= 2 * SECOND)
    expect(before.reduce((sum, [, count]) => sum + count, 0)).toBe(20)
    expect(after.reduce((sum, [, count]) => sum + count, 0)).toBe(30)
  })

  it('says at its end which record it stands still with', () => {
    const serializer = new AskingSerializer()
    const { rig, producer } = start(serializer)
    rig.runMs(1_000)
    expect(producer.unfinished()).toEqual([])
    expect(producer.blockedSend()).toMatchObject({ partition: 0 })
    serializer.onEnd?.('ready')
    rig.runMs(5_000)
    expect(producer.blockedSend()).toBeNull()
  })
})

describe('poll() whose deserializer must ask', () => {
  const TEN: Unread = { partition: 5, offset: 80, batches: [batch(80, 10, 1)] }

  /** Records below `readable` can be read. */
  function polls(readable: number) {
    const told: string[] = []
    const ends: ((end: SerdeEnd) => void)[] = []
    const state = { readable }
    const deserialization = new Deserialization({
      deserializer: {
        readableTo: (_batches, from, to) => Math.max(from, Math.min(to, state.readable)),
        prepare: (_batches, at, onEnd) => {
          told.push(`asks for ${at}`)
          ends.push(onEnd)
        },
      },
      onAsking: () => told.push('stands still'),
      onAnswered: () => told.push('goes on'),
      onFailed: (partition, offset) => told.push(`throws at ${partition}/${offset}`),
    })
    return { told, ends, state, room: () => deserialization.room([TEN], 500) }
  }

  it('hands over all where all can be read', () => {
    expect(polls(90).room()).toBe(500)
  })

  it('hands over nothing before the answer, then all', () => {
    const { told, ends, state, room } = polls(83)
    expect([room(), room()]).toEqual([null, null])
    expect(told).toEqual(['stands still', 'asks for 83'])
    state.readable = 90
    ends[0]?.('ready')
    expect(room()).toBe(500)
  })

  it('after a failure hands over what comes before that record, and throws next time', () => {
    const { told, ends, room } = polls(83)
    room()
    ends[0]?.('failed')
    expect(room()).toBe(3)
    expect(told).not.toContain('throws at 5/83')
  })

  it('throws where that record comes first, and whoever polls again asks again', () => {
    const { told, ends, room } = polls(80)
    room()
    ends[0]?.('failed')
    expect(room()).toBeNull()
    expect(told.slice(3)).toEqual(['throws at 5/80', 'stands still', 'asks for 80'])
  })
})
