import { expect, test } from 'vitest'
import { BrokerStore } from '../../../src/kafka/log/broker-store.ts'
import { RandomSource } from '../../../src/sim/random.ts'
import { LOG_CONFIG, produced } from './batches.ts'

function storeWithRecords(): BrokerStore {
  const store = new BrokerStore()
  const log = store.getOrCreate(4, LOG_CONFIG)
  for (let i = 0; i < 5; i++) log.appendAsLeader(produced(), 0)
  log.updateHighWatermark(2)
  store.checkpointHighWatermarks()
  log.updateHighWatermark(5)
  return store
}

test('kill -9 loses no record; the high watermark falls back to its checkpoint', () => {
  const store = storeWithRecords()
  const opening = store.open()
  expect(opening).toEqual({ isClean: false, bytesToRecover: 500 })
  expect(store.logs.get(4)?.logEndOffset).toBe(5)
  expect(store.logs.get(4)?.highWatermark).toBe(2)
})

test('an orderly stop leaves a marker with the broker epoch, good for one start', () => {
  const store = storeWithRecords()
  store.shutDownCleanly(17)
  expect(store.readMarker()).toBe(17)
  expect(store.open()).toEqual({ isClean: true, bytesToRecover: 0 })
  expect(store.logs.get(4)?.highWatermark).toBe(5)
  expect(store.open().isClean).toBe(false)
})

test('a process that ends before it loads its logs leaves the marker of the last one', () => {
  const store = storeWithRecords()
  store.shutDownCleanly(17)
  expect(store.readMarker()).toBe(17)
  store.shutDownCleanly(-1)
  expect(store.readMarker()).toBe(17)
  store.open()
  expect(store.readMarker()).toBe(-1)
})

test('after an orderly stop a power loss takes nothing', () => {
  const store = storeWithRecords()
  store.shutDownCleanly(17)
  store.powerLoss(new RandomSource('x').fork('disk'))
  expect(store.logs.get(4)?.logEndOffset).toBe(5)
})

test('a lost disk leaves neither logs nor marker', () => {
  const store = storeWithRecords()
  store.shutDownCleanly(17)
  store.wipe()
  expect(store.open().isClean).toBe(false)
  expect(store.logs.size).toBe(0)
})
