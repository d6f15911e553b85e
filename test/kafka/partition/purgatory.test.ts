import { describe, expect, test } from 'vitest'
import type { FetchPartition } from '../../../src/kafka/messages.ts'
import {
  type DelayedFetch,
  DelayedFetchPurgatory,
} from '../../../src/kafka/partition/delayed-fetch.ts'
import {
  DelayedProducePurgatory,
  type ProduceStatus,
} from '../../../src/kafka/partition/delayed-produce.ts'
import { WaiterIndex } from '../../../src/kafka/partition/waiter-index.ts'
import { oneProcess } from '../broker/scripted.ts'
import { fetchOf } from './bench.ts'

const NOBODY = { send() {}, done() {} }

describe('a parked produce', () => {
  /** High watermarks by partition decide; what is answered is written down, with its time. */
  function rig() {
    const { world, process } = oneProcess()
    const marks = [0, 0, 0]
    const answers: string[] = []
    const purgatory = new DelayedProducePurgatory(process, {
      check: (partition, required) => ((marks[partition] ?? 0) >= required ? 'NONE' : null),
      respond: (statuses) => {
        answers.push(`${world.now / 1000} ${statuses.map((status) => status.error).join(' ')}`)
      },
    })
    const park = (...partitions: number[]) => {
      purgatory.park(
        partitions.map((partition) => pending(partition)),
        100,
        NOBODY,
      )
    }
    const raise = (partition: number, to: number) => {
      marks[partition] = to
      purgatory.wake(partition)
    }
    const waiting = () => [0, 1, 2].map((partition) => purgatory.index.count(partition))
    return { world, purgatory, answers, park, raise, waiting }
  }

  function pending(partition: number): ProduceStatus {
    return {
      partition,
      requiredOffset: 1,
      baseOffset: 0,
      error: 'NONE',
      isPending: true,
      currentLeader: null,
    }
  }

  test('is answered at once where all is replicated already', () => {
    const { answers, park, raise, waiting } = rig()
    raise(1, 1)
    park(1)
    expect(answers).toEqual(['0 NONE'])
    expect(waiting()).toEqual([0, 0, 0])
  })

  test('waits for each of its partitions, and no longer for one that is decided', () => {
    const { world, answers, park, raise, waiting } = rig()
    park(0, 1)
    raise(1, 1)
    expect([answers, waiting()]).toEqual([[], [1, 0, 0]])
    raise(1, 2)
    expect(answers).toEqual([])
    raise(0, 1)
    expect([answers, waiting()]).toEqual([['0 NONE NONE'], [0, 0, 0]])
    world.scheduler.run(1_000_000)
    expect(answers).toHaveLength(1)
  })

  test('times out for the partitions that still wait, once, with the others’ answers', () => {
    const { world, answers, park, raise, waiting } = rig()
    park(0, 1)
    raise(1, 1)
    world.scheduler.run(1_000_000)
    expect([answers, waiting()]).toEqual([['100 REQUEST_TIMED_OUT NONE'], [0, 0, 0]])
    raise(0, 1)
    expect(answers).toHaveLength(1)
  })

  test('does not touch what was refused before it was parked', () => {
    const { answers, purgatory, raise, waiting } = rig()
    const refused = { ...pending(2), error: 'NOT_ENOUGH_REPLICAS', isPending: false } as const
    raise(2, 1)
    purgatory.park([{ ...refused }, pending(0)], 100, NOBODY)
    expect(waiting()).toEqual([1, 0, 0])
    raise(0, 1)
    expect(answers).toEqual(['0 NOT_ENOUGH_REPLICAS NONE'])
  })

  test('leaves nothing behind for the one that uses its place again', () => {
    const { world, answers, park, raise, waiting } = rig()
    park(0, 1)
    world.scheduler.run(1_000_000)
    park(2)
    expect([answers, waiting()]).toEqual([['100 REQUEST_TIMED_OUT REQUEST_TIMED_OUT'], [0, 0, 1]])
    raise(2, 1)
    expect(answers.slice(1)).toEqual([`${world.now / 1000} NONE`])
  })

  test('is used again after it was answered, not made anew', () => {
    const { purgatory, park, raise } = rig()
    const seen = new Set<unknown>()
    const { add } = purgatory.index
    purgatory.index.add = (partition, waiter) => {
      seen.add(waiter)
      add.call(purgatory.index, partition, waiter)
    }
    park(0)
    raise(0, 1)
    park(1)
    expect(seen.size).toBe(1)
  })
})

