import { describe, expect, it } from 'vitest'
import { KafkaProducer } from '../../../src/kafka/clients/kafka-producer.ts'
import { PRODUCER_DEFAULTS } from '../../../src/kafka/clients/producer-config.ts'
import type { SourceOffsets } from '../../../src/mirror/connect/source-offsets.ts'
import { SourceTaskOffsetCommitter } from '../../../src/mirror/connect/task-offset-committer.ts'
import {
  type PolledRecords,
  type SourceTask,
  WorkerSourceTask,
} from '../../../src/mirror/connect/worker-source-task.ts'
import type { Process } from '../../../src/sim/process.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { ConnectRig } from './connect-rig.ts'

/** Ids of nobody else. */
const FIRST_ID = 9e14
const TOPIC = '__consumer_offsets'

/** A loop with a task whose polls take a time of their own and return ten records. */
class Loop {
  readonly rig = new ConnectRig()
  readonly told: string[] = []
  readonly stored: SourceOffsets[] = []
  loop: WorkerSourceTask | null = null

  readonly recordBytes: number
  readonly isTolerant: boolean
  failure = ''
  /** Whether the next writes of offsets fail. */
  refuses = false

  constructor(pollSeconds: number, recordBytes = 1_000, isTolerant = false) {
    this.recordBytes = recordBytes
    this.isTolerant = isTolerant
    const process = this.rig.process('worker', (booted) => this.#build(booted, pollSeconds))
    process.start()
    this.rig.run(0.1)
  }

  #build(process: Process, pollSeconds: number): void {
    const timing = { offsetFlushTimeoutMs: 5_000 }
    const loop = new WorkerSourceTask(
      process,
      {
        ...{ connector: 'source', ...timing },
        onFailed: (reason) => {
          this.failure = reason
        },
        onPassedOver: this.isTolerant
          ? (count, error) => this.told.push(`passes over ${count}: ${error}`)
          : undefined,
      },
      {
        read: () => new Map(),
        write: (_connector, offsets, onDone) => {
          this.stored.push(offsets)
          onDone(!this.refuses)
        },
      },
      new SourceTaskOffsetCommitter(process, 60_000),
    )
    const { directory, bootstrapNodes } = this.rig.cluster
    const producer = new KafkaProducer(process, this.rig.simulation.world.network, directory, {
      config: PRODUCER_DEFAULTS,
      ...{ topics: [TOPIC], bootstrapNodes, owner: loop, observer: { onBatchDone: () => {} } },
    })
    this.loop = loop
    loop.start(this.#task(process, pollSeconds, loop), producer)
  }

  #task(process: Process, pollSeconds: number, loop: WorkerSourceTask): SourceTask {
    let next = 0
    const timer = process.timer(() => {
      loop.onPolled([recordsFrom(next, this.recordBytes)])
      next += 10
    })
    const tell = (what: string) => this.told.push(what)
    return {
      poll: () => timer.arm(pollSeconds * SECOND),
      recordsCopied: (_partition, upstream, _downstream, count) =>
        tell(`copied ${upstream} to ${upstream + count - 1}`),
      committed: () => tell('committed'),
      close: () => tell('closed'),
    }
  }

  stop(): void {
    this.loop?.stop(() => this.told.push('stopped'))
  }
}

function recordsFrom(from: number, payloadBytes: number): PolledRecords {
  const range = { firstRecordId: FIRST_ID + from, count: 10, createdFirst: 0, createdLast: 0 }
  return {
    ...{ partition: 3, from, count: 10, target: { topic: TOPIC, partition: 0 } },
    records: { payloadBytes, compressionRatio: 1, ids: [range] },
  }
}

describe('a source task that is asked to stop', () => {
  it('sends what its poll still returns, commits it, hears of that, and is closed then', () => {
    const loop = new Loop(2)
    loop.rig.run(1)
    loop.stop()
    loop.rig.run(0.5)
    expect(loop.told).toEqual([])
    loop.rig.run(2)
    expect(loop.told).toEqual(['copied 0 to 9', 'committed', 'closed', 'stopped'])
    expect(loop.stored.map((offsets) => [...offsets])).toEqual([[[3, 9]]])
  })

  it('is closed only when its poll returns, though it was cancelled before', () => {
    const loop = new Loop(30)
    loop.rig.run(1)
    loop.stop()
    loop.rig.run(5)
    loop.loop?.cancel()
    expect(loop.told).toEqual([])
    loop.rig.run(30)
    expect(loop.told).toEqual(['closed'])
    expect(loop.stored).toEqual([])
  })
})

describe('a source task whose producer cannot send a record', () => {
  it('fails before it sends the next, and nothing of that is committed', () => {
    const loop = new Loop(2, 10_000_000)
    loop.rig.run(3)
    // The thread stands in its second poll.
    expect(loop.failure).toBe('')
    loop.rig.run(2)
    expect(loop.failure).toContain('RECORD_TOO_LARGE')
    loop.rig.run(6)
    expect(loop.told.slice(-1)).toEqual(['closed'])
    expect(loop.stored).toEqual([])
    expect(loop.loop?.isFailed).toBe(true)
  })

  it('passes it over with errors.tolerance all, and commits as if it had been copied', () => {
    const loop = new Loop(2, 10_000_000, true)
    loop.rig.run(5)
    expect(loop.told).toEqual([
      'passes over 10: RECORD_TOO_LARGE',
      'passes over 10: RECORD_TOO_LARGE',
    ])
    loop.stop()
    loop.rig.run(3)
    expect(loop.failure).toBe('')
    expect(loop.loop?.isFailed).toBe(false)
    expect(loop.told.slice(-3)).toEqual(['committed', 'closed', 'stopped'])
    // The position is behind what nobody has copied: a new task will not look for it either.
    expect(loop.stored.map((offsets) => [...offsets])).toEqual([[[3, 29]]])
  })
})

describe('a scheduled commit', () => {
  it('writes what was acknowledged when the loop last began to poll, and no more', () => {
    // Polls return after 25 and 50 s; of the second one everything is acknowledged before 60 s.
    const loop = new Loop(25)
    loop.rig.run(61)
    expect(loop.told).toEqual(['copied 0 to 9', 'copied 10 to 19', 'committed'])
    expect(loop.stored.map((offsets) => [...offsets])).toEqual([[[3, 9]]])
  })

  it('that failed leaves its offsets to the next one, or what came after them', () => {
    const loop = new Loop(25)
    loop.refuses = true
    loop.rig.run(61)
    loop.refuses = false
    loop.stop()
    loop.rig.run(20)
    expect(loop.stored.map((offsets) => [...offsets])).toEqual([[[3, 9]], [[3, 29]]])
  })
})
