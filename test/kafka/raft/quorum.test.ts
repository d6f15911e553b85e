import { describe, expect, it } from 'vitest'
import type { MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import { type Micros, MS, SECOND } from '../../../src/sim/time.ts'
import { QuorumRig, type RigNode } from './quorum-rig.ts'

const THREE = [101, 102, 103]
const FIVE = [101, 102, 103, 104, 105]
const NO_OP: readonly MetadataRecord[] = [{ type: 'NoOp' }]

function appendNoOp(leader: RigNode | null): void {
  leader?.thread.append(leader.thread.node.epoch, NO_OP)
}

/** Keeps a quorum as busy as an idle cluster is: a record every half second. */
function runIdle(rig: QuorumRig, duration: Micros): void {
  const until = rig.now + duration
  while (rig.now < until) {
    appendNoOp(rig.leader)
    rig.run(500 * MS)
  }
}

interface Failover {
  readonly newLeaderAfter: Micros
  readonly elections: number
}

/** Kills the leader as `kill -9` does, waits for the next, starts the dead one again. */
function killLeader(rig: QuorumRig, random: Micros): Failover {
  const old = rig.runUntilLeader()
  runIdle(rig, 8 * SECOND)
  rig.run(random)
  const [killedAt, epoch] = [rig.now, old.thread.node.epoch]
  old.process.crash()
  const next = rig.runUntilLeader()
  const led = rig.transitions.find((t) => t.role === 'Leader' && t.epoch > epoch)
  rig.run(12 * SECOND - (rig.now - killedAt))
  old.process.start()
  return {
    newLeaderAfter: (led?.at ?? rig.now) - killedAt,
    elections: next.thread.node.epoch - epoch,
  }
}

function linesOf(rig: QuorumRig): string[] {
  return rig.transitions.map((t) => `${t.at / MS} ${t.node} ${t.role} ${t.epoch}`)
}

describe('a quorum', () => {
  it('elects a leader and shows every node, brokers too, the same records', () => {
    const rig = new QuorumRig({ seed: 'elect', voters: THREE, observers: [1] }).startAll()
    appendNoOp(rig.runUntilLeader())
    rig.run(SECOND)
    for (const node of rig.nodes.values()) {
      expect(node.committed.map((record) => record.type)).toEqual(['LeaderChange', 'NoOp'])
    }
  })

  it('elects its first leader within an election time-out and some round trips, 200 seeds', () => {
    for (let seed = 0; seed < 200; seed++) {
      const rig = new QuorumRig({ seed: `first-${seed}`, voters: THREE }).startAll()
      rig.runUntilLeader()
      const led = rig.transitions.find((t) => t.role === 'Leader')
      const candidacies = rig.transitions.filter((t) => t.role === 'Candidate').length
      expect(led?.at).toBeGreaterThan(SECOND)
      // One drawn time-out of up to 2 s, connection, pre-vote and vote; each split vote adds one.
      expect(led?.at, linesOf(rig).join('\n')).toBeLessThan(2.3 * SECOND * Math.max(1, candidacies))
    }
  })

  it('mostly splits its first vote after a crash that all notice at once, as Kafka did', () => {
    const rig = new QuorumRig({ seed: 'crash', voters: THREE }).startAll()
    const failovers = Array.from({ length: 40 }, (_, i) => killLeader(rig, i * 12 * MS))
    const split = failovers.filter(({ elections }) => elections > 1)
    // A fetch in flight to the other survivor just then lets one of them be first.
    expect(split.length).toBeGreaterThan(28)
    for (const { newLeaderAfter, elections } of split) {
      expect(newLeaderAfter).toBeGreaterThan(2.6 * SECOND)
      expect(newLeaderAfter).toBeLessThan(4.5 * SECOND + (elections - 2) * 2 * SECOND)
    }
  })

  it('with five voters at equal distance also needs a second election', () => {
    const rig = new QuorumRig({ seed: 'five', voters: FIVE }).startAll()
    for (let i = 0; i < 8; i++) {
      const { newLeaderAfter, elections } = killLeader(rig, i * 60 * MS)
      expect(elections).toBeGreaterThanOrEqual(2)
      expect(newLeaderAfter).toBeGreaterThan(2.5 * SECOND)
    }
  })

  it('is led within some two seconds where one survivor only has a connection to the other', () => {
    const rig = new QuorumRig({ seed: 'black-hole', voters: THREE }).startAll()
    const old = rig.runUntilLeader()
    runIdle(rig, 700 * SECOND)
    const epoch = old.thread.node.epoch
    const [a, b] = THREE.filter((id) => id !== old.id).map((id) => rig.node(id))
    if (a === undefined || b === undefined) throw new Error('three voters')
    // a has met b lately; after ten idle minutes b's own connection to a is gone.
    a.thread.send(b.id, { api: 'BeginQuorumEpoch', leader: old.id, epoch })
    runIdle(rig, SECOND)
    const cutAt = rig.now
    rig.isolate(old.id)
    rig.run(4 * SECOND)
    const led = rig.transitions.find((t) => t.role === 'Leader' && t.epoch > epoch)
    expect(led?.node).toBe(a.id)
    expect((led?.at ?? 0) - cutAt).toBeLessThan(2.2 * SECOND)
  })

  it('of one is led by its only voter at once', () => {
    const rig = new QuorumRig({ seed: 'one', voters: [101] }).startAll().run(100 * MS)
    expect(rig.leader?.id).toBe(101)
    expect(rig.node(101).committed).toHaveLength(1)
  })
})

describe('a broker on an idle cluster', () => {
  function delayOf(raftHighWatermarkPush: boolean): Micros {
    const guards = { raftHighWatermarkPush }
    const rig = new QuorumRig({ seed: 'push', voters: THREE, observers: [1], guards }).startAll()
    const leader = rig.runUntilLeader()
    rig.run(5 * SECOND)
    const before = rig.node(1).committed.length
    const at = rig.now
    appendNoOp(leader)
    while (rig.node(1).committed.length === before) rig.run(MS)
    return rig.now - at
  }

  it('learns of a commit when the quorum does, from 4.1 on (KIP-1166)', () => {
    // Linger, one way to the voters, their answer, one way to the broker, and the disks between;
    // one round trip more where a fetch was on its way just then.
    expect(delayOf(true)).toBeGreaterThan(100 * MS)
    expect(delayOf(true)).toBeLessThan(175 * MS)
  })

  it('before that learns of it when a fetch comes back that was parked after it', () => {
    // The one that was parked before it is answered, half a second later, as of its coming.
    expect(delayOf(false)).toBeGreaterThan(1000 * MS)
    expect(delayOf(false)).toBeLessThan(1200 * MS)
  })
})

describe('check quorum', () => {
  it('makes a leader that no majority fetches from resign after 1.5 fetch time-outs', () => {
    const rig = new QuorumRig({ seed: 'check', voters: THREE }).startAll()
    const leader = rig.runUntilLeader()
    runIdle(rig, 5 * SECOND)
    const cutAt = rig.now
    rig.isolate(leader.id)
    rig.run(5 * SECOND)
    const resigned = rig.transitions.find((t) => t.node === leader.id && t.role === 'Resigned')
    // The last parked fetch counts as a sign of life until its wait of 500 ms is over.
    expect((resigned?.at ?? 0) - cutAt).toBeGreaterThan(2.5 * SECOND)
    expect((resigned?.at ?? 0) - cutAt).toBeLessThan(3.6 * SECOND)
  })

  it('switched off leaves two leaders, of different epochs', () => {
    const guards = { checkQuorum: false }
    const rig = new QuorumRig({ seed: 'check', voters: THREE, guards }).startAll()
    const leader = rig.runUntilLeader()
    rig.isolate(leader.id)
    rig.run(10 * SECOND)
    expect(leader.thread.node.state.name).toBe('Leader')
    expect(rig.leader?.id).not.toBe(leader.id)
  })
})

describe('a voter that comes back after a cut', () => {
  function rejoin(preVote: boolean): { before: number; after: number; rig: QuorumRig } {
    const rig = new QuorumRig({ seed: 'rejoin', voters: THREE, guards: { preVote } }).startAll()
    const leader = rig.runUntilLeader()
    runIdle(rig, 5 * SECOND)
    const before = leader.thread.node.epoch
    const lost = THREE.find((id) => id !== leader.id) ?? 0
    rig.isolate(lost)
    runIdle(rig, 30 * SECOND)
    rig.healAll()
    runIdle(rig, 60 * SECOND)
    return { before, after: rig.runUntilLeader().thread.node.epoch, rig }
  }

  it('does not disturb a healthy leader (KIP-996)', () => {
    const { before, after, rig } = rejoin(true)
    expect(after).toBe(before)
    expect(rig.transitions.some((t) => t.role === 'Prospective')).toBe(true)
  })

  it('without pre-vote deposes it by its many epochs', () => {
    const { before, after } = rejoin(false)
    expect(after).toBeGreaterThan(before + 3)
  })
})

describe('an orderly resignation', () => {
  it('hands over to the best voter within a few round trips', () => {
    const rig = new QuorumRig({ seed: 'resign', voters: THREE }).startAll()
    const leader = rig.runUntilLeader()
    runIdle(rig, 5 * SECOND)
    const at = rig.now
    leader.thread.resign(leader.thread.node.epoch - 1)
    expect(leader.thread.node.state.name).toBe('Leader')
    leader.thread.resign(leader.thread.node.epoch)
    rig.run(SECOND)
    const led = rig.transitions.filter((t) => t.role === 'Leader' && t.at > at)
    expect(led).toHaveLength(1)
    expect((led[0]?.at ?? 0) - at).toBeLessThan(400 * MS)
  })
})

describe('the metadata log', () => {
  it('keeps what is committed through a power loss of every voter', () => {
    const rig = new QuorumRig({ seed: 'power', voters: THREE }).startAll()
    runIdle(rig, 5 * SECOND)
    const committed = recordsOf(rig.runUntilLeader())
    for (const { process, host } of rig.nodes.values()) {
      process.crash()
      host.disk.powerLoss()
    }
    rig.startAll()
    const leader = rig.runUntilLeader()
    expect(recordsOf(leader).slice(0, committed.length)).toEqual(committed)
    expect(committed.length).toBeGreaterThan(5)
  })

  it('keeps what is committed when one voter comes back with an empty disk', () => {
    const rig = new QuorumRig({ seed: 'disk', voters: THREE }).startAll()
    runIdle(rig, 5 * SECOND)
    const leader = rig.runUntilLeader()
    const committed = recordsOf(leader)
    leader.process.crash()
    leader.host.disk.lose()
    leader.process.start()
    runIdle(rig, 10 * SECOND)
    for (const { id } of rig.nodes.values()) {
      expect(recordsOf(rig.node(id)).slice(0, committed.length)).toEqual(committed)
    }
  })
})

function recordsOf({ id, committed }: RigNode): string[] {
  expect(committed.length, `node ${id}`).toBeGreaterThan(0)
  return committed.map((record) => JSON.stringify(record))
}
