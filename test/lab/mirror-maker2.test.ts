import { describe, expect, it } from 'vitest'
import { completed, run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { type MirroredRegions, mirroredText } from './links/mirrored-regions.ts'

/** In some of them the connector comes to the leader, in others not. */
const SEEDS = ['1', '2', '3', '4', '5', '6']

/** A is written to and mirrored to B; a group reads at A, and a reader the copy. */
function text(more = '', config = '', link: Pick<MirroredRegions, 'workers' | 'worker'> = {}) {
  const clients = `
producers:
  - {name: shop, region: us, cluster: A, topic: orders, rate: 200/s, recordBytes: 100}
consumers:
  - name: billing
    region: us
    cluster: A
    topic: orders
    commit: {every: 1s}
    config: {group.id: billing, auto.offset.reset: earliest, enable.auto.commit: false}
  - {name: report, region: eu, cluster: B, topic: A.orders, config: {auto.offset.reset: earliest}}
${more}`
  const times = { duration: '40s', settle: '30s', rtt: '50ms' }
  return mirroredText({ ...times, partitions: 2, config, ...link, more: clients })
}

function runOf(file: string) {
  return completed(scenarioOf(file, 'mm2.yaml'), '1', {})
}

describe('a flow of MirrorMaker 2', () => {
  const { result } = runOf(text())

  it('copies every record once, in order, to the same partition of a topic with its prefix', () => {
    expect(result.fates).toMatchObject({ acked: 8000, lost: 0, duplicated: 0, reordered: 0 })
    const ends = (cluster: string, topic: string) => {
      const views = result.partitions.filter(({ partition }) =>
        partition.startsWith(`${cluster}:${topic}-`),
      )
      return views.map(({ tracks }) => Math.max(...tracks.map(({ logEnd }) => logEnd.at(-1) ?? 0)))
    }
    expect(ends('B', 'A.orders')).toEqual(ends('A', 'orders'))
  })

  it('creates its own topics at both ends', () => {
    const topics = result.clusters.map(({ topics: all }) => all.map(({ name }) => name).sort())
    expect(topics[0]).toEqual([
      ...['__consumer_offsets', 'heartbeats', 'mm2-configs.B.internal'],
      ...['mm2-offset-syncs.B.internal', 'mm2-offsets.B.internal', 'orders'],
    ])
    expect(topics[1]).toEqual([
      ...['A.checkpoints.internal', 'A.orders', '__consumer_offsets', 'heartbeats'],
      ...['mm2-configs.A.internal', 'mm2-offsets.A.internal'],
    ])
  })

  it('loses to a dead region what was under way, and nothing that had arrived', () => {
    const { result: cut } = runOf(text('faults:\n  - {at: 30s, region-loss: region us}\n'))
    const [link] = cut.links
    expect(link?.system).toBe('mirror-maker2')
    expect(cut.fates.duplicated).toBe(0)
    // Half a round trip and a fetch cycle, at 200 records a second.
    expect(cut.consumerView.skipped).toBe(0)
  })

  it('doubles nothing when its worker is asked to end: what it has sent is written down', () => {
    const end = '{target: mm2-A-B-1, how: terminate, downtime: 1s}'
    const { fates } = runOf(text(`faults:\n  - {at: 20s, restart: ${end}}\n`)).result
    expect(fates).toMatchObject({ acked: 8000, lost: 0, duplicated: 0, reordered: 0 })
  })

  it('doubles what its worker had not written down when it is killed', () => {
    const kill = `faults:\n  - {at: 20s, for: 5s, crash: mm2-A-B-1}\n`
    const { fates } = runOf(text(kill)).result
    expect(fates.lost).toBe(0)
    // The first offset flush would have come 60 s after the start of the task.
    expect(fates.duplicated).toBeGreaterThan(3_000)
    const often = text(kill, '', { worker: 'offset.flush.interval.ms: 1000' })
    expect(runOf(often).result.fates.duplicated).toBeLessThan(500)
  })
})

describe('two workers of a flow that start together', () => {
  const copied = (config: string) => {
    const two = text('', config, { workers: 2 })
    return SEEDS.map((seed) => {
      const [link] = run(scenarioOf(two, 'mm2.yaml'), seed, {}).links
      return link?.neverCopied.length
    })
  }

  it('copy nothing where the connector comes to the one that may not tell its tasks', () => {
    const found = copied('')
    expect(found).toContain(2)
    expect(found).toContain(0)
  })

  it('copy all with dedicated.mode.enable.internal.rest', () => {
    const open = copied('dedicated.mode.enable.internal.rest: true')
    expect(open).toEqual(SEEDS.map(() => 0))
  })
})

describe('a worker beside the source, cut off from its group for longer than its session', () => {
  const healed = (delayMs: number) => {
    const cut = 'faults:\n  - {at: 10s, partition: {between: [region us, region eu]}, for: 22s}\n'
    const worker = `scheduled.rebalance.max.delay.ms: ${delayMs}`
    const beside = text(cut, '', { worker }).replace('workers: {eu: 1}', 'workers: {us: 1}')
    const { result } = runOf(beside.replace('settle: 30s', 'settle: 60s'))
    const kinds = result.timeline.filter(({ actor }) => actor.startsWith('worker'))
    // What was written when the cut began has waited longest.
    const waitedMs = result.links[0]?.latency.record.all.maxMs ?? 0
    return { kinds: kinds.map(({ kind }) => kind), waitedS: waitedMs / 1_000 }
  }

  it('waits for the worker that it was itself, and copies nothing till then', () => {
    const { kinds, waitedS } = healed(20_000)
    expect(kinds).toEqual(['work-given-up', 'rebalance-delayed'])
    expect(waitedS).toBeGreaterThan(42)
    expect(waitedS).toBeLessThan(60)
  })

  it('goes on when it is back where scheduled.rebalance.max.delay.ms is 0', () => {
    const { kinds, waitedS } = healed(0)
    expect(kinds).toEqual(['work-given-up'])
    expect(waitedS).toBeLessThan(38)
  })
})

it('translates what a group has committed, and moves it along at the target', () => {
  const timely = [
    ...['sync.group.offsets.enabled: true', 'sync.group.offsets.interval.seconds: 5'],
    ...['emit.checkpoints.interval.seconds: 5', 'refresh.groups.interval.seconds: 5'],
  ].join(', ')
  const { result } = runOf(text('', timely))
  const groups = result.clusters[1]?.groups.find(({ group }) => group === 'billing')
  expect(groups?.rows.map(({ topic }) => topic)).toEqual(['A.orders', 'A.orders'])
  for (const { currentOffset, logEndOffset } of groups?.rows ?? []) {
    // Never past the truth, and at rest not further behind it than the spacing of the syncs.
    expect(currentOffset ?? 0).toBeLessThanOrEqual(logEndOffset ?? 0)
    expect(currentOffset ?? 0).toBeGreaterThan((logEndOffset ?? 0) - 1_000)
  }
})
