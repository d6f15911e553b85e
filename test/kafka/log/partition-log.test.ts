import { describe, expect, test } from 'vitest'
import { PartitionLog } from '../../../src/kafka/log/partition-log.ts'
import { RandomSource } from '../../../src/sim/random.ts'
import { batchOf, epochsOf, LOG_CONFIG, logOf, produced } from './batches.ts'

describe('append', () => {
  test('a leader gives consecutive offsets and its own epoch', () => {
    const log = new PartitionLog(LOG_CONFIG)
    const first = log.appendAsLeader(produced({ count: 3 }), 5)
    const second = log.appendAsLeader(produced({ count: 2 }), 5)
    expect([first.firstOffset, first.nextOffset]).toEqual([0, 3])
    expect(second.firstOffset).toBe(3)
    expect(log.logEndOffset).toBe(5)
    expect(second.batch?.leaderEpoch).toBe(5)
  })

  test('a retried batch gets its first offsets again and is not appended', () => {
    const log = new PartitionLog(LOG_CONFIG)
    const batch = produced({ count: 2, producerId: 7, producerEpoch: 0, baseSequence: 0 })
    log.appendAsLeader(batch, 0)
    log.appendAsLeader({ ...batch, baseSequence: 2 }, 0)
    const again = log.appendAsLeader(batch, 0)
    expect(again).toMatchObject({ error: 'NONE', firstOffset: 0, nextOffset: 2, batch: null })
    expect(log.logEndOffset).toBe(4)
  })

  test('a gap in the sequence is refused and appends nothing', () => {
    const log = new PartitionLog(LOG_CONFIG)
    const batch = produced({ producerId: 7, producerEpoch: 0, baseSequence: 0 })
    log.appendAsLeader(batch, 0)
    const gap = log.appendAsLeader({ ...batch, baseSequence: 5 }, 0)
    expect(gap.error).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(log.logEndOffset).toBe(1)
  })

  test('a follower keeps the leader’s offsets and epochs, and its producers’ sequences', () => {
    const leader = new PartitionLog(LOG_CONFIG)
    const batch = produced({ count: 2, producerId: 7, producerEpoch: 0, baseSequence: 0 })
    leader.appendAsLeader(batch, 3)
    const follower = new PartitionLog(LOG_CONFIG)
    expect(follower.appendAsFollower(leader.batches())).toBe(true)
    expect(follower.batches()[0]).toBe(leader.batches()[0])
    expect(follower.epochs.entries()).toEqual([[3, 0]])
    expect(follower.appendAsLeader(batch, 4)).toMatchObject({ firstOffset: 0, batch: null })
  })

  test('a follower that nobody asked knows its producers though their batches are deleted', () => {
    const config = { ...LOG_CONFIG, segmentBytes: 200, retentionMs: 1_000 }
    const leader = new PartitionLog(config)
    const batch = produced({ producerId: 7, producerEpoch: 0, baseSequence: 0 })
    for (let n = 0; n < 5; n++) leader.appendAsLeader({ ...batch, baseSequence: n }, 3)
    const follower = new PartitionLog(config)
    follower.appendAsFollower(leader.batches())
    follower.updateHighWatermark(5)
    expect(follower.deleteOldSegments(1_000_001)).toBe(true)
    expect(follower.batches()).toEqual([])
    const again = follower.appendAsLeader({ ...batch, baseSequence: 4 }, 4)
    expect(again).toMatchObject({ firstOffset: 4, batch: null })
  })

  test('an open transaction holds back what a follower calls stable', () => {
    const log = new PartitionLog(LOG_CONFIG)
    const known = { producerId: 7, producerEpoch: 0, isTransactional: true }
    log.appendAsFollower([batchOf(0, 0), { ...batchOf(1, 0), ...known, baseSequence: 0 }])
    log.updateHighWatermark(2)
    expect(log.lastStableOffset).toBe(1)
  })

  test('a batch that does not continue a follower’s log is refused', () => {
    const log = logOf([0, 0])
    expect(log.appendAsFollower([batchOf(1, 0)])).toBe(false)
    expect(log.logEndOffset).toBe(2)
  })

  test('with flush.messages the disk is due once as many records are unflushed', () => {
    const log = logOf([0], { ...LOG_CONFIG, flushMessages: 2 })
    expect(log.flushIsDue).toBe(false)
    log.appendAsLeader(produced(), 0)
    expect(log.flushIsDue).toBe(true)
    log.flush()
    expect(log.flushIsDue).toBe(false)
  })

  test('a segment is as old as the latest record of its first batch (segment.ms)', () => {
    const log = new PartitionLog({ ...LOG_CONFIG, segmentMs: 10 })
    const [first, later] = [5_000_000, 5_004_000]
    log.appendAsLeader(produced({ createdFirst: first, createdLast: later }), 0)
    log.appendAsLeader(produced({ createdFirst: first, createdLast: later + 10_000 }), 0)
    expect(log.segmentCount).toBe(1)
    log.appendAsLeader(produced({ createdFirst: first, createdLast: later + 10_001 }), 0)
    expect(log.segmentCount).toBe(2)
  })
})

