// A topic that is deleted while it is written and read, in one cluster.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

function played(autoCreate: boolean, faults: readonly string[], factor = 3) {
  const text = `
duration: 12s
settle: 4s
regions: {us: {}}
clusters:
  A:
    brokers: {us: 3}
    controllers: {us: 1}
    config:
      offsets.topic.num.partitions: 1
      auto.create.topics.enable: ${autoCreate}
      broker.session.timeout.ms: 1500
      broker.heartbeat.interval.ms: 500
topics: [{name: orders, partitions: 2, replicationFactor: ${factor}}]
producers: [{name: shop, region: us, topic: orders, rate: 200/s, stop: 11s}]
consumers:
  - name: billing
    region: us
    topic: orders
    config: {group.id: billing, auto.offset.reset: earliest, auto.commit.interval.ms: 500}
faults: [${faults.join(', ')}]
`
  return run(scenarioOf(text, 'deleted.yaml'), '1')
}

const GONE = '{at: 4s, delete-topic: {topic: orders}}'
const AGAIN = '{at: 7s, create-topic: {topic: orders, partitions: 2, replicationFactor: 3}}'

type Played = ReturnType<typeof played>
const errorsOf = ({ timeline }: Played) =>
  timeline.filter(({ kind }) => kind === 'client-error').map(({ text }) => text)
const rowsOf = ({ clusters }: Played) => clusters[0]?.groups[0]?.rows ?? []

describe('a topic that is deleted', () => {
  it('comes back at once, and empty, where its producer may create topics', () => {
    const back = played(true, [GONE])
    const created = back.timeline.filter(({ text }) => /^orders-.*: created$/.test(text))
    // num.partitions of the broker, and not of the topic that was.
    expect(created.map(({ text }) => text)).toEqual([
      ...['orders-0: created', 'orders-1: created', 'orders-0~2: created'],
    ])
    expect((created[2]?.atMs ?? 0) - 4_000).toBeLessThan(500)
  })

  it('is told apart from the one that comes after it by a name of its own', () => {
    const { partitions, timeline } = played(false, [GONE, AGAIN])
    const names = partitions.map(({ partition }) => partition)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(['orders-0', 'orders-1', 'orders-0~2']))
    const deleted = timeline.filter(({ text }) => text.endsWith('deleted with its topic'))
    expect(deleted.map(({ text }) => text.split(':')[0])).toEqual(['orders-0', 'orders-1'])
  })

  it('stays away else: what was deleted was not lost, and writers wait until it is there', () => {
    const { fates, ...away } = played(false, [GONE, AGAIN])
    expect(errorsOf({ fates, ...away }).join()).toContain('UNKNOWN_TOPIC_OR_PARTITION from orders-')
    expect(fates).toMatchObject({ sent: 2_200, acked: 2_200, lost: 0, duplicated: 0 })
  })

  it('takes with it what groups have committed, and they begin the new one at its start', () => {
    const again = played(false, [GONE, AGAIN])
    const rows = rowsOf(again)
    expect(rows).toHaveLength(2)
    const ends = rows.map(({ currentOffset, logEndOffset }) => [currentOffset, logEndOffset])
    for (const [at, end] of ends) expect(at).toBe(end)
    // All that was written since: about 7 s of 200 a second, and nothing of before.
    const since = rows.reduce((sum, { logEndOffset }) => sum + (logEndOffset ?? 0), 0)
    expect(since).toBeGreaterThan(1_350)
    expect(since).toBeLessThan(1_480)
  })

  it('leaves no log behind, at a broker that was away neither', () => {
    const away = '{at: 3s, restart: {target: followers of orders-0, how: kill, downtime: 3s}}'
    const gone = played(false, [away, GONE])
    const left = gone.partitions.filter(({ partition }) => partition.startsWith('orders'))
    for (const { tracks } of left) for (const { logEnd } of tracks) expect(logEnd.at(-1)).toBeNull()
    expect(gone.fates.lost).toBe(0)
  })

  it('was not lost where nobody led it any more, but for what its disk had lost before', () => {
    const leader = 'leader of orders-0'
    const offline = played(false, [`{at: 2s, crash: ${leader}}`, GONE], 1)
    const told = offline.timeline.filter(({ kind }) => kind === 'partition')
    expect(told.some(({ text }) => /^orders-0: leader \d → none/.test(text))).toBe(true)
    expect(offline.fates.lost).toBe(0)
    const wiped = played(false, [`{at: 2s, disk-loss: ${leader}}`, GONE], 1)
    // All of one partition, or of both where they lay on one disk.
    expect(wiped.fates.lost).toBeGreaterThan(200)
  })
})
