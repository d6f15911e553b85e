import { describe, expect, it } from 'vitest'
import { SubmittedRecords } from '../../../src/mirror/connect/submitted-records.ts'

describe('what a source task may commit', () => {
  it('ends before the first record that is not acknowledged, partition by partition', () => {
    const records = new SubmittedRecords()
    const first = records.submit(1, 100, 10)
    const second = records.submit(1, 110, 5)
    const other = records.submit(2, 7, 1)
    records.ack(second, 0, 5)
    expect([...records.takeCommittable()]).toEqual([])
    records.ack(first, 0, 4)
    expect([...records.takeCommittable()]).toEqual([[1, 103]])
    records.ack(first, 4, 6)
    records.ack(other, 0, 1)
    expect([...records.takeCommittable()]).toEqual([
      [1, 114],
      [2, 7],
    ])
    expect([...records.takeCommittable()]).toEqual([])
  })

  it('ends before a part that another target partition has not acknowledged yet', () => {
    const records = new SubmittedRecords()
    const parted = records.submit(1, 100, 10)
    records.ack(parted, 4, 6)
    expect([...records.takeCommittable()]).toEqual([])
    expect(records.isEmpty).toBe(false)
    records.ack(parted, 0, 4)
    expect([...records.takeCommittable()]).toEqual([[1, 109]])
    expect(records.isEmpty).toBe(true)
  })

  it('can be waited for: all that was sent, at once where nothing is', () => {
    const records = new SubmittedRecords()
    const told: string[] = []
    records.awaitAll(() => told.push('nothing under way'))
    const sent = records.submit(1, 0, 2)
    records.awaitAll(() => told.push('all acknowledged'))
    records.ack(sent, 0, 1)
    expect(told).toEqual(['nothing under way'])
    records.ack(sent, 1, 1)
    expect(told).toEqual(['nothing under way', 'all acknowledged'])
  })
})
