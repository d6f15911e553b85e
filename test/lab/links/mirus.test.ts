import { describe, expect, it } from 'vitest'
import { keyOfRecord } from '../../../src/history/key-of-record.ts'
import { partitionForKey, utf8 } from '../../../src/kafka/clients/murmur2.ts'
import { copiesOf, endsOf, runConnected, told } from './connect-links.ts'

const ORDERS = { 'topics.whitelist': 'orders' }

/** `orders` in B: nothing creates it but the file. */
function target(partitions: number, replicas = 1): string {
  return `{name: orders, cluster: B, partitions: ${partitions}, replicationFactor: ${replicas}}`
}

const base = { system: 'mirus', config: ORDERS }

describe('the copies of Mirus', () => {
  it('lie in whatever partition the producer likes, where their records have no keys', () => {
    const run = runConnected({ ...base, targets: [target(4)] })
    expect(run.result.fates).toMatchObject({ acked: 8000, lost: 0, duplicated: 0 })
    const moved = copiesOf(run, 'orders').filter(({ home, number }) => home !== number)
    expect(moved.length).toBeGreaterThan(2_000)
  })

  it('keep their partition with enable.partition.matching', () => {
    const config = { ...ORDERS, 'enable.partition.matching': true }
    const run = runConnected({ ...base, config, targets: [target(4)] })
    expect(endsOf(run, 'B', 'orders')).toEqual(endsOf(run, 'A', 'orders'))
    expect(copiesOf(run, 'orders').filter(({ home, number }) => home !== number)).toEqual([])
  })

  it('keep it as well where they have keys and both topics are of one size', () => {
    const run = runConnected({ ...base, keys: 50, targets: [target(4)] })
    const copies = copiesOf(run, 'orders')
    expect(copies).toHaveLength(8_000)
    expect(copies.filter(({ home, number }) => home !== number)).toEqual([])
  })

  it('move where the sizes differ: each key to the one partition that its hash says', () => {
    const run = runConnected({ ...base, keys: 600, targets: [target(6)] })
    const { streams, partitions } = run.history
    const streamAt = (home: number) =>
      streams.find(({ partition }) => partitions[partition]?.number === home)
    const copies = copiesOf(run, 'orders')
    const wrong = copies.filter(({ home, number, nth }) => {
      const stream = streamAt(home)
      const key = stream === undefined ? null : keyOfRecord(stream, nth)
      const choice = (among: number) => partitionForKey(utf8(String(key)), among)
      return key === null || choice(4) !== home || choice(6) !== number
    })
    expect(wrong).toEqual([])
    // h mod 4 = h mod 6 for a third of all h.
    const moved = copies.filter(({ home, number }) => home !== number).length
    expect(moved / copies.length).toBeCloseTo(2 / 3, 1)
  })
})

describe('what Mirus mirrors', () => {
  it('is its own, where two of its links lead the same way: each has its own workers', () => {
    const targets = [target(4), '{name: bills, cluster: B, partitions: 1, replicationFactor: 1}']
    const worker = '{config.storage.replication.factor: 1, offset.storage.replication.factor: 1}'
    const other = `{system: mirus, name: more, from: A, to: B, workers: {eu: 1}, worker: ${worker},`
    const run = runConnected({
      ...base,
      targets: [...targets, '{name: bills, cluster: A, partitions: 1, replicationFactor: 1}'],
      producers: ['{name: till, region: us, cluster: A, topic: bills, rate: 50/s}'],
      links: [`${other} config: {topics.whitelist: bills}}`],
    })
    const sum = (ends: number[]) => ends.reduce((all, end) => all + end, 0)
    expect(sum(endsOf(run, 'B', 'orders'))).toBe(8_000)
    expect(sum(endsOf(run, 'B', 'bills'))).toBe(2_000)
  })

  it('is nothing of a topic that does not exist at the destination, and nobody creates it', () => {
    const run = runConnected(base)
    expect(endsOf(run, 'B', 'orders')).toEqual([])
    const [link] = run.result.links
    expect(link?.neverCopied).toEqual([0, 1, 2, 3].map((number) => `A:orders-${number}`))
    expect(link?.copied.records).toBe(0)
  })

  it('looks for the plain name there, though it writes to another one', () => {
    const config = { ...ORDERS, 'destination.topic.name.prefix': 'us-' }
    const named = '{name: us-orders, cluster: B, partitions: 4, replicationFactor: 1}'
    const blind = runConnected({ ...base, config, targets: [named] })
    expect(endsOf(blind, 'B', 'us-orders')).toEqual([0, 0, 0, 0])
    const unchecked = { ...config, 'enable.destination.topic.checking': false }
    const run = runConnected({ ...base, config: unchecked, targets: [named] })
    expect(run.result.links[0]?.copied.records).toBe(8_000)
  })

  it('is with partition matching only what the destination has a partition for', () => {
    const config = { ...ORDERS, 'enable.partition.matching': true }
    const run = runConnected({ ...base, config, targets: [target(2)] })
    expect(run.result.links[0]?.neverCopied).toEqual(['A:orders-2', 'A:orders-3'])
    expect(endsOf(run, 'B', 'orders')).toEqual(endsOf(run, 'A', 'orders').slice(0, 2))
  })
})

