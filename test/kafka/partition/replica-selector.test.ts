import { expect, test } from 'vitest'
import {
  leaderSelector,
  type ReplicaView,
  rackAwareSelector,
} from '../../../src/kafka/partition/replica-selector.ts'

const LEADER = 1

function replica(id: number, rack: string, logEndOffset = 10, timeSinceLastCaughtUp = 0) {
  return { id, rack, logEndOffset, timeSinceLastCaughtUp } satisfies ReplicaView
}

test('without a selector everybody reads from the leader', () => {
  expect(leaderSelector('b', LEADER, [replica(1, 'a'), replica(2, 'b')])).toBe(LEADER)
})

test('a client reads in its rack, from the longest log there', () => {
  const replicas = [replica(1, 'a'), replica(2, 'b', 4), replica(3, 'b', 9), replica(4, 'c')]
  expect(rackAwareSelector('b', LEADER, replicas)).toBe(3)
  const longestFirst = [replica(1, 'a'), replica(3, 'b', 9, 5), replica(2, 'b', 4, 0)]
  expect(rackAwareSelector('b', LEADER, longestFirst)).toBe(3)
})

test('equal logs are told apart by lag, then by the higher id', () => {
  const lagging = [replica(1, 'a'), replica(2, 'b', 9, 1), replica(3, 'b', 9, 5)]
  expect(rackAwareSelector('b', LEADER, lagging)).toBe(2)
  const [two, three] = [replica(2, 'b', 9), replica(3, 'b', 9)]
  for (const equal of [
    [two, three],
    [three, two],
  ]) {
    expect(rackAwareSelector('b', LEADER, [replica(1, 'a'), ...equal])).toBe(3)
  }
})

test('the leader is chosen in its own rack, without a rack and where nobody matches', () => {
  const replicas = [replica(1, 'a', 5), replica(2, 'a', 10)]
  for (const rack of ['a', 'z', '', null]) {
    expect(rackAwareSelector(rack, LEADER, replicas)).toBe(LEADER)
  }
})