describe('read', () => {
  test('the first batch comes whole whatever its size, later ones only within the bound', () => {
    const log = logOf([0, 0, 0])
    expect(log.read(0, 3, 10, true)).toHaveLength(1)
    expect(log.read(0, 3, 10, false)).toHaveLength(0)
    expect(log.read(0, 3, 250, true)).toHaveLength(2)
  })

  test('an offset in the middle of a batch reads that batch, one at the limit nothing', () => {
    const log = new PartitionLog(LOG_CONFIG)
    log.appendAsLeader(produced({ count: 10 }), 0)
    log.appendAsLeader(produced({ count: 10 }), 0)
    expect(log.read(13, 20, 1000, true).map((b) => b.baseOffset)).toEqual([10])
    expect(log.read(5, 10, 1000, true).map((b) => b.baseOffset)).toEqual([0])
    expect(log.read(10, 10, 1000, true)).toEqual([])
  })

  test('an offset has the batch that holds it, and none outside of the log', () => {
    const log = new PartitionLog(LOG_CONFIG, 5)
    log.appendAsLeader(produced({ count: 10 }), 0)
    const held = [4, 5, 14, 15].map((offset) => log.batchAt(offset)?.baseOffset)
    expect(held).toEqual([undefined, 5, 5, undefined])
  })

  test('below the log start and above the log end an offset is out of range', () => {
    const log = logOf([0, 0, 0])
    log.maybeIncrementHighWatermark(2)
    expect(log.maybeIncrementLogStartOffset(1)).toBe(true)
    expect([0, 1, 3, 4].map((o) => log.isOutOfRange(o))).toEqual([true, false, false, true])
  })
})

describe('high watermark', () => {
  test('a leader’s only rises, a follower’s is overwritten also with less', () => {
    const log = logOf([0, 0, 0])
    expect(log.maybeIncrementHighWatermark(2)).toBe(true)
    expect(log.maybeIncrementHighWatermark(1)).toBe(false)
    expect(log.highWatermark).toBe(2)
    expect(log.maybeUpdateHighWatermark(1)).toBe(true)
    expect(log.highWatermark).toBe(1)
  })

  test('a follower’s is clamped to its log, a leader’s above the log end is a bug', () => {
    const log = logOf([0, 0])
    log.maybeUpdateHighWatermark(9)
    expect(log.highWatermark).toBe(2)
    expect(() => log.maybeIncrementHighWatermark(3)).toThrow('does not pass')
  })
})

describe('truncation', () => {
  test('records, epochs and the high watermark above the cut go', () => {
    const log = logOf([0, 1, 1, 3])
    log.updateHighWatermark(4)
    expect(log.truncateTo(1)).toBe(true)
    expect(epochsOf(log)).toEqual([0])
    expect(log.epochs.entries()).toEqual([[0, 0]])
    expect(log.highWatermark).toBe(1)
  })

  test('an epoch without records disappears when nothing is cut', () => {
    const log = logOf([0, 0])
    log.epochs.assign(4, 2)
    expect(log.truncateTo(2)).toBe(false)
    expect(log.epochs.latestEpoch()).toBe(0)
  })

  test('batches are cut whole', () => {
    const log = new PartitionLog(LOG_CONFIG)
    log.appendAsLeader(produced({ count: 10 }), 0)
    log.appendAsLeader(produced({ count: 10 }), 0)
    log.truncateTo(15)
    expect(log.logEndOffset).toBe(10)
  })

  test('a cut below the log start empties the log and moves its start down', () => {
    const log = logOf([0, 0, 0, 0])
    log.updateHighWatermark(4)
    log.maybeIncrementLogStartOffset(3)
    expect(log.truncateTo(1)).toBe(true)
    expect([log.logStartOffset, log.logEndOffset, log.highWatermark]).toEqual([1, 1, 1])
  })

  test('a power loss does not take back what lies below the log start', () => {
    const log = logOf([0, 0, 0, 0])
    log.maybeIncrementHighWatermark(4)
    log.maybeIncrementLogStartOffset(3)
    expect(log.recoveryPoint).toBe(3)
  })

  describe('of segments of two batches', () => {
    const sixBatches = () => logOf([0, 0, 0, 0, 0, 0], { ...LOG_CONFIG, segmentBytes: 200 })

    test('those above the cut go, and the last has room for what was cut from it', () => {
      const log = sixBatches()
      log.truncateTo(3)
      expect(log.segmentCount).toBe(2)
      log.appendAsLeader(produced(), 1)
      expect(log.segmentCount).toBe(2)
      log.appendAsLeader(produced(), 1)
      expect([log.segmentCount, log.recoveryPoint]).toEqual([3, 4])
    })

    test('one that begins at the cut stays, empty, and takes the next batches', () => {
      const log = sixBatches()
      log.truncateTo(4)
      expect(log.segmentCount).toBe(3)
      for (let k = 0; k < 2; k++) log.appendAsLeader(produced(), 1)
      expect(log.segmentCount).toBe(3)
    })

    test('none but a new one is left of a log that starts anew', () => {
      const log = sixBatches()
      log.truncateFullyAndStartAt(2)
      expect([log.segmentCount, log.sizeBytes]).toEqual([1, 0])
    })
  })

  test('a producer’s cut batches are forgotten, its earlier ones not', () => {
    const log = new PartitionLog(LOG_CONFIG)
    const batch = produced({ producerId: 7, producerEpoch: 0, baseSequence: 0 })
    log.appendAsLeader(batch, 0)
    log.appendAsLeader({ ...batch, baseSequence: 1 }, 0)
    log.truncateTo(1)
    expect(log.appendAsLeader({ ...batch, baseSequence: 1 }, 1)).toMatchObject({ firstOffset: 1 })
    expect(log.appendAsLeader(batch, 1)).toMatchObject({ firstOffset: 0, batch: null })
  })
})

