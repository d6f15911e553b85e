import { expect, it } from 'vitest'
import { CUT, runLinked, told } from './two-regions.ts'

const FILTERS = JSON.stringify({
  groupFilters: [{ name: '*', patternType: 'LITERAL', filterType: 'INCLUDE' }],
})

it('a promotion under a link that is paused is refused, a failover is not', () => {
  const result = runLinked({
    stop: '20s',
    faults: [
      '{at: 8s, link-pause: {link: dr}, for: 15s}',
      '{at: 10s, mirror-promote: {link: dr}}',
      '{at: 12s, mirror-failover: {link: dr}}',
    ],
  })
  expect(told(result, 'operator')).toContain(
    'B: promote orders: refused, the mirror is LINK_PAUSED',
  )
  expect(told(result, 'mirror').slice(1)).toEqual([
    'mirror B:orders: ACTIVE → PENDING_STOPPED',
    'mirror B:orders: PENDING_STOPPED → STOPPED',
  ])
})

it('a command for what is no mirror any more, or never was, is refused and said', () => {
  const result = runLinked({
    duration: '15s',
    faults: [
      '{at: 4s, mirror-failover: {link: dr}}',
      '{at: 8s, mirror-promote: {link: dr}}',
      '{at: 9s, mirror-pause: {link: dr, topics: [orders]}}',
      '{at: 10s, mirror-failover: {link: dr, topics: [nothing]}}',
    ],
  })
  expect(told(result, 'operator').slice(-3)).toEqual([
    'B: promote: refused, no topic is a mirror of dr',
    'B: pause orders: refused, it is STOPPED',
    'B: failover nothing: refused, it is no mirror',
  ])
})

it('partitions that the source gets later are mirrored too, when metadata is renewed', () => {
  const faults = ['{at: 5s, add-partitions: {topic: "A:orders", partitions: 4}}']
  const growing = (age: number) =>
    runLinked({
      stop: '20s',
      config: { 'metadata.max.age.ms': age },
      producer: 'metadata.max.age.ms: 2000',
      faults,
    })
  const { fates, links, partitions } = growing(3_000)
  expect(partitions.map(({ partition }) => partition)).toContain('B:orders-3')
  expect(links[0]?.copied).toMatchObject({ records: fates.acked, again: 0 })
  const late = growing(300_000)
  expect(late.partitions.map(({ partition }) => partition)).not.toContain('B:orders-3')
  expect(late.links[0]?.copied.records).toBeLessThan(late.fates.acked)
})

it('a group that only a link has brought to a cluster is carried on from there', () => {
  const config = {
    'link.mode': 'BIDIRECTIONAL',
    'consumer.offset.sync.enable': true,
    'consumer.offset.sync.ms': 1_000,
    'consumer.offset.group.filters': FILTERS,
  }
  const commits = 'config: {group.id: bill, auto.commit.interval.ms: 500}'
  const { clusters } = runLinked({
    duration: '40s',
    stop: '14s',
    takeOver: '16s',
    config,
    consumers: [`{name: bill, region: us, cluster: A, topic: orders, stop: 17s, ${commits}}`],
    faults: [
      `{at: 8s, ${CUT}, for: 12s}`,
      '{at: 15s, mirror-failover: {link: dr}}',
      '{at: 28s, mirror-truncate-and-restore: {link: dr}}',
    ],
    knobs: { restoreTakes: '1s' },
  })
  const offsetsIn = (cluster: string) => {
    const groups = clusters.find(({ name }) => name === cluster)?.groups ?? []
    const rows = groups.find(({ group }) => group === 'bill')?.rows ?? []
    return rows.map(({ partition, currentOffset }) => `${partition}: ${currentOffset}`).sort()
  }
  // Nobody has joined it at B: what A's old commits say behind the cut is gone with the records.
  expect(offsetsIn('B')).toHaveLength(2)
  expect(offsetsIn('A')).toEqual(offsetsIn('B'))
})
