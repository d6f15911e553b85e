import { describe, expect, it } from 'vitest'
import { TIMESTAMPS_INTERCEPTOR } from '../../../src/kafka/settings/replicator.ts'
import { type ConnectedClusters, copiesOf, endsOf, runConnected } from './connect-links.ts'

const TIMESTAMPS = {
  'src.kafka.timestamps.topic.num.partitions': 2,
  'src.kafka.timestamps.topic.replication.factor': 1,
}
const CONFIG = { 'topic.whitelist': 'orders', ...TIMESTAMPS }

function run(of: Omit<ConnectedClusters, 'system'> = {}) {
  return runConnected({ system: 'replicator', config: CONFIG, ...of })
}

/** A group that reads orders in one of the clusters, with the interceptor or without. */
function billing(cluster: 'A' | 'B', more = '', classes = TIMESTAMPS_INTERCEPTOR): string {
  const group = 'group.id: billing, auto.offset.reset: earliest'
  const config = `{${group}, interceptor.classes: "${classes}"}`
  const region = cluster === 'A' ? 'us' : 'eu'
  const place = `region: ${region}, cluster: ${cluster}, topic: orders, config: ${config}`
  return `{name: billing-${cluster}, ${place}${more}}`
}

/** What a group has committed in a cluster, by partition, and where the partitions end. */
function committedOf({ result }: ReturnType<typeof run>, cluster: 0 | 1, group = 'billing') {
  const rows = result.clusters[cluster]?.groups.find((one) => one.group === group)?.rows ?? []
  return rows.map(({ currentOffset, logEndOffset }) => ({ at: currentOffset, end: logEndOffset }))
}

describe('the copies of Replicator', () => {
  it('are topics that it creates as they are at the source, with each record once', () => {
    const copied = run({ brokers: 2, sourceConfig: { 'min.insync.replicas': 2 } })
    expect(copied.result.fates).toMatchObject({ acked: 8000, lost: 0, duplicated: 0 })
    expect(endsOf(copied, 'B', 'orders')).toEqual(endsOf(copied, 'A', 'orders'))
    const [there] = copied.result.clusters[1]?.topics.filter(({ name }) => name === 'orders') ?? []
    expect(there?.partitions).toHaveLength(4)
    for (const { replicas, minIsr } of there?.partitions ?? []) {
      expect(replicas).toHaveLength(2)
      expect(minIsr).toBe(2)
    }
  })

  it('have the name of topic.rename.format, and dest.topic.replication.factor replicas', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Replicator's own placeholder
    const renamed = { 'topic.rename.format': 'us-${topic}', 'dest.topic.replication.factor': 1 }
    const copied = run({ brokers: 2, config: { ...CONFIG, ...renamed } })
    expect(endsOf(copied, 'B', 'us-orders')).toEqual(endsOf(copied, 'A', 'orders'))
    const there = copied.result.clusters[1]?.topics.find(({ name }) => name === 'us-orders')
    expect(there?.partitions[0]?.replicas).toHaveLength(1)
  })

  it('are what the brokers make of them where topic.auto.create is false', () => {
    const bare = run({ config: { ...CONFIG, 'topic.auto.create': false }, duration: '10s' })
    const [there] = bare.result.clusters[1]?.topics.filter(({ name }) => name === 'orders') ?? []
    expect(there?.partitions).toHaveLength(1)
    expect(bare.result.links[0]?.neverCopied).toHaveLength(4)
  })

  it('stand still, and say so, where the brokers have made too few partitions', () => {
    const bare = run({ config: { ...CONFIG, 'topic.auto.create': false }, duration: '30s' })
    const [told, ...more] = bare.result.timeline.filter(({ kind }) => kind === 'send-stalled')
    expect(told?.actor).toMatch(/^worker replicator-/)
    expect(told?.text).toMatch(/lacks orders-[123] \(partitions of orders there: 1\)$/)
    expect(more).toEqual([])
    const whole = run({ duration: '30s' })
    expect(whole.result.timeline.filter(({ kind }) => kind === 'send-stalled')).toEqual([])
  })

  it('scatter over the partitions where topic.preserve.partitions is false', () => {
    const copied = run({ config: { ...CONFIG, 'topic.preserve.partitions': false } })
    const moved = copiesOf(copied, 'orders').filter(({ home, number }) => home !== number)
    expect(moved.length).toBeGreaterThan(2_000)
  })

  it('get what is set at the source later, at the next topic.config.sync.interval.ms', () => {
    const alter = '{at: 10s, alter-config: {topic: "A:orders", set: {min.insync.replicas: 2}}}'
    const configsAfter = (config: Record<string, number | boolean>) => {
      const copied = run({ brokers: 2, faults: [alter], config: { ...CONFIG, ...config } })
      return copied.result.clusters[1]?.topics.find(({ name }) => name === 'orders')?.configs
    }
    const interval = { 'topic.config.sync.interval.ms': 5_000 }
    const before = [['min.insync.replicas', '1']]
    expect(configsAfter(interval)).toEqual([['min.insync.replicas', '2']])
    expect(configsAfter({ ...interval, 'topic.config.sync': false })).toEqual(before)
    // Two minutes apart unless that is set.
    expect(configsAfter({})).toEqual(before)
  })
})

