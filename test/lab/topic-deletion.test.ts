// A topic that is deleted while it is written and read, in one cluster.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

function played(autoCreate: boolean, faults: readonly string[], seed = '1') {
  const text = `
duration: 12s
settle: 4s
regions: {us: {}}
clusters:
  A:
    brokers: {us: 3}
    controllers: {us: 1}
    config: {offsets.topic.num.partitions: 1, auto.create.topics.enable: ${autoCreate}}
topics: [{name: orders, partitions: 2, replicationFactor: 3}]
producers: [{name: shop, region: us, topic: orders, rate: 200/s, stop: 11s}]
consumers:
  - name: billing
    region: us
    topic: orders
    config: {group.id: billing, auto.offset.reset: earliest, auto.commit.interval.ms: 500}
faults: [${faults.join(', ')}]
`
  return run(scenarioOf(text, 'deleted.yaml'), seed)
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
    const created = back.timeline.filter(({ text }) => text === 'orders-0: created')
    expect(created).toHaveLength(2)
    expect((created[1]?.atMs ?? 0) - 4_000).toBeLessThan(500)
    // num.partitions of the broker, and not of the topic that was.
    expect(back.timeline.filter(({ text }) => text === 'orders-1: created')).toHaveLength(1)
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
})
