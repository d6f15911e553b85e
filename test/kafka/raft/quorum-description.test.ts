import { expect, it } from 'vitest'
import { describeQuorum } from '../../../src/kafka/raft/quorum-description.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { QuorumRig } from './quorum-rig.ts'

it('only the leader describes the quorum; a dead voter shows by its lag and its time', () => {
  const rig = new QuorumRig({
    seed: 'describe',
    voters: [101, 102, 103],
    observers: [1],
  }).startAll()
  const leader = rig.runUntilLeader()
  const others = [...rig.nodes.values()].filter(({ id }) => id !== leader.id)
  for (const { thread } of others) expect(describeQuorum(thread.node)).toBeNull()
  rig.run(SECOND)
  const dead = others[0]
  dead?.process.crash()
  const diedAt = rig.now
  leader.thread.append(leader.thread.node.epoch, [{ type: 'NoOp' }, { type: 'NoOp' }])
  rig.run(2 * SECOND)
  const quorum = describeQuorum(leader.thread.node)
  expect(quorum).toMatchObject({ leaderId: leader.id, highWatermark: 3, maxFollowerLag: 2 })
  expect(quorum?.replicas.map(({ id }) => id)).toEqual([101, 102, 103, 1])
  for (const replica of quorum?.replicas ?? []) {
    if (replica.id === dead?.id) {
      expect(replica).toMatchObject({ status: 'Follower', logEndOffset: 1, lag: 2 })
      expect(replica.lastFetchTime).toBeLessThanOrEqual(diedAt + 500 * MS)
    } else {
      expect(replica).toMatchObject({ logEndOffset: 3, lag: 0 })
      expect(rig.now - replica.lastFetchTime).toBeLessThan(600 * MS)
    }
  }
  expect(quorum?.maxFollowerLagTime).toBeGreaterThan(1.4 * SECOND)
})
