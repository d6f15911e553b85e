import { describe, expect, it } from 'vitest'
import { MirrorPartitions } from '../../../src/kafka/broker/mirror-partitions.ts'
import type { MirrorTopicRecord } from '../../../src/kafka/metadata/mirror-records.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { batchOf } from '../log/batches.ts'
import { BrokerBench } from './broker-bench.ts'

const MIRROR: MirrorTopicRecord = {
  ...{ type: 'MirrorTopic', topic: 't', link: 'east', sourceTopic: 't', state: 'MIRRORING' },
  reversal: null,
}

/** What links in broker 1 see of topic t, which mirrors another cluster's. */
function mirrored() {
  const bench = new BrokerBench([1, 2], { partitions: 2 })
  bench.create(0)
  bench.create(1, { leader: 2 })
  bench.commit(MIRROR)
  bench.run(SECOND)
  const broker = bench.broker(1)
  const { disk } = bench.brokers.get(1)?.process.host ?? { disk: null }
  if (disk === null) throw new Error('no disk')
  const host = new MirrorPartitions(broker.replicas, disk, { send: () => {} }, (index) => index + 7)
  return { bench, host, log: () => bench.log(1) }
}

describe('a mirror', () => {
  it('is led here with the number that its topic gives it', () => {
    const led = [...mirrored().host.led()].map(({ index, number }) => [index, number])
    expect(led).toEqual([[0, 7]])
  })

  it('takes what continues its log, and keeps the epochs of its source', () => {
    const { host, log } = mirrored()
    expect(host.append(0, [batchOf(0, 5), batchOf(1, 6)])).toEqual({ took: 0 })
    expect(log().epochs.entries()).toEqual([
      [5, 0],
      [6, 1],
    ])
    expect(host.append(0, [batchOf(9, 6)])).toEqual({ refused: 'gap' })
  })

  it('is not touched where another broker leads it', () => {
    const { bench, host } = mirrored()
    host.startAt(1, 30)
    expect(host.append(1, [batchOf(0, 5)])).toEqual({ refused: 'not-leader' })
    expect(host.log(1)).toBeNull()
    expect(bench.log(1, 1).logEndOffset).toBe(0)
  })

  it('begins where it is told, but goes on where it has records', () => {
    const { host, log } = mirrored()
    host.startAt(0, 30)
    expect([log().logStartOffset, log().logEndOffset]).toEqual([30, 30])
    host.append(0, [batchOf(30, 5)])
    host.startAt(0, 31)
    expect([log().logStartOffset, log().logEndOffset]).toEqual([30, 31])
  })

  it('that was to begin inside a batch begins with the batch', () => {
    const { host, log } = mirrored()
    host.startAt(0, 30)
    host.append(0, [batchOf(28, 5, 4)])
    expect([log().logStartOffset, log().logEndOffset]).toEqual([28, 32])
  })
})
