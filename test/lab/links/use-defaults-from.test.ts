// What an operator sets on a copy of MirrorMaker 2's, and what the next sync leaves of it.

import { describe, expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

const SMALL = 'offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1'
const FACTORS = ['replication.factor: 1']
  .concat(
    ['offset-syncs', 'heartbeats', 'checkpoints'].map((topic) => {
      return `${topic}.topic.replication.factor: 1`
    }),
  )
  .join(', ')

/** Settings of the copy after syncs a second apart; retention.ms is set on it at 3 s. */
function copyAfter(link: string, source = ''): Readonly<Record<string, string>> {
  const text = `
duration: 6s
settle: 1s
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 20ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, config: {${SMALL}${source}}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, config: {${SMALL}}}
topics:
  - name: orders
    cluster: A
    partitions: 1
    replicationFactor: 1
    config: {segment.bytes: 2097152}
links:
  - system: mirror-maker2
    from: A
    to: B
    workers: {eu: 1}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}
    config: {${FACTORS}, sync.topic.configs.interval.seconds: 1${link}}
faults:
  - {at: 3s, alter-config: {topic: B:A.orders, set: {retention.ms: 3600000}}}
`
  const { clusters } = run(scenarioOf(text, 'defaults.yaml'), '1')
  const copy = clusters[1]?.topics.find(({ name }) => name === 'A.orders')
  return Object.fromEntries(copy?.configs ?? [])
}

describe('what is set on a copy', () => {
  it('goes with the next sync, where the source stands at Kafka’s default', () => {
    const configs = copyAfter('')
    expect(configs['segment.bytes']).toBe('2097152')
    expect(configs['retention.ms']).toBeUndefined()
  })

  it('becomes that default with use.defaults.from source', () => {
    expect(copyAfter(', use.defaults.from: source')['retention.ms']).toBe('604800000')
  })

  it('stays where the file of the source’s brokers decides, and where it is never copied', () => {
    expect(copyAfter('', ', log.retention.hours: 24')['retention.ms']).toBe('3600000')
    const exclude = ', config.properties.exclude: retention.ms'
    expect(copyAfter(exclude)['retention.ms']).toBe('3600000')
  })

  it('stays where nothing is synced', () => {
    expect(copyAfter(', sync.topic.configs.enabled: false')['retention.ms']).toBe('3600000')
  })
})
