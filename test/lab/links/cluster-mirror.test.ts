import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { mirrorText, runMirror } from './cluster-mirror.ts'
import { CUT, endsOf, told } from './two-regions.ts'

/** Every refresh also copies offsets of groups. */
const OFTEN = { 'mirror.metadata.refresh.interval.ms': 3_000 }

describe('a cluster mirror', () => {
  const faults = ['{at: 12s, mirror-stop: {link: dr}}']
  const bill = '{name: bill, region: us, cluster: A, topic: orders, config: {group.id: bill}}'
  const stopped = runMirror({
    stop: '10s',
    takeOver: '14s',
    config: OFTEN,
    consumers: [bill],
    faults,
  })

  it('copies every record at its offset, and loses none where the source stood still', () => {
    expect(stopped.fates).toMatchObject({ acked: 8_000, lost: 0, duplicated: 0, failed: 0 })
    const [source, mirror] = [endsOf(stopped, 'A:orders-0'), endsOf(stopped, 'B:orders-0')]
    expect(new Set(mirror).size).toBe(1)
    expect(mirror[0]).toBeGreaterThan(source[0] ?? -1)
    expect(stopped.divergence).toMatchObject({ offsets: 0 })
  })

  it('has states of its own, and no promotion', () => {
    expect(told(stopped, 'mirror')).toEqual([
      'mirror B:orders: none → LOG_ALIGNMENT',
      'mirror B:orders: LOG_ALIGNMENT → MIRRORING',
      'mirror B:orders: MIRRORING → STOPPING',
      'mirror B:orders: STOPPING → STOPPED',
    ])
    expect(told(stopped, 'promotion')).toEqual(['B:orders is writable'])
  })

  it('keeps its leader epoch well above its source’s, in one step', () => {
    const epochs = told(stopped, 'partition').filter((text) => /^B:orders-0: epoch/.test(text))
    expect(epochs).toEqual(['B:orders-0: epoch 0 → 11', 'B:orders-0: epoch 11 → 12'])
  })

  it('copies the offsets of groups without being told to', () => {
    const [from = [], to = []] = stopped.clusters.map(({ groups }) =>
      groups.flatMap(({ rows }) => rows.map(({ currentOffset }) => currentOffset ?? 0)),
    )
    expect(to).toHaveLength(2)
    for (const [number, offset] of to.entries()) {
      // A refresh old, and as old again where the group commits every five seconds.
      expect(offset).toBeGreaterThan(1_000)
      expect(offset).toBeLessThanOrEqual(from[number] ?? 0)
    }
  })
})

it('a cluster mirror grows with its source at a refresh, and misses nothing of what is new', () => {
  const faults = ['{at: 5s, add-partitions: {topic: "A:orders", partitions: 4}}']
  const often = runMirror({ config: OFTEN, producer: 'metadata.max.age.ms: 2000', faults })
  expect(often.partitions.map(({ partition }) => partition)).toContain('B:orders-3')
  expect(endsOf(often, 'B:orders-3')[0]).toBeGreaterThan(100)
  expect(often.links[0]?.copied).toMatchObject({ records: often.fates.acked, again: 0 })
  const late = runMirror({ producer: 'metadata.max.age.ms: 2000', faults })
  expect(late.partitions.map(({ partition }) => partition)).not.toContain('B:orders-3')
})

describe('a cluster mirror that finds its topics by itself', () => {
  it('makes them with all their partitions, and stands still while it is paused', () => {
    const config = {
      'mirror.topics.include': 'ord.*',
      'mirror.metadata.refresh.interval.ms': 2_000,
    }
    const faults = ['{at: 5s, mirror-pause: {link: dr}}', '{at: 8s, mirror-resume: {link: dr}}']
    const found = runMirror({ mirrors: '[]', stop: '9s', duration: '12s', config, faults })
    expect(told(found, 'mirror').slice(2)).toEqual([
      'mirror B:orders: MIRRORING → PAUSED',
      'mirror B:orders: PAUSED → MIRRORING',
    ])
    for (const number of [0, 1]) {
      expect(endsOf(found, `B:orders-${number}`)).toEqual(endsOf(found, `A:orders-${number}`))
    }
    const [track] =
      found.partitions.find(({ partition }) => partition === 'B:orders-0')?.tracks ?? []
    const at = (second: number) => track?.logEnd[second * 10] ?? -1
    expect(at(4)).toBeGreaterThan(900)
    expect(at(7)).toBe(at(6))
  })
})

