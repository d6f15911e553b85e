// A cluster and its copy by MirrorMaker 2, far apart: small runs that tests look at.

import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

const SMALL = 'offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1'
const FACTORS = ['', 'offset-syncs.topic.', 'heartbeats.topic.', 'checkpoints.topic.']
  .map((of) => `${of}replication.factor: 1`)
  .join(', ')

export interface MirroredRegions {
  readonly duration: string
  readonly settle: string
  readonly rtt: string
  /** Of orders at A. */
  readonly partitions?: number
  /** What copies, from when on, and its processes beside B. */
  readonly system?: 'mirror-maker2' | 'connect'
  readonly start?: string
  readonly workers?: number
  /** Settings of these. */
  readonly worker?: string
  /** Settings of A's broker, of orders at A, and of the flow. */
  readonly source?: string
  readonly topic?: string
  readonly config?: string
  /** Settings of the flow's producer. */
  readonly producer?: string
  /** Clients and faults. */
  readonly more?: string
}

/** A broker in each of two regions, and orders at A copied to B. */
export function mirroredText(of: MirroredRegions): string {
  const { partitions = 1, source = '', topic = '', config = '', producer = '', more = '' } = of
  const { system = 'mirror-maker2', start = '0s', workers = 1, worker = '' } = of
  return `
duration: ${of.duration}
settle: ${of.settle}
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: ${of.rtt}}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, config: {${SMALL}, ${source}}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, config: {${SMALL}}}
topics:
  - name: orders
    cluster: A
    partitions: ${partitions}
    replicationFactor: 1
    config: {${topic}}
links:
  - system: ${system}
    from: A
    to: B
    start: ${start}
    workers: {eu: ${workers}}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1, ${worker}}
    config: {${FACTORS}, ${config}}
    producer: {${producer}}
${more}`
}

/** Two partitions of orders at A with a group, copied to B for twenty seconds. */
export function runMirrored(faults: readonly string[] = [], seed = '1') {
  const more = `
producers:
  - {name: shop, region: us, cluster: A, topic: orders, rate: 100/s, recordBytes: 100}
consumers:
  - name: billing
    region: us
    cluster: A
    topic: orders
    config: {group.id: billing, auto.offset.reset: earliest, auto.commit.interval.ms: 1000}
faults: [${faults.join(', ')}]
`
  const text = mirroredText({ duration: '20s', settle: '10s', rtt: '50ms', partitions: 2, more })
  return run(scenarioOf(text, 'mirrored.yaml'), seed)
}
