// Who packs records decides what crosses between regions: the producer of the source, a topic,
// and a replicator, which unpacks what it reads and packs it as its own producer is told.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

const ONE = 'config: {offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1}'
/** 1,000 bytes and a record's overhead, 200 a second for ten seconds, and what a quarter is. */
const PLAIN = 2_000 * 1_008
const PACKED = PLAIN / 4

const LINKS = {
  'mirror-maker2': [
    'system: mirror-maker2, from: A, to: B',
    'worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}',
    'config: {replication.factor: 1, offset-syncs.topic.replication.factor: 1, ' +
      'emit.heartbeats.enabled: false, emit.checkpoints.enabled: false}',
  ].join(', '),
  'mirror-maker1': 'system: mirror-maker1, from: A, to: B, options: {include: orders}',
  'cluster-link': 'system: cluster-link, from: A, to: B, mirrors: [orders]',
}

interface Packing {
  readonly producer?: string
  readonly topic?: string
  readonly link: keyof typeof LINKS
  /** Where the workers run and how they pack. */
  readonly more?: string
}

/** Bytes from the source's region to the target's, requests and answers among them. */
function crossing({ producer, topic, link, more }: Packing): number {
  const packs = producer === undefined ? '' : `compression.type: ${producer}`
  const text = `
version: "4.1"
${link === 'cluster-link' ? 'flavour: confluent\nguards: { elr: off }' : ''}
duration: 10s
settle: 5s
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 20ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, ${ONE}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, ${ONE}}
topics:
  - name: orders
    cluster: A
    partitions: 1
    replicationFactor: 1
    config: {compression.type: ${topic ?? 'producer'}}
producers:
  - {name: shop, region: us, cluster: A, topic: orders, rate: 200/s, recordBytes: 1000,
     compressionRatio: 0.25, config: {linger.ms: 50, ${packs}}}
links: [{${LINKS[link]}${more === undefined ? '' : `, ${more}`}}]
`
  const { links } = run(scenarioOf(text, 'packed.yaml'), '1').traffic
  return links.find(({ from, to }) => from === 'us' && to === 'eu')?.bytes ?? 0
}

/** Headers, answers and a replicator's own records come on top; they are little. */
function expectOnWire(bytes: number, records: number): void {
  expect(bytes).toBeGreaterThan(records)
  expect(bytes).toBeLessThan(records + 250_000)
}

describe('records that compression makes four times smaller, on their way between regions', () => {
  const near = 'workers: {eu: 1}'
  const far = 'workers: {us: 1}'

  it('are as small as their producer made them for a replicator beside the target', () => {
    expectOnWire(crossing({ link: 'mirror-maker2', more: near }), PACKED)
    expectOnWire(crossing({ link: 'mirror-maker2', more: near, producer: 'none' }), PLAIN)
  })

  it('are unpacked by one beside the source, whose producer packs nothing by default', () => {
    expectOnWire(crossing({ link: 'mirror-maker2', more: far }), PLAIN)
    expectOnWire(crossing({ link: 'mirror-maker1', more: far }), PLAIN)
  })

  it('are packed where the replicator’s producer says so, however they came', () => {
    const packs = `${far}, producer: {compression.type: zstd}`
    expectOnWire(crossing({ link: 'mirror-maker2', more: packs }), PACKED)
    expectOnWire(crossing({ link: 'mirror-maker1', more: packs, producer: 'none' }), PACKED)
  })

  it('are copied by a cluster link as they lie in the log, which the topic decides', () => {
    expectOnWire(crossing({ link: 'cluster-link' }), PACKED)
    expectOnWire(crossing({ link: 'cluster-link', producer: 'none' }), PLAIN)
    expectOnWire(crossing({ link: 'cluster-link', producer: 'none', topic: 'gzip' }), PACKED)
    expectOnWire(crossing({ link: 'cluster-link', topic: 'uncompressed' }), PLAIN)
  })
})
