// Two clusters a WAN apart and clients of the first, for tests of how clients come to the second.

import { completed } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

export interface Moving {
  /** Settings of the producer and the consumer, in flow style. */
  readonly client?: string
  readonly endpoints?: string
  readonly runbooks?: string
  readonly faults?: string
  readonly duration?: string
  readonly links?: string
  readonly producers?: string
  readonly consumers?: string
  readonly version?: string
  /** Of the producer. */
  readonly config?: string
}

const GROUP = 'group.id: billing, enable.auto.commit: false, auto.offset.reset: earliest'
const ONE = `config: {offsets.topic.num.partitions: 2, offsets.topic.replication.factor: 1}`

/** The scenario as text: the clients sit in `us`, beside A; B is in `eu`. */
export function movingText(of: Moving): string {
  const client = `region: app, topic: orders, ${of.client ?? 'cluster: A'}`
  return `
duration: ${of.duration ?? '60s'}
settle: 10s
version: "${of.version ?? '4.1'}"
regions: {us: {}, eu: {}, app: {}}
network: {rtt: {us ~ eu: 50ms, us ~ app: 10ms, eu ~ app: 50ms}}
clusters:
  A: {brokers: {us: 2}, controllers: {us: 1}, ${ONE}}
  B: {brokers: {eu: 2}, controllers: {eu: 1}, ${ONE}}
topics:
  - {name: orders, cluster: A, partitions: 2, replicationFactor: 1}
  - {name: orders, cluster: B, partitions: 2, replicationFactor: 1}
${of.endpoints === undefined ? '' : `endpoints: ${of.endpoints}`}
${of.links ?? ''}
producers:
  - {name: shop, rate: 100/s, config: {${of.config ?? ''}}, ${client}}
${of.producers ?? ''}
consumers:
  - {name: billing, commit: {every: 1s}, config: {${GROUP}}, ${client}}
${of.consumers ?? ''}
${of.runbooks === undefined ? '' : `runbooks:${of.runbooks}`}
faults: ${of.faults ?? '[]'}
`
}

export function runMoving(of: Moving, seed = '1') {
  return completed(scenarioOf(movingText(of), 'moving.yaml'), seed, {})
}

export type MovingRun = ReturnType<typeof runMoving>

/** Seconds of the first and the last acknowledgement to a producer from a cluster. */
export function acksAt({ history }: MovingRun, cluster: string, producer = 'shop') {
  const { produced, streams, partitions } = history
  const times: number[] = []
  for (const { stream, partition, doneAt, outcome } of produced) {
    if (outcome !== 0 || streams[stream]?.producer !== producer) continue
    if (partitions[partition]?.cluster === cluster) times.push(doneAt / 1e6)
  }
  return { count: times.length, first: Math.min(...times), last: Math.max(...times) }
}

/** Seconds of the first and the last delivery to the group from a cluster. */
export function readsAt({ history }: MovingRun, cluster: string) {
  const times: number[] = []
  for (const { partition, at } of history.delivered) {
    if (history.partitions[partition]?.cluster === cluster) times.push(at / 1e6)
  }
  return { count: times.length, first: Math.min(...times), last: Math.max(...times) }
}

/** Seconds of the events of a kind. */
export function eventsOf({ history }: MovingRun, kind: string): number[] {
  return history.events.filter((event) => event.kind === kind).map(({ at }) => at / 1e6)
}
