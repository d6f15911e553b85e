// Groups from end to end: members on hosts of their own, a coordinator that can die.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

interface Change {
  readonly consumer?: Readonly<Record<string, unknown>>
  readonly config?: Readonly<Record<string, unknown>>
  readonly faults?: readonly Readonly<Record<string, unknown>>[]
  readonly duration?: string
}

function runGroup(change: Change = {}) {
  const scenario = scenarioOf(
    JSON.stringify({
      scenario: 'group',
      question: 'What becomes of the group?',
      version: '4.1',
      duration: change.duration ?? '40s',
      settle: '20s',
      regions: { r1: {}, r2: {}, r3: {} },
      network: { rtt: { 'r1 ~ r2': '20ms', 'r1 ~ r3': '20ms', 'r2 ~ r3': '20ms' } },
      cluster: {
        brokers: [1, 2, 3].map((id) => ({ id, region: `r${id}` })),
        controllers: [101, 102, 103].map((id) => ({ id, region: `r${id - 100}` })),
        config: { 'offsets.topic.num.partitions': 1, 'min.insync.replicas': 2 },
      },
      topics: [
        { name: '__consumer_offsets', assignment: [[1, 2, 3]] },
        { name: 'orders', assignment: [2, 3, 2, 3].map((id) => [id, 5 - id, 1]) },
      ],
      producers: [{ name: 'shop', region: 'r2', topic: 'orders', rate: '200/s', keys: 1000 }],
      consumers: [
        {
          name: 'billing',
          regions: ['r2', 'r3'],
          topic: 'orders',
          ...change.consumer,
          config: {
            'auto.offset.reset': 'earliest',
            'group.id': 'billing',
            'session.timeout.ms': 10_000,
            ...change.config,
          },
        },
      ],
      faults: change.faults ?? [],
    }),
    'group.json',
  )
  return run(scenario, '1')
}

/** Events of a kind, as seconds and text. */
function told(result: ReturnType<typeof run>, kind: string) {
  return result.timeline.filter((event) => event.kind === kind)
}

const protocols = ['classic', 'consumer'] as const

describe.each(protocols)('under the %s protocol', (protocol) => {
  const config = { 'group.protocol': protocol }

  it('the group reads everything, each partition by one member, and commits it', () => {
    const result = runGroup({ config })
    expect(result.consumerView).toMatchObject({ redelivered: 0, skipped: 0, phantom: 0 })
    expect(result.consumerView.delivered).toBe(result.fates.acked)
    const [group] = result.clusters[0]?.groups ?? []
    expect(group?.state).toBe('Stable')
    expect(new Set(group?.rows.map(({ member }) => member?.consumerId)).size).toBe(2)
    for (const row of group?.rows ?? []) expect(row.currentOffset).toBe(row.logEndOffset)
  })

  it('the death of the coordinator skips nothing, and the next one goes on from its log', () => {
    const faults = [{ at: '15s', crash: 'coordinator of billing', for: '30s' }]
    const result = runGroup({ config, faults })
    expect(result.consumerView.skipped).toBe(0)
    expect(result.consumerView.delivered - result.consumerView.redelivered).toBe(result.fates.acked)
    expect(told(result, 'coordinator').at(-1)?.text).toMatch(/broker [23] coordinates billing/)
    expect(told(result, 'rebalance').every(({ atMs }) => atMs < 15_000)).toBe(true)
  })

  it('a member that dies is replaced when its session has run out, never before', () => {
    const faults = [{ at: '15s', crash: 'billing-r3', for: '80s' }]
    const result = runGroup({ config, faults, duration: '100s' })
    const [removed] = told(result, 'member-removed')
    const session = protocol === 'classic' ? 10 : 45
    const interval = protocol === 'classic' ? 3 : 5
    expect(removed?.atMs).toBeGreaterThan((15 + session - interval) * 1_000)
    expect(removed?.atMs).toBeLessThan((15 + session + 1) * 1_000)
    expect(result.consumerView.skipped).toBe(0)
    expect(result.consumerView.redelivered).toBeGreaterThan(0)
  })

  it('an application that does not poll in time is out, and comes back when it polls', () => {
    const result = runGroup({
      consumer: { processTimePerRecord: '30ms' },
      config: { ...config, 'max.poll.interval.ms': 10_000, 'max.poll.records': 500 },
    })
    expect(told(result, 'poll-interval').length).toBeGreaterThan(0)
    expect(told(result, 'member-joined').length).toBeGreaterThan(2)
  })

  it('a member that leaves in order is replaced at once', () => {
    const faults = [{ at: '15s', 'controlled-shutdown': 'billing-r3', for: '20s' }]
    const result = runGroup({ config, faults })
    const [removed] = told(result, 'member-removed')
    expect(removed?.atMs).toBeLessThan(15_500)
  })
})

it('cooperative members keep what stays theirs through a rebalance, eager ones give all up', () => {
  const givenUpTogether = { RangeAssignor: 4, CooperativeStickyAssignor: 2 }
  for (const [assignor, expected] of Object.entries(givenUpTogether)) {
    const result = runGroup({
      config: { 'partition.assignment.strategy': assignor },
      faults: [{ at: '15s', crash: 'billing-r3', for: '12s' }],
    })
    const counts = told(result, 'revoked')
      .filter(({ actor }) => actor === 'consumer billing-r2')
      .map(({ values }) => String(values.partitions).split(',').length)
    expect([assignor, Math.max(...counts)]).toEqual([assignor, expected])
  }
})

it('below min ISR commits cannot replicate and fail; the positions go on', () => {
  const faults = [
    { at: '10s', crash: 'broker-2', for: '20s' },
    { at: '10s', crash: 'broker-3', for: '20s' },
  ]
  const result = runGroup({ faults })
  expect(told(result, 'commit-failed').length).toBeGreaterThan(0)
  expect(result.consumerView.skipped).toBe(0)
})