describe('retention', () => {
  const config = { ...LOG_CONFIG, segmentBytes: 200, retentionMs: 1000 }

  test('whole old segments go, oldest first, and the log start follows', () => {
    const log = logOf([0, 0, 0, 0, 0], config)
    log.updateHighWatermark(5)
    expect(log.segmentCount).toBe(3)
    const shown: number[] = []
    const onDeleted = (batch: { baseOffset: number }) => shown.push(batch.baseOffset)
    expect(log.deleteOldSegments(1_000_001, onDeleted)).toBe(true)
    expect([log.logStartOffset, log.logEndOffset]).toEqual([5, 5])
    expect(shown).toEqual([0, 1, 2, 3, 4])
  })

  test('where all goes the log rolls first: an empty segment, nothing left to flush', () => {
    const log = logOf([0, 0, 0], config)
    log.updateHighWatermark(3)
    log.deleteOldSegments(1_000_001)
    expect([log.segmentCount, log.recoveryPoint, log.logStartOffset]).toEqual([1, 3, 3])
    for (let k = 0; k < 2; k++) log.appendAsLeader(produced(), 0)
    expect(log.segmentCount).toBe(1)
  })

  test('retention.ms 0 keeps nothing that is older than now', () => {
    const log = logOf([0], { ...config, retentionMs: 0 })
    log.updateHighWatermark(1)
    expect(log.deleteOldSegments(0)).toBe(false)
    expect(log.deleteOldSegments(1)).toBe(true)
  })

  test('segments wholly below the log’s start go, however young and few', () => {
    const log = logOf([0, 0, 0, 0, 0], { ...config, retentionMs: -1 })
    log.updateHighWatermark(5)
    log.maybeIncrementLogStartOffset(3)
    expect(log.deleteOldSegments(0)).toBe(true)
    expect([log.batches()[0]?.baseOffset, log.segmentCount]).toEqual([2, 2])
    log.maybeIncrementLogStartOffset(5)
    log.deleteOldSegments(0)
    expect(log.batches()[0]?.baseOffset).toBe(4)
  })

  test('nothing above the high watermark goes, however old', () => {
    const log = logOf([0, 0, 0, 0, 0], config)
    log.updateHighWatermark(3)
    log.deleteOldSegments(10_000_000)
    expect(log.logStartOffset).toBe(2)
    expect(log.batches()).toHaveLength(3)
    expect([log.segmentCount, log.recoveryPoint]).toEqual([2, 4])
  })

  test('retention.bytes deletes only what is wholly in excess', () => {
    const log = logOf([0, 0, 0, 0, 0], { ...config, retentionMs: -1, retentionBytes: 250 })
    log.updateHighWatermark(5)
    log.deleteOldSegments(0)
    expect(log.logStartOffset).toBe(2)
    expect(log.sizeBytes).toBe(300)
  })

  test('young records stay', () => {
    const log = logOf([0, 0, 0], config)
    log.updateHighWatermark(3)
    expect(log.deleteOldSegments(1_000_000)).toBe(false)
  })

  test('the log start never passes the high watermark', () => {
    const log = logOf([0, 0, 0])
    log.updateHighWatermark(1)
    expect(log.maybeIncrementLogStartOffset(2)).toBe(false)
    expect(log.logStartOffset).toBe(0)
  })
})

describe('crash', () => {
  const random = new RandomSource('crash').fork('disk')

  test('a power loss keeps whole batches, at least up to the recovery point', () => {
    const lengths = new Set<number>()
    for (let i = 0; i < 200; i++) {
      const log = logOf([0, 0])
      log.flush()
      for (let k = 0; k < 4; k++) log.appendAsLeader(produced({ count: 5 }), 1)
      log.powerLoss(random)
      lengths.add(log.logEndOffset)
    }
    expect([...lengths].sort((a, b) => a - b)).toEqual([2, 7, 12, 17, 22])
  })

  test('a roll flushes the segment before', () => {
    const log = logOf([0, 0, 0], { ...LOG_CONFIG, segmentBytes: 200 })
    expect(log.recoveryPoint).toBe(2)
  })

  test('loading takes the checkpointed high watermark and no epoch beyond the end', () => {
    const log = logOf([0, 0])
    log.updateHighWatermark(2)
    log.epochs.assign(3, 2)
    log.load(1)
    expect(log.highWatermark).toBe(1)
    expect(log.epochs.latestEpoch()).toBe(0)
  })
})