describe('a parked fetch', () => {
  /** Bytes by partition that wait to be read. */
  function rig(minBytes: number) {
    const { world, process } = oneProcess()
    const bytes = [0, 0]
    const answers: number[] = []
    const purgatory = new DelayedFetchPurgatory(process, {
      readable: (_, entry) => bytes[entry.partition] ?? 0,
      minBytes: (request) => request.minBytes,
      complete: () => {
        answers.push(world.now / 1000)
      },
    })
    const entry = (partition: number): FetchPartition => ({
      partition,
      currentLeaderEpoch: 0,
      fetchOffset: 0,
      lastFetchedEpoch: -1,
      logStartOffset: 0,
      maxBytes: 1_000,
    })
    const partitions = [entry(0), entry(1)]
    purgatory.park({ ...fetchOf(-1, entry(0)), minBytes, partitions }, NOBODY)
    const readable = (partition: number, now: number) => {
      bytes[partition] = now
      purgatory.wake(partition)
    }
    const waiting = () => [0, 1].map((partition) => purgatory.index.count(partition))
    return { world, answers, readable, waiting }
  }

  test('is answered with the first byte of any of its partitions, once', () => {
    const { world, answers, readable, waiting } = rig(1)
    readable(1, 0)
    expect([answers, waiting()]).toEqual([[], [1, 1]])
    readable(1, 1)
    expect([answers, waiting()]).toEqual([[0], [0, 0]])
    world.scheduler.run(1_000_000)
    expect(answers).toEqual([0])
  })

  test('with fetch.min.bytes waits until its partitions have them together', () => {
    const { answers, readable } = rig(100)
    readable(0, 60)
    readable(1, 39)
    expect(answers).toEqual([])
    readable(1, 40)
    expect(answers).toEqual([0])
  })

  test('is answered at once where a partition cannot be read any more', () => {
    const { answers, readable } = rig(100)
    readable(0, -1)
    expect(answers).toEqual([0])
  })

  test('is answered with what there is after fetch.max.wait.ms', () => {
    const { world, answers, waiting } = rig(1)
    world.scheduler.run(1_000_000)
    expect([answers, waiting()]).toEqual([[500], [0, 0]])
  })
})

test('a session’s fetch is found by its session, and looks in its turn', () => {
  const { process } = oneProcess()
  const answered: string[] = []
  const entry = {
    ...{ partition: 0, currentLeaderEpoch: 0, fetchOffset: 0, lastFetchedEpoch: -1 },
    ...{ logStartOffset: 0, maxBytes: 1_000 },
  }
  const session = {
    parked: null as DelayedFetch | null,
    roused: 0,
    rouse: () => session.roused++,
    park: (fetch: DelayedFetch) => (session.parked = fetch),
    unpark: () => (session.parked = null),
    entryOf: () => entry,
    restless: () => [entry],
  }
  const purgatory = new DelayedFetchPurgatory(process, {
    readable: () => 1,
    minBytes: (request) => request.minBytes,
    complete: ({ clientRack }) => answered.push(clientRack),
  })
  const park = (name: string, own: typeof session | null) =>
    purgatory.park({ ...fetchOf(-1, entry), clientRack: name }, NOBODY, own)
  park('first', null)
  park('second', session)
  park('third', null)
  expect(purgatory.index.count(0)).toBe(2)
  purgatory.wake(0, [session])
  expect([answered, session.parked]).toEqual([['first', 'second', 'third'], null])
  expect(session.roused).toBe(1)
})

test('waiters look in the order of their coming, also when the first takes itself out', () => {
  const index = new WaiterIndex()
  const looked: string[] = []
  for (const name of ['first', 'second']) {
    const waiter = {
      isParked: true,
      assertWhole: () => {},
      onChange: () => {
        looked.push(name)
        index.remove(3, waiter)
      },
    }
    index.add(3, waiter)
  }
  index.wake(2)
  index.wake(3)
  expect([looked, index.count(3)]).toEqual([['first', 'second'], 0])
})
