// Checks of state that no living cluster can be brought to show: each meets an object of its own,
// or a log with a bug in one of its parts.

import { afterEach, expect, it, vi } from 'vitest'
import { PartitionStates } from '../../src/kafka/broker/partition-states.ts'
import { ProducerIdManager } from '../../src/kafka/broker/producer-id-manager.ts'
import { BrokerHeartbeats } from '../../src/kafka/controller/broker-heartbeats.ts'
import { BrokersToIsrs } from '../../src/kafka/controller/brokers-to-isrs.ts'
import { BatchList } from '../../src/kafka/log/batch-list.ts'
import { assertEpochsWhole } from '../../src/kafka/log/leader-epoch-cache.ts'
import { LogSegments } from '../../src/kafka/log/log-segments.ts'
import { OngoingTransactions } from '../../src/kafka/log/ongoing-transactions.ts'
import { DelayedFetchPurgatory } from '../../src/kafka/partition/delayed-fetch.ts'
import { LeaderState } from '../../src/kafka/raft/leader-state.ts'
import { QuorumLog } from '../../src/kafka/raft/quorum-log.ts'
import type { ProcessContext } from '../../src/sim/process.ts'
import { oneProcess } from './broker/scripted.ts'
import { batchOf, LOG_CONFIG, logOf } from './log/batches.ts'
import { fetchOf, registration } from './partition/bench.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const NOBODY = { send() {}, done() {} }

/** A process whose timers never come. */
function withoutTimers(): ProcessContext {
  const { process } = oneProcess()
  const never = { arm() {}, cancel() {}, armed: false, deadline: Number.POSITIVE_INFINITY }
  vi.spyOn(process, 'timer').mockReturnValue(never)
  return process
}

function purgatory(context: ProcessContext): DelayedFetchPurgatory {
  const judge = { readable: () => -1, minBytes: () => 1, complete: () => {} }
  const parked = new DelayedFetchPurgatory(context, judge)
  const offsets = { currentLeaderEpoch: 0, fetchOffset: 0, lastFetchedEpoch: 0, logStartOffset: 0 }
  parked.park(fetchOf(2, { partition: 0, ...offsets, maxBytes: 1 }), NOBODY)
  return parked
}

/** Old segments go, but for what a part of the log forgets. */
function retained(forgets: () => void): void {
  const config = { ...LOG_CONFIG, segmentBytes: 250, retentionBytes: 100 }
  const log = logOf([0, 0, 0, 0, 0, 0], config)
  log.updateHighWatermark(6)
  log.assertWhole()
  forgets()
  log.deleteOldSegments(0)
  log.assertWhole()
}

const nothing = () => {}

/** What the check says, and how it comes about. */
const BROKEN: readonly (readonly [string, () => void])[] = [
  [
    'no batch is older than the first segment',
    () => retained(() => vi.spyOn(BatchList.prototype, 'dropHead').mockImplementation(nothing)),
  ],
  [
    'every batch lies in a segment',
    () => retained(() => vi.spyOn(LogSegments.prototype, 'dropUntil').mockImplementation(nothing)),
  ],
  [
    'segments begin one after another',
    () => {
      const segments = new LogSegments(5)
      segments.roll(5)
      segments.assertWhole()
    },
  ],
  [
    'only an empty segment has no time',
    () => {
      const segments = new LogSegments(0)
      segments.append({ ...batchOf(0, 0), bytes: 0 }, LOG_CONFIG)
      segments.assertWhole()
    },
  ],
  ['the epochs of a log ascend', () => assertEpochsWhole([3, 3], [0, 5])],
  ['each epoch of a log begins after the one before', () => assertEpochsWhole([3, 4], [5, 5])],
  ['each epoch of a log has its start', () => assertEpochsWhole([3, 4], [5])],
  [
    'transactions stand in the order of their beginnings',
    () => {
      const transactions = new OngoingTransactions()
      transactions.begin(1, Number.NaN)
      transactions.assertWhole()
    },
  ],
  [
    'the last record’s epoch is known',
    () => {
      const log = new QuorumLog()
      for (const epoch of [1, 1]) log.append(epoch, { type: 'NoOp' })
      Object.assign(log.entryAt(1), { epoch: 2 })
      log.assertWhole()
    },
  ],
  [
    'other voters follow',
    () => {
      const leader = new LeaderState(1, [1, 2, 3, 4, 5], 0, 1_000, 0)
      leader.updateLocalState(1)
      leader.updateReplicaState(2, 0, 0)
      leader.voters.delete(2)
      leader.assertWhole()
    },
  ],
  [
    'a fenced broker waits for nobody',
    () => {
      const heartbeats = new BrokerHeartbeats(9_000)
      heartbeats.register(1, true)
      heartbeats.maybeUpdateControlledShutdownOffset(1, 5)
      heartbeats.assertWhole()
    },
  ],
  [
    'a partition has one leader',
    () => {
      const index = new BrokersToIsrs()
      index.update(0, undefined, registration({ isr: [] }))
      index.assertMatches(new Map())
    },
  ],
  [
    'who is in turn is found by index',
    () => {
      const states = new PartitionStates()
      const state = { partition: { index: 0 }, previous: null, next: null }
      states.set(0, state)
      state.partition.index = 1
      states.assertWhole()
    },
  ],
  [
    'who waits for ids is asked for, and not for ever',
    () => {
      const config = { nodeId: 1, requestTimeoutMs: 30_000, isRefusedWithoutBlock: false }
      const ids = new ProducerIdManager(withoutTimers(), config, { send: () => {} }, () => 1)
      ids.handle(NOBODY)
      ids.assertWhole()
    },
  ],
  [
    'whoever waits has somebody to answer',
    () => {
      const parked = purgatory(oneProcess().process)
      const [waiter] = parked.index.all()
      if (waiter === undefined) throw new Error('nobody waits')
      parked.wake(0)
      parked.index.add(0, waiter)
      parked.assertWhole()
    },
  ],
  ['nobody waits for ever', () => purgatory(withoutTimers()).assertWhole()],
]

it.each(BROKEN)('%s', (sentence, comeAbout) => {
  expect(comeAbout).toThrow(sentence)
})

it('nothing of this is wrong with a log that forgets nothing', () => {
  expect(() => retained(nothing)).not.toThrow()
})