describe('the offset of a group that is ahead of a mirror', () => {
  it('comes down to where the mirror ends at each copy, and not only at the stop', () => {
    const slow = 'slow-link: {between: [region us, region eu], bandwidth: 300kbit}'
    const own = 'config: {group.id: bill, auto.commit.interval.ms: 500}'
    const bill = `{name: bill, region: us, cluster: A, topic: orders, ${own}}`
    const config = { 'mirror.metadata.refresh.interval.ms': 1_000, 'mirror.fetch.max.bytes': 8_192 }
    const of = { stop: '9s', duration: '10s', settle: '0s', config, consumers: [bill] }
    const behind = runMirror({ ...of, faults: [`{at: 1s, ${slow}}`] })
    const [from = [], to = []] = behind.clusters.map(({ groups }) =>
      groups.flatMap(({ rows }) => rows),
    )
    expect(to.length).toBeGreaterThan(0)
    for (const { partition, currentOffset, logEndOffset } of to) {
      const read = from.find((row) => row.partition === partition)?.currentOffset ?? 0
      expect(logEndOffset ?? 0).toBeLessThan(read)
      expect(currentOffset ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(logEndOffset ?? 0)
    }
  })
})

describe('mirroring back', () => {
  const cut = `{at: 6s, ${CUT}, for: 6s}`
  const stop = '{at: 10s, mirror-stop: {link: dr}}'
  const start = '{at: 16s, mirror-start: {link: back, topics: [orders]}}'
  const of = { back: true, stop: '8s', takeOver: '11s', duration: '22s' }

  it('cuts the old primary to where the mirror stopped, and goes on from there', () => {
    const home = runMirror({ ...of, faults: [cut, stop, start] })
    const surplus = /^A: start orders: (\d+) records here are not the source’s$/
    const [told_ = ''] = told(home, 'operator').filter((text) => surplus.test(text))
    expect(Number(surplus.exec(told_)?.[1])).toBe(home.fates.lost)
    expect(home.fates.lost).toBeGreaterThan(900)
    for (const number of [0, 1]) {
      expect(endsOf(home, `A:orders-${number}`)).toEqual(endsOf(home, `B:orders-${number}`))
    }
    expect(home.divergence).toMatchObject({ offsets: 0 })
    // What its command names the way back carries, in figures too: all that shop-eu has written.
    const back = home.links.find(({ link }) => link === 'back')
    expect(back?.copied.records).toBe(home.fates.sent - 4_000)
  })

  it('waits while the first mirror runs: nothing goes round in a circle', () => {
    const early = '{at: 4s, mirror-start: {link: back, topics: [orders]}}'
    const circle = runMirror({ ...of, stop: '3s', takeOver: '18s', faults: [early, stop] })
    const own = circle.timeline.filter(({ text }) => text.startsWith('mirror A:orders'))
    expect(own.map(({ text }) => text)).toEqual([
      'mirror A:orders: none → LOG_ALIGNMENT',
      'mirror A:orders: LOG_ALIGNMENT → MIRRORING',
    ])
    expect(own[1]?.atMs).toBeGreaterThan(10_000)
    expect(circle.fates).toMatchObject({ lost: 0, duplicated: 0 })
  })
})

describe('a source that has lost all that it had', () => {
  const faults = ['{at: 4s, disk-loss: "leader of A:orders-0", for: 2s}']
  const lost = { factor: 1, stop: '10s', duration: '14s', faults }

  it('is not followed: the partition has failed, and the other one goes on', () => {
    const failed = runMirror(lost)
    const text = told(failed, 'mirror').at(-1)
    expect(text).toMatch(/^mirror B:orders-0: FAILED \(the source ends at 0, before the mirror\)$/)
    const [mirror] = failed.clusters[1]?.mirrors ?? []
    expect(mirror).toMatchObject({ state: 'MIRRORING' })
    expect(mirror?.failure).toMatch(/^partition 0: the source ends at 0/)
    expect(endsOf(failed, 'B:orders-0')[0]).toBeGreaterThan(endsOf(failed, 'A:orders-0')[0] ?? 0)
    expect(endsOf(failed, 'B:orders-1')[0]).toBe(endsOf(failed, 'A:orders-1')[0])
  })

  it('is followed where the mirror supports that, and what was mirrored goes', () => {
    const config = { 'mirror.support.unclean.leader.election': true }
    const followed = runMirror({ ...lost, config })
    expect(told(followed, 'mirror').join()).not.toContain('FAILED')
    const [source] = endsOf(followed, 'A:orders-0')
    expect(endsOf(followed, 'B:orders-0')).toEqual([source, source, source])
  })
})

describe('a source that has deleted what a mirror lacks', () => {
  it('is mirrored from its log’s start: what lay between is missing, and nothing fails', () => {
    // Kafka looks for old segments half a minute after it has started, and not before.
    const faults = ['{at: 27s, mirror-pause: {link: dr}}', '{at: 34s, mirror-resume: {link: dr}}']
    const topic = 'retention.ms: 1000, segment.bytes: 1048576'
    const broker = 'log.retention.check.interval.ms: 500'
    const at = { stop: '36s', duration: '37s', settle: '1s', recordBytes: 2_000 }
    const late = runMirror({ ...at, topic, broker, faults })
    expect(told(late, 'mirror').join()).not.toContain('FAILED')
    expect(late.links[0]?.onlyAtSource).toBeGreaterThan(1_000)
    expect(endsOf(late, 'B:orders-0')).toEqual(endsOf(late, 'A:orders-0'))
  })
})

describe('what a cluster mirror has not', () => {
  it.each([
    ['{at: 5s, mirror-promote: {link: dr}}', 'dr is a cluster-mirror, which has no mirror-promote'],
    ['{at: 5s, link-pause: {link: dr}}', 'dr is a cluster-mirror, which has no link-pause'],
  ])('%s is an error', (fault, message) => {
    const { problems } = parseScenario(mirrorText({ faults: [fault] }), 'mirror.yaml')
    expect(problems.map((problem) => problem.message)).toEqual([message])
    expect(problems[0]?.fix).toContain('mirror-start, mirror-stop')
  })

  it('are brokers of Confluent, and patterns that are none', () => {
    const config = { 'mirror.topics.include': 'orders-[' }
    const { problems } = parseScenario(mirrorText({ flavour: 'confluent', config }), 'mirror.yaml')
    expect(problems.map((problem) => problem.message)).toEqual([
      'cluster mirrors live in brokers of Apache Kafka',
      'no regular expression',
    ])
  })
})
