// Q06 (KAFKA-15489). A quorum leader that is cut off from the other voters does not notice: without
// check-quorum it goes on as leader, of an older epoch, for whoever reaches only it.

import { describe, expect, it } from 'vitest'
import type { MetadataRecord } from '../../src/kafka/metadata/records.ts'
import { SECOND } from '../../src/sim/time.ts'
import { QuorumRig } from '../kafka/raft/quorum-rig.ts'

const CHANGE: MetadataRecord = {
  type: 'Config',
  resource: { type: 'topic', name: 't' },
  name: 'retention.ms',
  value: '1',
}
const CUT_S = 60
const FETCH_TIMEOUT_S = 2

/** Broker 1 reaches only the old leader. How long both led, and what broker 1 believed. */
function story(checkQuorum: boolean, seed: string) {
  const rig = new QuorumRig({
    seed,
    voters: [101, 102, 103],
    observers: [1],
    guards: { checkQuorum },
  })
  const old = rig.startAll().runUntilLeader()
  rig.run(5 * SECOND)
  const cutAt = rig.now
  for (const id of rig.nodes.keys()) {
    if (id === old.id || id === 1) continue
    rig.link(old.id, id, false)
    rig.link(1, id, false)
  }
  old.thread.append(old.thread.node.epoch, [CHANGE])
  rig.run(CUT_S * SECOND)
  const changes = rig.transitions.filter(({ at }) => at > cutAt)
  const elected = changes.find(({ role }) => role === 'Leader')
  const resigned = changes.find(({ node }) => node === old.id)
  const behind = rig.node(1).thread.node.leaderId === old.id
  const until = resigned?.at ?? rig.now
  const wasCommitted = [...rig.nodes.values()].some(({ committed }) => committed.includes(CHANGE))
  rig.healAll()
  rig.run(20 * SECOND)
  const leaders = [...rig.nodes.values()].filter(
    ({ thread }) => thread.node.state.name === 'Leader',
  )
  return {
    overlapS: Math.max(0, until - (elected?.at ?? until)) / SECOND,
    epochs: [resigned?.epoch, elected?.epoch],
    behind,
    wasCommitted,
    leadersAtEnd: leaders.length,
  }
}

describe.each(['1', '2', '3', '4'])('Q06: a quorum leader is cut off, seed %s', (seed) => {
  it('before 3.7 two lead for as long as the cut lasts, and a broker is left behind', () => {
    const { overlapS, behind, wasCommitted, leadersAtEnd } = story(false, seed)
    expect(overlapS).toBeGreaterThan(CUT_S - 6)
    expect(behind).toBe(true)
    expect(wasCommitted).toBe(false)
    expect(leadersAtEnd).toBe(1)
  })

  it('since 3.7 it resigns after 1.5 fetch time-outs', () => {
    const { overlapS, behind, wasCommitted, leadersAtEnd } = story(true, seed)
    expect(overlapS).toBeLessThan(1.5 * FETCH_TIMEOUT_S)
    expect(behind).toBe(false)
    expect(wasCommitted).toBe(false)
    expect(leadersAtEnd).toBe(1)
  })
})

describe('Q06: a quorum of one', () => {
  it('never resigns: it is its own majority', () => {
    const rig = new QuorumRig({ seed: 'one', voters: [101] }).startAll()
    const epoch = rig.runUntilLeader().thread.node.epoch
    rig.run(60 * SECOND)
    expect(rig.node(101).thread.node).toMatchObject({ epoch, state: { name: 'Leader' } })
  })
})
