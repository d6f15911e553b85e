// D11 (KIP-853 motivates directory ids with it). A voter that comes back with an empty disk votes
// as if it had never known what it helped to commit: with a lagging voter it is a majority that
// elects a leader without a committed record.

import { describe, expect, it } from 'vitest'
import type { MetadataRecord } from '../../src/kafka/metadata/records.ts'
import { SECOND } from '../../src/sim/time.ts'
import { QuorumRig, type RigNode } from '../kafka/raft/quorum-rig.ts'

const VOTERS = [101, 102, 103]
const CHANGE: MetadataRecord = {
  type: 'Config',
  resource: { type: 'topic', name: 't' },
  name: 'retention.ms',
  value: '1',
}

interface Roles {
  readonly rig: QuorumRig
  readonly leader: RigNode
  /** Helped to commit. */
  readonly witness: RigNode
  /** Cut off before the commit. */
  readonly laggard: RigNode
}

/** A change is committed by the leader and one follower; the other is cut off. */
function committedByTwo(seed: string): Roles {
  const rig = new QuorumRig({ seed, voters: VOTERS }).startAll()
  const leader = rig.runUntilLeader()
  rig.run(SECOND)
  const [witness, laggard] = [...rig.nodes.values()].filter(({ id }) => id !== leader.id)
  if (witness === undefined || laggard === undefined) throw new Error('three voters')
  rig.isolate(laggard.id)
  leader.thread.append(leader.thread.node.epoch, [CHANGE])
  rig.run(SECOND)
  expect(leader.committed).toContainEqual(CHANGE)
  expect(laggard.committed).not.toContainEqual(CHANGE)
  return { rig, leader, witness, laggard }
}

/** Who still has the change at the end, with everybody back. */
function settled({ rig, leader }: Roles): boolean[] {
  rig.healAll()
  rig.run(20 * SECOND)
  leader.process.start()
  rig.run(20 * SECOND)
  return [...rig.nodes.values()].map(({ store }) => {
    const { log } = store
    for (let offset = 0; offset < log.endOffset; offset++) {
      if (log.entryAt(offset).record === CHANGE) return true
    }
    return false
  })
}

describe.each(['1', '2', '3'])('D11: a committed change, and the leader dies, seed %s', (seed) => {
  it('a witness that lost its disk lets the laggard lead: the change is gone everywhere', () => {
    const roles = committedByTwo(seed)
    roles.witness.process.crash()
    roles.witness.host.disk.lose()
    roles.leader.process.crash()
    roles.witness.process.start()
    expect(settled(roles)).toEqual([false, false, false])
  })

  it('a witness that was only killed remembers: it must lead, and the change stays', () => {
    const roles = committedByTwo(seed)
    roles.witness.process.crash()
    roles.leader.process.crash()
    roles.witness.process.start()
    expect(settled(roles)).toEqual([true, true, true])
  })

  it('if the laggard is there when the disk is lost, the leader still tells everybody', () => {
    const roles = committedByTwo(seed)
    roles.rig.healAll()
    roles.rig.run(5 * SECOND)
    roles.witness.process.crash()
    roles.witness.host.disk.lose()
    roles.leader.process.crash()
    roles.witness.process.start()
    expect(settled(roles)).toEqual([true, true, true])
  })
})
