import { expect, it } from 'vitest'
import type { Request } from '../../../src/kafka/messages.ts'
import { RequestManager } from '../../../src/kafka/raft/request-manager.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'

const REQUEST: Request = { api: 'BeginQuorumEpoch', leader: 1, epoch: 1 }
const OTHER: Request = { api: 'BeginQuorumEpoch', leader: 1, epoch: 2 }

function sentAt(now: number): RequestManager {
  const manager = new RequestManager(2 * SECOND, 20 * MS)
  manager.onSent(7, REQUEST, now)
  return manager
}

it('a peer is not ready while a request is in flight, until that times out', () => {
  const manager = sentAt(100)
  expect(manager.isReady(7, 2 * SECOND)).toBe(false)
  expect(manager.hasAnyInflight(2 * SECOND)).toBe(true)
  expect(manager.nextChange(100)).toBe(2 * SECOND + 100)
  expect(manager.hasRequestTimedOut(7, 2 * SECOND + 100)).toBe(true)
  expect(manager.isReady(7, 2 * SECOND + 100)).toBe(true)
})

it('a failure makes it back off, a success makes it ready at once', () => {
  const failed = sentAt(0)
  failed.onResult(7, REQUEST, false, 1000)
  expect(failed.isBackingOff(7, 1000)).toBe(true)
  expect(failed.isReady(7, 1000 + 20 * MS)).toBe(true)
  const answered = sentAt(0)
  answered.onResult(7, REQUEST, true, 1000)
  expect(answered.isReady(7, 1000)).toBe(true)
})

it('a response to a request from before a reset, or to another, is not expected', () => {
  const manager = sentAt(0)
  expect(manager.isExpected(7, REQUEST)).toBe(true)
  expect(manager.isExpected(7, OTHER)).toBe(false)
  manager.resetAll()
  expect(manager.isExpected(7, REQUEST)).toBe(false)
  expect(manager.isReady(7, 0)).toBe(true)
})
