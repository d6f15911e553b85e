// M15. A copy made by MirrorMaker 2 takes neither its source's min.insync.replicas, which is never
// copied by default, nor its number of replicas, which is the flow's own. Applications that move to
// "the same" topic are promised less: when its ISR has shrunk to the leader, an acknowledgement is
// worth one copy, and that copy is lost.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { SEEDS } from './case.ts'

const NEVER_COPIED = [
  '(follower|leader)\\.replication\\.throttled\\.replicas',
  'message\\.timestamp\\..*',
  'unclean\\.leader\\.election\\.enable',
]

interface Repair {
  /** Settings of the flow. */
  readonly flow?: Readonly<Record<string, unknown>>
  /** Settings of the brokers at the target. */
  readonly target?: Readonly<Record<string, unknown>>
}

/** Writers move from the source to its copy; then the copy loses a follower, and its leader. */
function story({ flow = {}, target = {} }: Repair, seed: string) {
  const few = { 'offsets.topic.num.partitions': 1 }
  const cluster = (region: string, config: Repair['target']) => {
    return { brokers: { [region]: 3 }, controllers: { [region]: 1 }, config: { ...few, ...config } }
  }
  const document = {
    duration: '120s',
    settle: '20s',
    regions: { us: {}, eu: {} },
    network: { rtt: { 'us ~ eu': '50ms' } },
    clusters: { A: cluster('us', {}), B: cluster('eu', target) },
    topics: [
      {
        ...{ name: 'orders', cluster: 'A', partitions: 1, replicationFactor: 3 },
        config: { 'min.insync.replicas': 2 },
      },
    ],
    links: [{ system: 'mirror-maker2', from: 'A', to: 'B', workers: { eu: 1 }, config: flow }],
    producers: [
      { name: 'shop', cluster: 'A', region: 'us', topic: 'orders', rate: '10/s', stop: '15s' },
      {
        ...{ name: 'moved', cluster: 'B', region: 'eu', topic: 'A.orders', rate: '10/s' },
        ...{ start: '55s', stop: '65s', config: { 'enable.idempotence': false, retries: 0 } },
      },
    ],
    faults: [
      {
        ...{ at: '30s', for: '60s' },
        'host-loss': { target: 'followers of B:A.orders-0', model: 'stop' },
      },
      {
        ...{ at: '70s', for: '10s' },
        'host-loss': { target: 'leader of B:A.orders-0', model: 'disks' },
      },
    ],
  }
  return run(scenarioOf(JSON.stringify(document), 'm15'), seed)
}

function copyOf({ clusters }: ReturnType<typeof story>) {
  return clusters[1]?.topics.find(({ name }) => name === 'A.orders')
}

describe.each(SEEDS)('M15: writers move to a copy with weaker settings, seed %s', (seed) => {
  it('as it is: the copy has two replicas and needs one; what that one had is lost', () => {
    const result = story({}, seed)
    const copy = copyOf(result)
    expect(copy).toMatchObject({ replicationFactor: 2, partitions: [{ minIsr: 1 }] })
    expect(result.fates).toMatchObject({ acked: 250, lost: 100 })
  })

  it('min.insync.replicas copied with the rest: writes are refused, and none is lost', () => {
    const flow = { 'config.properties.exclude': NEVER_COPIED.join(',') }
    const { fates } = story({ flow }, seed)
    expect(fates).toMatchObject({ lost: 0, failed: 100, failedAbsent: 100 })
  })

  it('min.insync.replicas as the default of the target’s brokers: as well', () => {
    const { fates } = story({ target: { 'min.insync.replicas': 2 } }, seed)
    expect(fates).toMatchObject({ lost: 0, failed: 100, failedAbsent: 100 })
  })
})
