import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

const SECONDS = 20
const RECORD_BYTES = 1_000
const ONE = 'config: {offsets.topic.num.partitions: 2, offsets.topic.replication.factor: 1}'
const FACTORS = [
  ...['replication.factor: 1', 'offset-syncs.topic.replication.factor: 1'],
  ...['heartbeats.topic.replication.factor: 1', 'checkpoints.topic.replication.factor: 1'],
].join(', ')

/** Megabytes a second that reach the target while far more is written at the source. */
function copied(of: { rttMs: number; worker: string; client?: string }): number {
  const text = `
duration: ${SECONDS}s
settle: 0
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: ${of.rttMs}ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, ${ONE}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, ${ONE}}
topics: [{name: orders, cluster: A, partitions: 1, replicationFactor: 1}]
producers:
  - {name: shop, region: us, cluster: A, topic: orders, rate: 4000/s, recordBytes: ${RECORD_BYTES}}
links:
  - system: mirror-maker2
    from: A
    to: B
    workers: {${of.worker}: 1}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}
    config: {${FACTORS}}
    ${of.client ?? ''}
`
  const { links } = run(scenarioOf(text, 'throughput.yaml'), '1', {})
  const [link] = links
  if (link === undefined) throw new Error('no link')
  const arrived = link.atLoadEnd.acked - link.atLoadEnd.records
  return (arrived * RECORD_BYTES) / SECONDS / 1e6
}

/** Linux doubles a receive buffer, and offers 5/8 of that memory for data at an MTU of 1,500. */
const windowOf = (receiveBufferBytes: number) => (receiveBufferBytes * 2 * 5) / 8

/** What a formula allows, and what is lost to each client's and broker's own work. */
function expectCeiling(measured: number, ceiling: number): void {
  expect(measured).toBeLessThan(ceiling * 1.05)
  expect(measured).toBeGreaterThan(ceiling * 0.75)
}

describe('what one flow of MirrorMaker 2 can carry', () => {
  it('to a far target: one batch of batch.size a round trip and partition', () => {
    for (const rttMs of [50, 80, 150]) {
      expectCeiling(copied({ rttMs, worker: 'us' }), 16_384 / rttMs / 1_000)
    }
  })

  it('from a far source: the window of 64 KiB receive buffer a round trip and broker', () => {
    for (const rttMs of [50, 80, 150]) {
      expectCeiling(copied({ rttMs, worker: 'eu' }), windowOf(65_536) / rttMs / 1_000)
    }
  })

  it('as much more as these settings are raised', () => {
    const producer = 'producer: {batch.size: 65536}'
    expectCeiling(copied({ rttMs: 80, worker: 'us', client: producer }), 65_536 / 80 / 1_000)
    const consumer = 'consumer: {receive.buffer.bytes: 131072}'
    const measured = copied({ rttMs: 80, worker: 'eu', client: consumer })
    expectCeiling(measured, windowOf(131_072) / 80 / 1_000)
  })
})
