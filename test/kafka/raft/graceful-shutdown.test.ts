// SIGTERM as the quorum sees it.

import { describe, expect, it } from 'vitest'
import { type Micros, MS, SECOND } from '../../../src/sim/time.ts'
import { QuorumRig, type RigNode } from './quorum-rig.ts'

const THREE = [1, 2, 3]
const SEEDS = Array.from({ length: 40 }, (_, i) => `shutdown-${i}`)

interface Stopping {
  readonly rig: QuorumRig
  readonly node: RigNode
  readonly at: Micros
  /** When the node said that its process may go on; null while it has not. */
  ended: Micros | null
}

/** A quorum that has led for a while; `before` disturbs it, then one node is asked to stop. */
function stop(
  rig: QuorumRig,
  which: 'leader' | 'follower' = 'leader',
  before: (leader: RigNode) => void = () => {},
): Stopping {
  rig.startAll()
  const leader = rig.runUntilLeader()
  rig.run(2 * SECOND)
  const follower = [...rig.nodes.values()].find(({ id }) => id !== leader.id)
  const node = which === 'leader' || follower === undefined ? leader : follower
  before(leader)
  const stopping: Stopping = { rig, node, at: rig.now, ended: null }
  node.thread.shutDown(() => {
    stopping.ended = rig.now
    node.process.exit()
  })
  return stopping
}

function resignedAfter({ rig, node, at }: Stopping): Micros {
  const found = rig.transitions.find((t) => t.node === node.id && t.role === 'Resigned')
  return (found?.at ?? Number.NaN) - at
}

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values)

describe('a leader that is asked to stop', () => {
  it('leads on for what is left of its reaper’s sleep, 0 to 200 ms, and then resigns', () => {
    const waits = SEEDS.map((seed) => {
      const stopping = stop(new QuorumRig({ seed, voters: THREE }))
      stopping.rig.run(SECOND)
      return resignedAfter(stopping)
    })
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(200 * MS)
    expect(spread(waits)).toBeGreaterThan(140 * MS)
  })

  it('stays until it hears who leads now, and goes then', () => {
    for (const seed of SEEDS.slice(0, 10)) {
      const stopping = stop(new QuorumRig({ seed, voters: THREE }))
      const { rig, node } = stopping
      rig.run(3 * SECOND)
      const next = rig.transitions.find((t) => t.role === 'Leader' && t.at > stopping.at)
      expect(next?.node).not.toBe(node.id)
      const heard = rig.transitions.find((t) => t.node === node.id && t.epoch === next?.epoch)
      expect(heard).toBeDefined()
      expect(stopping.ended).toBeGreaterThan(next?.at ?? Number.POSITIVE_INFINITY)
      expect((stopping.ended ?? 0) - (next?.at ?? 0)).toBeLessThan(100 * MS)
      expect(node.process.state).toBe('stopped')
    }
  })

  it('waits 5 s for a successor, and stands for nothing meanwhile', () => {
    const rig = new QuorumRig({ seed: 'alone', voters: THREE })
    const stopping = stop(rig, 'leader', ({ id }) => {
      for (const other of THREE) if (other !== id) rig.node(other).process.crash()
    })
    const { node, at } = stopping
    rig.run(8 * SECOND)
    expect((stopping.ended ?? 0) - at - resignedAfter(stopping)).toBeCloseTo(5 * SECOND, -3)
    const roles = rig.transitions.filter((t) => t.node === node.id && t.at > at)
    expect(roles.map(({ role }) => role)).toEqual(['Resigned'])
  })

  it('need not wait for anybody where it is the only voter', () => {
    const stopping = stop(new QuorumRig({ seed: 'one', voters: [1] }))
    stopping.rig.run(200 * MS)
    expect(stopping.ended).not.toBeNull()
  })
})

describe('a follower that is asked to stop', () => {
  it('goes as soon as its reaper has woken, and nobody is elected', () => {
    const stopping = stop(new QuorumRig({ seed: 'follower', voters: THREE }), 'follower')
    const { rig, at } = stopping
    rig.run(200 * MS)
    expect(stopping.ended).not.toBeNull()
    rig.run(5 * SECOND)
    expect(rig.transitions.filter((t) => t.at > at)).toEqual([])
  })
})
