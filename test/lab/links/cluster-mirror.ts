// Two clusters far apart and a mirror of KIP-1279 from the first to the second; with `back` one
// more the other way, of nothing until somebody starts it.

import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import type { LinkedClusters } from './two-regions.ts'

type Shared = 'config' | 'mirrors' | 'duration' | 'settle' | 'stop' | 'takeOver' | 'topic'

export interface MirroredClusters
  extends Pick<LinkedClusters, Shared | 'consumers' | 'faults' | 'broker' | 'producer'> {
  readonly back?: boolean
  /** Replicas at the source. */
  readonly factor?: number
  readonly flavour?: string
  readonly recordBytes?: number
}

export function mirrorText(of: MirroredClusters): string {
  const small = 'offsets.topic.num.partitions: 2, default.replication.factor: 3'
  const back = of.back === true ? '\n  - {system: cluster-mirror, name: back, from: B, to: A}' : ''
  const client = `config: {${of.producer ?? ''}}`
  const load = `topic: orders, rate: 500/s, recordBytes: ${of.recordBytes ?? 1024}, ${client}`
  const topic = `config: {${of.topic ?? ''}}`
  const successor =
    of.takeOver === undefined
      ? ''
      : `\n  - {name: shop-eu, region: eu, cluster: B, ${load}, start: ${of.takeOver}}`
  const faults = (of.faults ?? []).map((fault) => `\n  - ${fault}`).join('')
  return `
duration: ${of.duration ?? '20s'}
settle: ${of.settle ?? '5s'}
flavour: ${of.flavour ?? 'apache'}
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 80ms}}
clusters:
  A: {brokers: {us: 3}, controllers: {us: 1}, config: {${small}, ${of.broker ?? ''}}}
  B: {brokers: {eu: 3}, controllers: {eu: 1}, config: {${small}}}
topics:
  - {name: orders, cluster: A, partitions: 2, replicationFactor: ${of.factor ?? 3}, ${topic}}
links:
  - system: cluster-mirror
    name: dr
    from: A
    to: B
    mirrors: ${of.mirrors ?? '[orders]'}
    config: ${JSON.stringify(of.config ?? {})}${back}
producers:
  - {name: shop, region: us, cluster: A, ${load}, stop: ${of.stop ?? '15s'}}${successor}
consumers: [${(of.consumers ?? []).join(', ')}]
faults: ${faults === '' ? '[]' : faults}
`
}

export function runMirror(of: MirroredClusters, seed = '1') {
  return run(scenarioOf(mirrorText(of), 'mirror.yaml'), seed)
}
