// Two clusters with a link on Connect's workers between them, for tests of Mirus and its kin.

import { RECORDS_PER_STREAM } from '../../../src/history.ts'
import { completed } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

type Values = Readonly<Record<string, string | number | boolean>>

export interface ConnectedClusters {
  readonly system: string
  readonly config?: Values
  readonly worker?: Values
  readonly consumer?: Values
  /** Of the system connect, as the file has them. */
  readonly transforms?: string
  readonly workers?: number
  /** When the link starts. */
  readonly start?: string
  readonly duration?: string
  readonly settle?: string
  readonly guards?: Values
  /** Of `shop`, which writes to orders in A. */
  readonly keys?: number
  readonly rate?: string
  /** Brokers of each cluster. */
  readonly brokers?: number
  /** Partitions of orders in A. */
  readonly partitions?: number
  readonly sourceConfig?: Values
  /** Topics of B, as the file lists them. */
  readonly targets?: readonly string[]
  readonly links?: readonly string[]
  readonly producers?: readonly string[]
  readonly consumers?: readonly string[]
  readonly faults?: readonly string[]
}

const MANY = 'offsets.topic.num.partitions: 2'

/** The scenario as text. */
export function connectedText(of: ConnectedClusters): string {
  const map = (values: Values = {}) => JSON.stringify(values)
  const list = (lines: readonly string[] = []) => lines.map((line) => `  - ${line}`).join('\n')
  const { brokers = 1 } = of
  const factors = { 'config.storage.replication.factor': 1, 'offset.storage.replication.factor': 1 }
  const cluster = (region: string) =>
    `{brokers: {${region}: ${brokers}}, controllers: {${region}: 1}, config: {${MANY}, ` +
    `offsets.topic.replication.factor: ${brokers}, default.replication.factor: ${brokers}}}`
  return `
duration: ${of.duration ?? '40s'}
settle: ${of.settle ?? '20s'}
guards: ${map(of.guards)}
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 50ms}}
clusters:
  A: ${cluster('us')}
  B: ${cluster('eu')}
topics:
  - name: orders
    cluster: A
    partitions: ${of.partitions ?? 4}
    replicationFactor: ${brokers}
    config: ${map(of.sourceConfig)}
${list(of.targets)}
producers:
  - name: shop
    region: us
    cluster: A
    topic: orders
    rate: ${of.rate ?? '200/s'}
    recordBytes: 100
    ${of.keys === undefined ? '' : `keys: ${of.keys}`}
${list(of.producers)}
consumers: [${(of.consumers ?? []).join(', ')}]
links:
  - system: ${of.system}
    name: copy
    from: A
    to: B
    start: ${of.start ?? '0s'}
    workers: {eu: ${of.workers ?? 1}}
    worker: ${map({ ...factors, ...of.worker })}
    consumer: ${map(of.consumer)}
    config: ${map(of.config)}
    ${of.transforms === undefined ? '' : `transforms: ${of.transforms}`}
${list(of.links)}
faults: [${(of.faults ?? []).join(', ')}]
`
}

/** Runs it to the end; broken invariants throw. */
export function runConnected(of: ConnectedClusters, seed = '1') {
  return completed(scenarioOf(connectedText(of), 'connected.yaml'), seed, {})
}

type Run = ReturnType<typeof runConnected>

/** Ends of the partitions of a topic when the run is over, in their order. */
export function endsOf({ history }: Run, cluster: string, topic: string): number[] {
  return history.finalLogs.flatMap(({ partition, isSurvivor, logEnd }) => {
    const place = history.partitions[partition]
    return isSurvivor && place?.cluster === cluster && place.topic === topic ? [logEnd] : []
  })
}

/** What the timeline says of one kind, in order. */
export function told({ result }: Run, kind: string): string[] {
  return result.timeline.filter((event) => event.kind === kind).map(({ text }) => text)
}

/** A record of shop, found in B. */
export interface Copy {
  /** Partition that it was written to in A, and the one that holds it in B. */
  readonly home: number
  readonly number: number
  /** Its place among what was written to its home. */
  readonly nth: number
}

/** What B has of a topic, in the order of its logs. */
export function copiesOf({ history }: Run, topic: string): Copy[] {
  const { partitions, finalLogs, streams } = history
  return finalLogs.flatMap(({ partition, isSurvivor, ranges }) => {
    const place = partitions[partition]
    if (place?.cluster !== 'B' || place.topic !== topic || !isSurvivor) return []
    return [...ranges].flatMap(({ firstRecordId, count }) => {
      const stream = streams[Math.floor(firstRecordId / RECORDS_PER_STREAM)]
      const home = partitions[stream?.partition ?? -1]?.number ?? -1
      const first = firstRecordId % RECORDS_PER_STREAM
      return Array.from({ length: count }, (_, n) => ({
        home,
        number: place.number,
        nth: first + n,
      }))
    })
  })
}
