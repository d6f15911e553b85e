// A record that MirrorMaker 2's producer cannot send: the task fails, or passes it over for good.

import { describe, expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { endsOf } from './two-regions.ts'

const SMALL = 'config: {offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1}'
const FACTORS = ['', 'offset-syncs.topic.', 'heartbeats.topic.', 'checkpoints.topic.']
  .map((of) => `${of}replication.factor: 1`)
  .join(', ')

/** A hundred small records in ten seconds, and from the fifth on ten that are too large to copy. */
function copied(tolerance: string) {
  const text = `
duration: 10s
settle: 3s
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 20ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, ${SMALL}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, ${SMALL}}
topics:
  - {name: orders, cluster: A, partitions: 1, replicationFactor: 1}
producers:
  - {name: small, region: us, cluster: A, topic: orders, rate: 10/s, recordBytes: 100}
  - {name: large, region: us, cluster: A, topic: orders, rate: 2/s, recordBytes: 5000, start: 5s}
links:
  - system: mirror-maker2
    from: A
    to: B
    workers: {eu: 1}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}
    config: {${FACTORS}, errors.tolerance: ${tolerance}}
    producer: {max.request.size: 2000}
`
  const result = run(scenarioOf(text, 'tolerance.yaml'), '1')
  const told = (kind: string) =>
    result.timeline.filter((event) => event.kind === kind).map((event) => event.text)
  const [end = 0] = endsOf(result, 'B:A.orders-0')
  return { told, end }
}

describe('a record that MirrorMaker 2 cannot send', () => {
  it('ends its task, and nothing behind it is copied', () => {
    const { told, end } = copied('none')
    expect(told('task-failed')).toHaveLength(1)
    expect(told('records-passed-over')).toEqual([])
    // What was sent beside it in one poll still arrives.
    expect(end).toBeGreaterThanOrEqual(50)
    expect(end).toBeLessThan(60)
  })

  it('is passed over with errors.tolerance all: that is told once, and the task goes on', () => {
    const { told, end } = copied('all')
    expect(told('task-failed')).toEqual([])
    expect(told('records-passed-over')).toEqual([
      'records that cannot be sent are passed over: RECORD_TOO_LARGE',
    ])
    expect(end).toBe(100)
  })
})
