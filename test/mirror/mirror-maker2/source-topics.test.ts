import { describe, expect, it } from 'vitest'
import { DefaultReplicationPolicy } from '../../../src/mirror/mirror-maker2/default-policy.ts'
import { mm2GuardsFor } from '../../../src/mirror/mirror-maker2/guards.ts'
import { IdentityReplicationPolicy } from '../../../src/mirror/mirror-maker2/identity-policy.ts'
import {
  allSources,
  countHops,
  type ReplicationPolicy,
} from '../../../src/mirror/mirror-maker2/replication-policy.ts'
import {
  type MirrorFlow,
  shouldReplicateTopic,
} from '../../../src/mirror/mirror-maker2/source-topics.ts'
import { TopicFilter } from '../../../src/mirror/mirror-maker2/topic-filter.ts'
import { CURRENT } from './mirrored-partition.ts'

function flow(target: string, policy: ReplicationPolicy, topics?: string): MirrorFlow {
  const filter = new TopicFilter(CURRENT, topics === undefined ? {} : { topics })
  return { target, policy, filter, heartbeatsReplicationEnabled: true }
}

/** Topics of each cluster after so many rounds in which every flow mirrors what it may. */
function spread(
  flows: readonly (readonly [source: string, MirrorFlow])[],
  clusters: Record<string, string[]>,
  rounds: number,
): Record<string, string[]> {
  for (let round = 0; round < rounds; round++) {
    for (const [source, one] of flows) {
      for (const topic of clusters[source] ?? []) {
        if (!shouldReplicateTopic(one, topic)) continue
        const name = one.policy.formatRemoteTopic(source, topic)
        const there = clusters[one.target] ?? []
        if (!there.includes(name)) there.push(name)
      }
    }
  }
  return clusters
}

describe('flows in a circle', () => {
  it('end after each cluster has each topic once, under the default policy', () => {
    const policy = new DefaultReplicationPolicy(CURRENT)
    const ring = ['A', 'B', 'C'].map(
      (source, i) => [source, flow(['B', 'C', 'A'][i] ?? '', policy)] as const,
    )
    expect(spread(ring, { A: ['t'], B: [], C: [] }, 10)).toEqual({
      A: ['t'],
      B: ['A.t'],
      C: ['B.A.t'],
    })
  })

  it('are not seen by the identity policy: each side takes the topic for its own', () => {
    const both = ['A', 'B'].map((source) => {
      const policy = new IdentityReplicationPolicy(CURRENT, { sourceClusterAlias: source })
      return flow(source === 'A' ? 'B' : 'A', policy)
    })
    expect(both.map((one) => shouldReplicateTopic(one, 't'))).toEqual([true, true])
    expect(both.map((one) => shouldReplicateTopic(one, 'B.heartbeats'))).toEqual([false, true])
  })
})

describe('the default policy', () => {
  const policy = new DefaultReplicationPolicy(CURRENT)

  it('takes a topic with the target’s alias before a separator for a cycle', () => {
    const toBackup = flow('backup', policy)
    const names = ['backup.foo', 'x.backup.y', 'foo.backup', 'backup']
    expect(names.map((topic) => shouldReplicateTopic(toBackup, topic))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  it('counts the flows that a topic took', () => {
    expect(countHops(policy, 'B.A.orders', 'A')).toBe(2)
    expect(countHops(policy, 'B.A.orders', 'C')).toBe(-1)
    expect([...allSources(policy, 'B.A.orders')]).toEqual(['B', 'A'])
  })
})

describe('topics named internal', () => {
  const isMirrored = (version: string, topic: string) => {
    const guards = mm2GuardsFor(version)
    const filter = new TopicFilter(guards)
    const policy = new DefaultReplicationPolicy(guards)
    const one = { target: 'B', policy, filter, heartbeatsReplicationEnabled: true }
    return shouldReplicateTopic(one, topic)
  }

  it('are all left alone up to 3.9, and only those of MirrorMaker since 4.0', () => {
    for (const topic of ['orders.internal', 'orders-internal']) {
      expect([topic, isMirrored('3.9', topic), isMirrored('4.0', topic)]).toEqual([
        topic,
        false,
        true,
      ])
    }
    for (const topic of ['A.checkpoints.internal', 'mm2-offset-syncs.B.internal', '__x']) {
      expect([topic, isMirrored('3.9', topic), isMirrored('4.0', topic)]).toEqual([
        topic,
        false,
        false,
      ])
    }
  })
})

describe('the topic filter', () => {
  it('takes lists of names and expressions, and a name must match as a whole', () => {
    const filter = new TopicFilter(CURRENT, { topics: 'orders, pay.*', topicsExclude: 'pay-x' })
    const names = ['orders', 'orders2', 'payments', 'pay-x', 'pay-xy', 'repay']
    expect(names.filter((name) => filter.shouldReplicate(name))).toEqual([
      'orders',
      'payments',
      'pay-xy',
    ])
  })

  it('lets nothing pass where the list is empty', () => {
    expect(new TopicFilter(CURRENT, { topics: '' }).shouldReplicate('orders')).toBe(false)
  })
})
