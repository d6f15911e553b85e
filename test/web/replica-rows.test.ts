import { expect, it } from 'vitest'
import type { PartitionView } from '../../src/contract.ts'
import { replicaRows } from '../../web/replica-rows.ts'

const cut = { atMs: 1_250, broker: 1, fromOffset: 40, toOffset: 90, event: null }

/** Sampled every second: broker 1 has 90 records until it is cut to 40, broker 2 follows. */
const view: PartitionView = {
  partition: 'orders-0',
  topic: 'orders',
  number: 0,
  replicas: [1, 2],
  minIsr: [],
  leaders: [],
  isr: [],
  epochs: [],
  startMs: 0,
  stepMs: 1_000,
  tracks: [
    {
      broker: 1,
      role: 'replica',
      logStart: [0, 0, 0],
      highWatermark: [10, 60, 40],
      logEnd: [20, 90, 45],
    },
    {
      broker: 2,
      role: 'replica',
      logStart: [0, 0, null],
      highWatermark: [10, 40, null],
      logEnd: [20, 40, null],
    },
  ],
  truncations: [cut],
}

const endsAt = (ms: number) => replicaRows(view, ms).map(({ logEnd }) => logEnd)

it('a log that was cut between two samples is drawn cut from that moment on', () => {
  expect(endsAt(1_249)).toEqual([90, 40])
  expect(endsAt(1_250)).toEqual([40, 40])
  expect(replicaRows(view, 1_250)[0]?.highWatermark).toBe(40)
  expect(endsAt(2_000)).toEqual([45, null])
})

it('before the first sample and behind the last one the nearest counts', () => {
  expect(endsAt(-5)).toEqual([20, 20])
  expect(endsAt(9_000)).toEqual([45, null])
})
