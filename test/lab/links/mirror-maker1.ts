// Two clusters and processes of the first MirrorMaker between them, for tests of what it does.

import { completed, type RunOptions } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

export interface CopiedCase {
  readonly duration?: string
  readonly settle?: string
  readonly rate?: string
  /** Until when the source is written to. */
  readonly stop?: string
  readonly keys?: number
  /** Settings of who writes to the source. */
  readonly fresh?: string
  /** Partitions of the source, and of the target where it is created beforehand. */
  readonly partitions?: number
  readonly targetPartitions?: number
  readonly targetConfig?: Settings
  readonly faults?: readonly string[]
}

type Settings = Readonly<Record<string, string | number | boolean>>

export interface MirrorMaker1Case extends CopiedCase {
  /** Processes at the target. */
  readonly workers?: number
  readonly options?: Settings
  readonly keepsPartition?: boolean
  /** A message handler puts the name of the source before that of the topic. */
  readonly isPrefixed?: boolean
  readonly producer?: Settings
  readonly consumer?: Settings
  /** A second link, from the target to the source. */
  readonly isBothWays?: boolean
}

function linkOf(of: MirrorMaker1Case, from: string, to: string, region: string): string {
  const options = { include: 'orders', ...of.options }
  const prefix = of.isPrefixed === true ? `${from}.` : ''
  const handler = { prefix, keepsPartition: of.keepsPartition ?? false }
  const consumer = { 'auto.offset.reset': 'earliest', ...of.consumer }
  return `
  - system: mirror-maker1
    from: ${from}
    to: ${to}
    workers: {${region}: ${of.workers ?? 1}}
    options: ${JSON.stringify(options)}
    handler: ${JSON.stringify(handler)}
    producer: ${JSON.stringify(of.producer ?? {})}
    consumer: ${JSON.stringify(consumer)}`
}

/** A is written to and copied to B, 50 ms away, by some links. */
export function copiedText(of: CopiedCase, links: string): string {
  const small = { 'offsets.topic.num.partitions': 1, 'offsets.topic.replication.factor': 1 }
  const target = JSON.stringify({ ...small, ...of.targetConfig })
  const topic = (cluster: string, partitions: number) =>
    `  - {name: orders, cluster: ${cluster}, partitions: ${partitions}, replicationFactor: 1}`
  const rate = of.rate ?? '200/s'
  return `
duration: ${of.duration ?? '40s'}
settle: ${of.settle ?? '20s'}
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 50ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, config: ${JSON.stringify(small)}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, config: ${target}}
topics:
${topic('A', of.partitions ?? 2)}
${of.targetPartitions === undefined ? '' : topic('B', of.targetPartitions)}
producers:
  - name: shop
    region: us
    cluster: A
    topic: orders
    rate: ${rate}
    recordBytes: 100
    stop: ${of.stop ?? of.duration ?? '40s'}
    config: {${of.fresh ?? ''}}
${of.keys === undefined ? '' : `    keys: ${of.keys}`}
links:${links}
faults:
${(of.faults ?? []).map((fault) => `  - ${fault}`).join('\n')}
`.replace(/faults:\n\n/, 'faults: []\n')
}

export function mirrorMaker1Text(of: MirrorMaker1Case): string {
  const back = of.isBothWays === true ? linkOf(of, 'B', 'A', 'us') : ''
  return copiedText(of, `${linkOf(of, 'A', 'B', 'eu')}${back}`)
}

/** Runs it; broken invariants throw. */
export function runMirrorMaker1(of: MirrorMaker1Case, options: RunOptions = {}, seed = '1') {
  return runText(mirrorMaker1Text(of), options, seed)
}

export function runText(text: string, options: RunOptions = {}, seed = '1') {
  return completed(scenarioOf(text, 'mm1.yaml'), seed, options)
}

/** Ends of the logs of a topic, by partition. */
export function endsOf(run: ReturnType<typeof runText>, cluster: string, topic: string) {
  const views = run.result.partitions.filter(({ partition }) =>
    partition.startsWith(`${cluster}:${topic}-`),
  )
  return views.map(({ tracks }) => Math.max(...tracks.map(({ logEnd }) => logEnd.at(-1) ?? 0)))
}
