import { describe, expect, test } from 'vitest'
import type { OffsetAt } from '../../../src/kafka/messages.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { produced } from '../log/batches.ts'
import { errorOf, produceOf, started } from './broker-bench.ts'

describe('a leader that is asked for offsets', () => {
  test('finds a time below a new leader’s watermark however far that lags', () => {
    const bench = started([1, 2])
    const write = () =>
      bench.ask(1, produceOf(produced({ createdFirst: 5e6, createdLast: 5e6 }), 1))
    write()
    bench.run(SECOND)
    bench.cut(2, true)
    write()
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 1 })
    const ask = (timestampMs: number) => {
      const query = { partition: 0, currentLeaderEpoch: 1, at: { timestampMs } }
      return bench.ask(1, { api: 'ListOffsets', replicaId: -1, partitions: [query] })
    }
    expect(ask(5_000)).toMatchObject([{ partitions: [{ error: 'NONE', offset: 0 }] }])
    expect(errorOf(ask(5_001))).toBe('OFFSET_NOT_AVAILABLE')
  })

  test('names the epoch of the place: the leader’s own only at the log’s end', () => {
    const bench = started([1, 2])
    const write = (created: number) =>
      bench.ask(1, produceOf(produced({ createdFirst: created, createdLast: created }), 1))
    write(5e6)
    bench.run(SECOND)
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 1 })
    bench.run(SECOND)
    const ask = (at: OffsetAt) => {
      const query = { partition: 0, currentLeaderEpoch: 1, at }
      return bench.ask(1, { api: 'ListOffsets', replicaId: -1, partitions: [query] })
    }
    expect(ask('earliest')).toMatchObject([{ partitions: [{ offset: 0, leaderEpoch: 0 }] }])
    expect(ask('latest')).toMatchObject([{ partitions: [{ offset: 1, leaderEpoch: 1 }] }])
    const since = (timestampMs: number) => ask({ timestampMs })
    expect(since(5_000)).toMatchObject([{ partitions: [{ offset: 0, leaderEpoch: 0 }] }])
    expect(since(5_001)).toMatchObject([{ partitions: [{ offset: -1, leaderEpoch: -1 }] }])
  })

  test('gives no latest offset while a new leader’s watermark lags (KIP-207)', () => {
    for (const [version, error] of [
      ['4.1', 'OFFSET_NOT_AVAILABLE'],
      ['2.1', 'NONE'],
    ] as const) {
      const bench = started([1, 2], { version })
      bench.cut(2, true)
      bench.ask(1, produceOf(produced({ count: 4 }), 1))
      bench.commit({ type: 'PartitionChange', partition: 0, leader: 1 })
      const ask = (at: OffsetAt) =>
        bench.ask(1, {
          api: 'ListOffsets',
          replicaId: -1,
          partitions: [{ partition: 0, currentLeaderEpoch: 1, at }],
        })
      expect(errorOf(ask('latest'))).toBe(error)
      expect(errorOf(ask('earliest'))).toBe('NONE')
      expect(errorOf(ask({ timestampMs: 0 }))).toBe(error)
      bench.cut(2, false)
      bench.run(40 * SECOND)
      expect(errorOf(ask('latest'))).toBe('NONE')
    }
  })
})
