import { describe, expect, it } from 'vitest'
import { type ConnectedClusters, endsOf, runConnected } from './connect-links.ts'

const FACTORS = {
  ...{ 'replication.factor': 1, 'offset-syncs.topic.replication.factor': 1 },
  'checkpoints.topic.replication.factor': 1,
}

function run(transforms: string, of: Partial<ConnectedClusters> = {}) {
  return runConnected({ system: 'connect', config: FACTORS, transforms, ...of })
}

const sum = (ends: readonly number[]) => ends.reduce((total, end) => total + end, 0)

describe('a Filter', () => {
  const filtered = run('[{filter: 0.25}]')

  it('leaves out its share, and nobody waits for what it has left out', () => {
    const [link] = filtered.result.links
    const copied = link?.copied.records ?? 0
    expect(copied / 8_000).toBeCloseTo(0.75, 1)
    expect(sum(endsOf(filtered, 'B', 'A.orders'))).toBe(copied)
    expect(link?.neverCopied).toEqual([])
    // All 8000 were acknowledged at the source; what stays behind is what is under way.
    expect(link?.atLoadEnd.records).toBeLessThan(50)
    expect(link?.lag.msMax).toBeLessThan(1_000)
    expect(link?.onlyAtSource).toBe(8_000 - copied)
  })

  it('has an offset sync written at every gap', () => {
    const syncs = (of: ReturnType<typeof run>) =>
      sum(endsOf(of, 'A', 'mm2-offset-syncs.B.internal'))
    expect(syncs(filtered)).toBeGreaterThan(5 * syncs(run('[]')))
  })

  it('drops the same records when they are copied again', () => {
    const again = run('[{filter: 0.25}]', {
      faults: ['{at: 20s, for: 5s, crash: connect-copy-1}'],
    })
    const [link] = again.result.links
    expect(link?.copied.again).toBeGreaterThan(1_000)
    const distinct = (link?.copied.records ?? 0) - (link?.copied.again ?? 0)
    expect(distinct).toBe(filtered.result.links[0]?.copied.records)
  })

  it('never lets a translated offset pass the truth', () => {
    const config = {
      ...{ ...FACTORS, 'sync.group.offsets.enabled': true },
      ...{ 'sync.group.offsets.interval.seconds': 5, 'emit.checkpoints.interval.seconds': 5 },
      'refresh.groups.interval.seconds': 5,
    }
    const group = '{group.id: billing, auto.offset.reset: earliest}'
    const moved = run('[{filter: 0.5}]', {
      config,
      consumers: [`{name: billing, region: us, cluster: A, topic: orders, config: ${group}}`],
    })
    const rows = moved.result.clusters[1]?.groups.find((one) => one.group === 'billing')?.rows
    expect(rows).toHaveLength(4)
    for (const { currentOffset, logEndOffset } of rows ?? []) {
      expect(currentOffset ?? -1).toBeLessThanOrEqual(logEndOffset ?? 0)
    }
  })
})

describe('a worker that dies and comes back', () => {
  it('goes on where it has last committed: what is copied again came after that', () => {
    const again = run('[]', {
      worker: { 'offset.flush.interval.ms': 2_000 },
      faults: ['{at: 20s, for: 5s, crash: connect-copy-1}'],
    })
    const [link] = again.result.links
    // 200 records a second, two seconds, and what was under way; 4000 were copied before.
    expect(link?.copied.again).toBeGreaterThan(0)
    expect(link?.copied.again).toBeLessThan(800)
    expect(link?.onlyAtSource).toBe(0)
  })

  // Connect's shutdown hook, as ConnectDistributed installs it: tasks commit before they end.
  it('copies nothing again where it was asked to end', () => {
    const end = '{target: connect-copy-1, how: terminate, downtime: 1s}'
    const [link] = run('[]', { faults: [`{at: 20s, restart: ${end}}`] }).result.links
    expect(link?.copied).toMatchObject({ records: 8_000, again: 0 })
    expect(link?.onlyAtSource).toBe(0)
  })
})

describe('a RegexRouter', () => {
  it('sends records where MirrorMaker does not look: group offsets go to the other name', () => {
    const config = {
      ...{ ...FACTORS, 'sync.group.offsets.enabled': true },
      ...{ 'sync.group.offsets.interval.seconds': 5, 'emit.checkpoints.interval.seconds': 5 },
      'refresh.groups.interval.seconds': 5,
    }
    const group = '{group.id: billing, auto.offset.reset: earliest}'
    const routed = run('[{route: {regex: "A[.](.*)", replacement: "$1-of-a"}}]', {
      config,
      targets: ['{name: orders-of-a, cluster: B, partitions: 4, replicationFactor: 1}'],
      consumers: [`{name: billing, region: us, cluster: A, topic: orders, config: ${group}}`],
    })
    expect(sum(endsOf(routed, 'B', 'orders-of-a'))).toBe(8_000)
    expect(sum(endsOf(routed, 'B', 'A.orders'))).toBe(0)
    const rows = routed.result.clusters[1]?.groups.find((one) => one.group === 'billing')?.rows
    expect(new Set(rows?.map(({ topic }) => topic))).not.toContain('orders-of-a')
  })
})

describe('a transform of one’s own', () => {
  it('holds the thread up: 4 ms a record are 250 records a second', () => {
    const slow = run('[{work: 4ms}]', { rate: '400/s', settle: '2s' })
    const copied = slow.result.links[0]?.copied.records ?? 0
    // From the first to the last record 42 s.
    expect(copied).toBeGreaterThan(40 * 250)
    expect(copied).toBeLessThan(44 * 250)
  })
})

it('two workers of a Connect cluster begin whichever of them has the connector', () => {
  for (const seed of ['1', '2', '3']) {
    const of = { system: 'connect', config: FACTORS, transforms: '[]', workers: 2 }
    const two = runConnected({ ...of, duration: '10s' }, seed)
    expect(two.result.links[0]?.copied.records).toBe(2_000)
  }
})
