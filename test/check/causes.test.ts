import { expect, it } from 'vitest'
import { causesOf } from '../../src/check/causes.ts'
import { TinyHistory } from './tiny-history.ts'

it('causes lead from an event back to the fault that began it', () => {
  const tiny = new TinyHistory()
  const fault = tiny.fault(5_000)
  const fence = tiny.fenced(1, 14_000, fault)
  const leader = tiny.leader(2, 1, [2, 3], 14_100, fence)
  expect(causesOf(tiny.history, leader).map((e) => e.id)).toEqual([fault, fence, leader])
  expect(causesOf(tiny.history, 99)).toEqual([])
})