describe('a task of Mirus', () => {
  const three = { ...base, brokers: 3, partitions: 1, targets: [target(1, 3)] }

  it('gives up where it cannot commit for long, and the monitor restarts it', () => {
    // The one partition of the offsets is on broker 5 alone; the copies can go on without it.
    const run = runConnected({
      ...three,
      duration: '100s',
      config: { ...ORDERS, 'commit.failure.restart.ms': 20_000 },
      worker: {
        ...{ 'offset.storage.partitions': 1, 'offset.flush.interval.ms': 2_000 },
        'mirus.task.monitor.polling.interval.ms': 5_000,
      },
      faults: ['{at: 20s, for: 60s, crash: broker-5}'],
    })
    expect(told(run, 'task-failed')).toEqual(['a task has failed: unable to commit offsets'])
    expect(told(run, 'task-restarted')).toHaveLength(1)
    // It starts anew once the offsets can be read: then the hanging write has gone through.
    expect(run.result.fates).toMatchObject({ lost: 0, duplicated: 0 })
  })

  it('stands still until the monitor looks, two minutes apart unless that is set', () => {
    const stands = (interval: number) => {
      const run = runConnected({
        ...three,
        duration: '170s',
        config: { ...ORDERS, 'commit.failure.restart.ms': 20_000 },
        worker: {
          ...{ 'offset.storage.partitions': 1, 'offset.flush.interval.ms': 2_000 },
          'mirus.task.monitor.polling.interval.ms': interval,
        },
        faults: ['{at: 20s, for: 60s, crash: broker-5}'],
      })
      return run.result.links[0]?.lag.msMax ?? 0
    }
    expect(stands(120_000)).toBeGreaterThan(stands(5_000) + 20_000)
  })

  it('copies again what its position goes back over, unless replay.policy is FILTER', () => {
    // The leader that is elected has lost the end of its log: the position is out of range.
    const copied = (policy: string) => {
      const run = runConnected({
        ...{ ...base, brokers: 2, partitions: 1, targets: [target(1, 2)], rate: '500/s' },
        sourceConfig: { 'unclean.leader.election.enable': true },
        consumer: { 'auto.offset.reset': 'earliest' },
        config: { ...ORDERS, 'replay.policy': policy, 'replay.window.records': 100 },
        guards: { consumerValidatesPosition: false },
        duration: '60s',
        faults: [
          '{at: 20s, crash: followers of A:orders-0, for: 28s}',
          '{at: 45s, crash: leader of A:orders-0}',
        ],
      })
      const [link] = run.result.links
      const { copied: { again } = { again: -1 }, onlyAtSource = -1 } = link ?? {}
      return { again, onlyAtSource, seeks: told(run, 'seek') }
    }
    const ignored = copied('IGNORE')
    expect(ignored.seeks).toEqual([expect.stringMatching(/position \d+ → 0 \(out-of-range\)/)])
    expect(ignored.again).toBeGreaterThan(5_000)
    expect(ignored.onlyAtSource).toBe(0)
    const filtered = copied('FILTER')
    expect(filtered.again).toBe(0)
    // It goes by offsets: what the new leader wrote at those that were had before never comes over.
    expect(filtered.onlyAtSource).toBeGreaterThan(1_000)
  })
})