describe('groups behind Replicator', () => {
  const often = { ...CONFIG, 'offset.translator.batch.period.ms': 5_000 }

  it('are moved along from their timestamps, and read their last record again', () => {
    const moved = committedOf(run({ config: often, consumers: [billing('A')] }), 1)
    expect(moved).toHaveLength(4)
    for (const { at, end } of moved) expect(at).toBe((end ?? 0) - 1)
  })

  it('go back further where records share a millisecond: the first of them is found', () => {
    // 1000 records a second and partition, handed over in batches of one poll of the loop.
    const dense = run({ config: often, consumers: [billing('A')], partitions: 1, rate: '4000/s' })
    const [one] = committedOf(dense, 1)
    const back = (one?.end ?? 0) - (one?.at ?? 0)
    expect(back).toBeGreaterThan(2)
    expect(back).toBeLessThanOrEqual(5)
  })

  it('have no offsets at the destination without the interceptor', () => {
    const bare = run({ config: often, consumers: [billing('A', '', '')] })
    expect(committedOf(bare, 0)).toHaveLength(4)
    expect(committedOf(bare, 1)).toEqual([])
  })

  it('wait for the next batch, a minute unless that is set, and are lost with their source', () => {
    const at38s = (config: Record<string, string | number>) => {
      const cut = '{at: 38s, region-loss: region us}'
      return committedOf(run({ config, consumers: [billing('A')], faults: [cut], settle: '1s' }), 1)
    }
    const behind = at38s(often).reduce((sum, { at, end }) => sum + (end ?? 0) - (at ?? 0), 0)
    // The consumer commits every 5 s, as often as offsets are translated.
    expect(behind).toBeGreaterThan(0)
    expect(behind).toBeLessThan(2_500)
    expect(at38s(CONFIG)).toEqual([])
  })

  it('are left alone while they have members there', () => {
    const here = billing('B', '', '').replace('earliest', 'latest')
    const both = run({ config: often, duration: '40s', consumers: [billing('A'), here] })
    // billing-B commits its own place, the end; a translation would have put it a record back.
    for (const { at, end } of committedOf(both, 1)) expect(at).toBe(end)
  })
})

describe('two Replicators, one each way, with the same names', () => {
  const both = (config: Record<string, string | number | boolean>, duration = '20s') => {
    // The one that leads back finds the copy when it looks for topics again.
    const settings = { ...CONFIG, 'topic.poll.interval.ms': 2_000, ...config }
    const worker = 'config.storage.replication.factor: 1, offset.storage.replication.factor: 1'
    return run({
      ...{ duration, settle: '10s', rate: '20/s', partitions: 1, config: settings },
      links: [
        `{system: replicator, name: back, from: B, to: A, workers: {us: 1}, worker: {${worker}},` +
          ` config: ${JSON.stringify(settings)}}`,
      ],
    })
  }

  it('copy each other’s copies for ever: the echo grows with every round trip', () => {
    const short = both({}, '10s')
    const long = both({}, '20s')
    const rounds = (echo: ReturnType<typeof both>) =>
      (endsOf(echo, 'B', 'orders')[0] ?? 0) / (echo.result.fates.acked ?? 1)
    expect(rounds(short)).toBeGreaterThan(20)
    expect(rounds(long)).toBeGreaterThan(rounds(short) + 20)
  })

  it('end it after one hop with provenance.header.enable', () => {
    const cut = both({ 'provenance.header.enable': true })
    expect(endsOf(cut, 'B', 'orders')).toEqual([400])
    expect(endsOf(cut, 'A', 'orders')).toEqual([400])
  })

  it('do not end it where the copies have other names: cluster and topic must both match', () => {
    const renamed = both({
      'provenance.header.enable': true,
      'topic.whitelist': '',
      'topic.regex': '(copy-)*orders',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Replicator's own placeholder
      'topic.rename.format': 'copy-${topic}',
    })
    expect(endsOf(renamed, 'A', 'copy-copy-orders')).toEqual([400])
  })
})

describe('Replicator’s own place at the source', () => {
  it('is a group without members, which it commits with Connect’s offsets', () => {
    const own = run({ worker: { 'offset.flush.interval.ms': 5_000 } })
    for (const { at, end } of committedOf(own, 0, 'copy')) expect(at).toBe(end)
    const quiet = { ...CONFIG, 'offset.topic.commit': false }
    expect(committedOf(run({ config: quiet }), 0, 'copy')).toEqual([])
  })

  it('is where it begins with offset.start consumer, and the beginning without', () => {
    // The group of that name has read all of the first 20 s.
    const group = '{group.id: copy, auto.offset.reset: earliest}'
    const place = 'region: us, cluster: A, topic: orders'
    const reader = `{name: reader, ${place}, stop: 20s, config: ${group}}`
    const copied = (start: string) => {
      const config = { ...CONFIG, 'offset.start': start }
      const late = run({ config, consumers: [reader], start: '25s' })
      return late.result.links[0]?.copied.records ?? 0
    }
    expect(copied('connect')).toBe(8_000)
    expect(copied('consumer')).toBeLessThan(5_000)
    expect(copied('consumer')).toBeGreaterThan(2_000)
  })
})
