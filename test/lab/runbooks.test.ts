import { describe, expect, it } from 'vitest'
import { acksAt, eventsOf, readsAt, runMoving } from './clients/two-clusters.ts'

const FACTORS = [
  ...['replication.factor: 1', 'offset-syncs.topic.replication.factor: 1'],
  ...['heartbeats.topic.replication.factor: 1', 'checkpoints.topic.replication.factor: 1'],
].join(', ')
const MIRROR = `
links:
  - system: mirror-maker2
    from: A
    to: B
    workers: {eu: 1}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}
    config: {${FACTORS}, sync.group.offsets.enabled: true}
`
const FAILOVER = `
  - name: failover
    detect: {probe: {cluster: A, region: app, every: 2s, timeout: 1s, failures: 3}}
    decide: [5s, 15s]
    steps:
      - takes: 3s
        move-clients: {clients: [shop], to: B, how: kill, restart: [2s, 4s]}
      - move-clients:
          {clients: [billing], to: B, topics: [orders, A.orders], how: kill, restart: 2s}
      - wait-until: {served: [shop], every: 1s, timeout: 30s}
`
const LOST = '[{at: 20s, region-loss: region us, for: 300s}]'

describe('a runbook with a health probe, a human decision and MirrorMaker 2', () => {
  const run = runMoving({ links: MIRROR, runbooks: FAILOVER, faults: LOST, duration: '90s' })

  it('raises the alarm after the third failure in a row, no sooner and no later', () => {
    const [alarm = 0, ...more] = eventsOf(run, 'alarm')
    expect(more).toEqual([])
    // The first failing round begins within two seconds of the fault, the third four later.
    expect(alarm).toBeGreaterThan(20 + 4 + 1)
    expect(alarm).toBeLessThan(20 + 6 + 1.1)
  })

  it('shows the recovery of writes in its parts, which add up', () => {
    const { rto } = run.result
    const { detectMs, decideMs, electMs, clientMs, ms } = rto.produce
    expect(decideMs).toBeGreaterThan(5_000)
    expect(decideMs).toBeLessThan(15_000)
    expect(electMs).toBeCloseTo(3_000, 0)
    expect(clientMs).toBeGreaterThan(2_000)
    expect(clientMs).toBeLessThan(6_000)
    const parts = [detectMs, decideMs, electMs, clientMs].map((part) => part ?? Number.NaN)
    expect(parts.reduce((sum, part) => sum + part)).toBeCloseTo(ms ?? -1, 3)
  })

  it('makes the target the primary when the first client is sent there', () => {
    const { promotions, partitions } = run.history
    expect(promotions).toHaveLength(1)
    const [promotion] = promotions
    const topics = promotion?.partitions.map((index) => partitions[index]?.topic)
    expect(new Set(topics)).toEqual(new Set(['orders', 'A.orders']))
    const [failover] = run.result.links[0]?.failovers ?? []
    expect(failover?.faultAtMs).toBe(20_000)
    expect(failover?.missing.records).toBeGreaterThan(0)
    expect(acksAt(run, 'B').first * 1_000).toBeGreaterThan(failover?.promotedAtMs ?? Infinity)
  })

  it('moves the group to both names at the target', () => {
    expect(readsAt(run, 'B').count).toBeGreaterThan(0)
    const read = new Set([...run.history.delivered].map((row) => row.partition))
    const topics = [...read].map((index) => run.history.partitions[index]?.topic)
    expect(topics).toContain('A.orders')
  })

  it('never begins where nothing fails', () => {
    const quiet = runMoving({ links: MIRROR, runbooks: FAILOVER, duration: '60s' })
    expect(quiet.history.events.filter(({ actor }) => actor.startsWith('runbook'))).toEqual([])
    expect(quiet.history.promotions).toEqual([])
  })
})

describe('clients that are moved in order', () => {
  const moved = (how: 'close' | 'kill') =>
    runMoving({
      config: 'linger.ms: 2000, batch.size: 1000000',
      runbooks: `
  - name: move
    detect: {at: 20s}
    steps:
      - move-clients:
          {clients: [shop, billing], to: B, how: ${how}, waves: 2, pause: 4s, restart: 1s}
`,
    })

  it('send what they have buffered, and lose it where they are killed', () => {
    expect(moved('close').result.fates).toMatchObject({ lost: 0, pending: 0 })
    expect(moved('kill').result.fates.pending).toBeGreaterThan(0)
  })

  it('go wave by wave: the next begins a pause after the last one has started', () => {
    const run = moved('close')
    expect(acksAt(run, 'A').last).toBeLessThan(21)
    expect(readsAt(run, 'A').last).toBeGreaterThan(20)
    expect(readsAt(run, 'B').first).toBeGreaterThan(20 + 1 + 4 + 1)
  })

  it('cost no more writes than the time of their restart', () => {
    const run = moved('close')
    const gap = acksAt(run, 'B').first - acksAt(run, 'A').last
    expect(gap).toBeGreaterThan(1)
    expect(gap).toBeLessThan(4.5)
  })
})
