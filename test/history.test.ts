import { expect, it } from 'vitest'
import { History, logRanges } from '../src/history.ts'

it('a fault that never healed ends with the run, and a healed one when it healed', () => {
  const history = new History()
  const first = history.struck(100, 'crash', 'broker-1', 'broker 1 crashes')
  history.struck(200, 'crash', 'broker-2', 'broker 2 crashes')
  history.healed(first, 300, 'broker 1 is back')
  history.close(1_000)
  expect(history.faults.map((fault) => [fault.from, fault.until])).toEqual([
    [100, 300],
    [200, 1_000],
  ])
  expect(history.events.map((event) => event.cause)).toEqual([-1, -1, first])
  expect(history.loadEndAt).toBe(1_000)
})

it('a client is down from its stop to its next start, and only what ran can stop', () => {
  const history = new History()
  history.clientStopped('never ran', 50)
  history.clientStarted('a', 100)
  history.clientStopped('a', 200)
  history.clientStopped('a', 250)
  history.clientStarted('a', 300)
  history.clientStopped('a', 400)
  history.close(1_000)
  expect(history.clientDowns).toEqual([
    { client: 'a', from: 200, until: 300 },
    { client: 'a', from: 400, until: 1_000 },
  ])
})

it('log ranges join where ids, offsets and epoch go on, and only there', () => {
  const batch = (baseOffset: number, firstRecordId: number, leaderEpoch: number) => {
    return { baseOffset, count: 5, firstRecordId, leaderEpoch }
  }
  const batches = [
    batch(0, 0, 1),
    batch(5, 5, 1),
    batch(10, 10, 2),
    batch(15, 90, 2),
    batch(21, 95, 2),
  ]
  expect([...logRanges(batches)].map((row) => [row.baseOffset, row.count])).toEqual([
    [0, 10],
    [10, 5],
    [15, 5],
    [21, 5],
  ])
})
