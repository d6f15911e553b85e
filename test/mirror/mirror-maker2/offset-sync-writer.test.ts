import { expect, test } from 'vitest'
import { mm2GuardsFor } from '../../../src/mirror/mirror-maker2/guards.ts'
import type { OffsetSync } from '../../../src/mirror/mirror-maker2/offset-sync.ts'
import { OffsetSyncWriter } from '../../../src/mirror/mirror-maker2/offset-sync-writer.ts'
import { CURRENT } from './mirrored-partition.ts'

const inWords = (syncs: OffsetSync[]) =>
  syncs.map(({ partition, upstream, downstream }) => `${partition}: ${upstream}=${downstream}`)

test('no more than ten syncs are on their way, and of one partition only the newest waits', () => {
  const writer = new OffsetSyncWriter(CURRENT, 0)
  for (let partition = 0; partition < 12; partition++) writer.queue(partition, 5, 5)
  expect(writer.fire()).toHaveLength(10)
  writer.queue(10, 6, 6)
  expect(writer.fire()).toEqual([])
  writer.acked()
  expect(inWords(writer.fire())).toEqual(['10: 6=6'])
  expect(inWords(writer.pending)).toEqual(['11: 5=5'])
})

test('before 3.4.1 a sync that finds no room is lost', () => {
  const writer = new OffsetSyncWriter(mm2GuardsFor('3.4.0'), 0)
  for (let partition = 0; partition < 12; partition++) writer.queue(partition, 5, 5)
  expect(writer.fire()).toHaveLength(10)
  for (let i = 0; i < 10; i++) writer.acked()
  expect(writer.fire()).toEqual([])
})

test('what is not due waits for the commit, and the newest of it goes out', () => {
  const writer = new OffsetSyncWriter(CURRENT, 100)
  for (let offset = 0; offset < 5; offset++) writer.queue(0, offset, offset)
  expect(inWords(writer.fire())).toEqual(['0: 0=0'])
  expect(writer.fire()).toEqual([])
  writer.promoteDelayed()
  expect(inWords(writer.fire())).toEqual(['0: 4=4'])
})

test('without gaps a sync is due every offset.lag.max + 1 records', () => {
  for (const [lagMax, spacing] of [
    [100, 101],
    [10, 11],
    [0, 1],
  ] as const) {
    const writer = new OffsetSyncWriter(CURRENT, lagMax)
    const sent: number[] = []
    for (let offset = 0; offset < 500; offset++) {
      writer.queue(0, offset, offset)
      for (const sync of writer.fire()) {
        sent.push(sync.upstream)
        writer.acked()
      }
    }
    expect(sent).toEqual(sent.map((_, i) => i * spacing))
    expect(sent.length).toBe(Math.ceil(500 / spacing))
  }
})

test('before 3.4.1 a stream without gaps makes one sync, and never another', () => {
  const writer = new OffsetSyncWriter(mm2GuardsFor('3.4.0'), 100)
  for (let offset = 0; offset < 5000; offset++) writer.queue(0, offset, offset)
  expect(inWords(writer.fire())).toEqual(['0: 0=0'])
  expect(writer.pending).toEqual([])
})
