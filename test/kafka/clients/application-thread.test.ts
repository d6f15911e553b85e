import { describe, expect, it } from 'vitest'
import { Accumulator } from '../../../src/kafka/clients/accumulator.ts'
import { ApplicationThread } from '../../../src/kafka/clients/application-thread.ts'
import { ClientMetadata } from '../../../src/kafka/clients/metadata.ts'
import { StickyPartitioner } from '../../../src/kafka/clients/partitioner.ts'
import type { ProducerBatch } from '../../../src/kafka/clients/producer-batch.ts'
import { PRODUCER_DEFAULTS } from '../../../src/kafka/clients/producer-config.ts'
import type { Lane } from '../../../src/kafka/clients/record-source.ts'
import { StickyChoice } from '../../../src/kafka/clients/sticky-choice.ts'
import { RandomSource } from '../../../src/sim/random.ts'
import { NEVER, SECOND } from '../../../src/sim/time.ts'
import { OpenLoopSource } from '../../../src/workload/open-loop.ts'
import { metadataOf } from '../network/metadata-answer.ts'
import { records, startProducer } from './producer-rig.ts'
import { ScriptedCluster } from './scripted-cluster.ts'

describe('an application that sends without keys', () => {
  it('goes on with other partitions while the broker of one hangs', () => {
    const cluster = new ScriptedCluster([1, 2], 2, 20)
    const [, second] = cluster.partitions
    if (second !== undefined) second.leader = 2
    const lane: Lane = {
      source: new OpenLoopSource(
        1_000,
        [{ from: 0, until: 20 * SECOND, recordsPerSecond: 100 }],
        0,
      ),
      target: { kind: 'sticky', topic: 't', partitions: [0, 1] },
    }
    const { fates } = startProducer(cluster, [lane])
    cluster.rig.runMs(2_000)
    cluster.rig.processOf(1)?.pause()
    cluster.rig.runMs(18_000)
    const later = fates.filter((fate) => fate.createdFirstMs > 5_000)
    expect(records(later)).toBeGreaterThan(400)
    expect(later.every((fate) => fate.partition === 1)).toBe(true)
    expect(Math.max(...later.map((fate) => fate.atMs - fate.createdLastMs))).toBeLessThan(200)
  })
})

describe('the next look at an application whose partition has no way out', () => {
  it('is taken when a record comes that goes elsewhere, and not when a batch would be full', () => {
    const config = { ...PRODUCER_DEFAULTS, batchSizeBytes: 1_000 }
    const random = new RandomSource('sticky').fork('test')
    const metadata = new ClientMetadata({ ...config, bootstrapNodes: [1], topics: ['t'] }, random)
    const led = [0, 1].map((partition) => ({ partition, leader: 1, leaderEpoch: 0 }))
    metadata.update(metadataOf([1], led), 0)
    const accumulator = new Accumulator(config, (partition) => partition)
    const phase = { from: 0, until: 10 * SECOND, recordsPerSecond: 1 }
    const source = new OpenLoopSource(300, [phase], 0)
    const lane: Lane = { source, target: { kind: 'sticky', topic: 't', partitions: [0, 1] } }
    const thread = new ApplicationThread(config, [lane], accumulator, metadata, (topic) => {
      const partitioner = new StickyPartitioner(topic, 1_000, random)
      return new StickyChoice(partitioner, accumulator, metadata, true)
    })
    const nobody = () => false
    const looks: number[] = []
    for (let record = 0; record < 3; record++) {
      const at = source.arrivalOf(0)
      thread.pull(at)
      for (const queue of accumulator.nonEmpty()) queue.sent(queue.batches[0] as ProducerBatch)
      looks.push((thread.nextReadyAt(nobody, NEVER) - source.arrivalOf(0)) / SECOND)
    }
    // Three more records find an open batch full; the third of all fills the partition's share.
    expect(looks).toEqual([3, 3, 0])
  })
})

describe('a send() that waits for metadata', () => {
  it('waits for memory when that has come and the buffer is full, in the same max.block.ms', () => {
    const config = { ...PRODUCER_DEFAULTS, bufferMemoryBytes: 16_384, maxBlockMs: 60_000 }
    const metadata = new ClientMetadata(
      { ...config, bootstrapNodes: [1], topics: ['t'] },
      { int: (lo) => lo },
    )
    const accumulator = new Accumulator(config, () => 0)
    const phase = { from: SECOND, until: 2 * SECOND, recordsPerSecond: 10 }
    const source = new OpenLoopSource(100, [phase], 0)
    const lane: Lane = { source, target: { kind: 'partition', partition: 0 } }
    const unused = () => {
      throw new Error('no lane of this test is sticky')
    }
    const thread = new ApplicationThread(config, [lane], accumulator, metadata, unused)
    thread.pull(SECOND)
    expect(thread.blockedOn).toBe('metadata')
    accumulator.newBatch(accumulator.queueOf(9), 0, 100, 0)
    metadata.update(metadataOf([1], [{ partition: 0, leader: 1, leaderEpoch: 0 }]), 2 * SECOND)
    thread.pull(2 * SECOND)
    expect(thread.blockedOn).toBe('memory')
    expect(thread.blockDeadline()).toBe(61 * SECOND)
  })
})
