// Two clusters far apart and a link from the first to the second, for tests of cluster links.

import { type RunOptions, run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

export interface LinkedClusters {
  readonly config?: Readonly<Record<string, string | number | boolean>>
  /** Of the side that dials, where that is the source. */
  readonly source?: Readonly<Record<string, string | number | boolean>>
  readonly knobs?: Readonly<Record<string, string | number | boolean>>
  readonly mirrors?: string
  readonly duration?: string
  readonly settle?: string
  /** Until when the source is written to. */
  readonly stop?: string
  /** From when the mirror is written to. */
  readonly takeOver?: string
  readonly consumers?: readonly string[]
  readonly faults?: readonly string[]
  readonly topic?: string
  /** Settings of who writes to the source. */
  readonly producer?: string
  /** Of A's brokers. */
  readonly broker?: string
  readonly guards?: Readonly<Record<string, boolean>>
}

/** The scenario as text. */
export function linkedText(of: LinkedClusters): string {
  const map = (values: LinkedClusters['config'] = {}) => JSON.stringify(values)
  const small = 'offsets.topic.num.partitions: 2'
  return `
duration: ${of.duration ?? '30s'}
settle: ${of.settle ?? '10s'}
flavour: confluent
guards: ${map(of.guards)}
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 80ms}}
clusters:
  A: {brokers: {us: 3}, controllers: {us: 1}, config: {${small}, ${of.broker ?? ''}}}
  B: {brokers: {eu: 3}, controllers: {eu: 1}, config: {${small}, default.replication.factor: 3}}
topics:
  - {name: orders, cluster: A, partitions: 2, replicationFactor: 3, config: {${of.topic ?? ''}}}
links:
  - system: cluster-link
    name: dr
    from: A
    to: B
    mirrors: ${of.mirrors ?? '[orders]'}
    config: ${map(of.config)}
    knobs: ${map(of.knobs)}${of.source === undefined ? '' : `\n    source: ${map(of.source)}`}
producers:
  - name: shop
    region: us
    cluster: A
    topic: orders
    rate: 500/s
    stop: ${of.stop ?? '30s'}
    config: {${of.producer ?? ''}}
${of.takeOver === undefined ? '' : successor(of.takeOver)}
consumers: [${(of.consumers ?? []).join(', ')}]
faults:
${(of.faults ?? []).map((fault) => `  - ${fault}`).join('\n')}
`.replace(/faults:\n\n/, 'faults: []\n')
}

function successor(start: string): string {
  return `  - {name: shop-eu, region: eu, cluster: B, topic: orders, rate: 500/s, start: ${start}}`
}

/** Runs it; broken invariants throw. */
export function runLinked(of: LinkedClusters, options: RunOptions = {}, seed = '1') {
  return run(scenarioOf(linkedText(of), 'linked.yaml'), seed, options)
}

export const CUT = 'partition: {between: [region us, region eu]}'

type Result = ReturnType<typeof run>

/** What the timeline says of one kind, in order. */
export function told({ timeline }: Result, kind: string): string[] {
  return timeline.filter((event) => event.kind === kind).map(({ text }) => text)
}

/** Ends of every replica of a partition. */
export function endsOf({ partitions }: Result, name: string): number[] {
  const found = partitions.find(({ partition }) => partition === name)
  return found?.tracks.map(({ logEnd }) => logEnd.at(-1) ?? -1) ?? []
}
