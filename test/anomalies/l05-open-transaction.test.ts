// L05. A transaction is open at the source when its mirror is failed over: its records have
// crossed, the marker that ends it never will. Whatever is written behind them, who reads committed
// records only gets nothing of it. Cut back to what is stable at the stop, as KIP-1279 has it, the
// mirror loses the transaction and what had come behind it, and its readers go on. No client of the
// model has transactions yet, so the source's leader is handed their batch by the test.

import { describe, expect, it } from 'vitest'
import type { ProducedBatch } from '../../src/kafka/messages.ts'
import { replicaHandlesConsumerFetch } from '../../src/kafka/partition/consumer-fetch.ts'
import { PartitionRead } from '../../src/kafka/partition/partition-read.ts'
import { Simulation } from '../../src/lab/simulation.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { SECOND } from '../../src/sim/time.ts'
import { linkedText } from '../lab/links/two-regions.ts'
import { SEEDS } from './case.ts'

const RECORDS = 10

/** The log of a partition at its leader. */
function leaderOf(simulation: Simulation, cluster: string) {
  const { cluster: live } = simulation.clusterOf(cluster)
  const [index = -1] = live.topics.partitionsOf('orders')
  const leader = live.registrationOf(index)?.leader ?? -1
  const replicas = live.nodes.get(leader)?.role?.broker.replicas
  const log = replicas?.ledLog(index)
  if (replicas === undefined || log == null) throw new Error('a leader')
  return { index, replicas, log, ids: live.recordIds }
}

/** Records that a fetch from an offset is given. */
function readFrom(
  { index, replicas }: ReturnType<typeof leaderOf>,
  fetchOffset: number,
  isolation: 'read_committed' | 'read_uncommitted',
): number {
  const partition = replicas.partitions.get(index)
  if (partition === undefined) throw new Error('a partition')
  const entry = {
    ...{ partition: index, currentLeaderEpoch: partition.leaderEpoch, fetchOffset },
    ...{ lastFetchedEpoch: -1, logStartOffset: -1, maxBytes: 100_000 },
  }
  const read = new PartitionRead()
  replicaHandlesConsumerFetch(partition, entry, 100_000, true, read, isolation)
  return read.batches.reduce((sum, { count }) => sum + count, 0)
}

function story(cutsOpenTransactions: boolean, seed: string) {
  const text = linkedText({ duration: '20s', knobs: { cutsOpenTransactions } })
  const simulation = new Simulation(scenarioOf(text, 'open.yaml'), seed)
  simulation.boot()
  const write = (cluster: string, producerId: number, isTransactional: boolean) => {
    const { index, replicas, ids } = leaderOf(simulation, cluster)
    const batch: ProducedBatch = {
      ...{ count: RECORDS, bytes: 1_000, payloadBytes: 900 },
      ...{ producerId, producerEpoch: 0, baseSequence: 0 },
      ...{ firstRecordId: ids.next(RECORDS), createdFirst: 0, createdLast: 0, isTransactional },
    }
    const { error, firstOffset } = replicas.appendRecordsToLeader(index, batch, 1)
    expect(error).toBe('NONE')
    return firstOffset
  }
  write('A', 70, false)
  simulation.advance(1 * SECOND)
  const opened = write('A', 71, true)
  write('A', 72, false)
  simulation.advance(3 * SECOND)
  const { operator } = simulation.clusterOf('B')
  const request = { api: 'AlterMirror' as const, topic: 'orders', sourceTopic: 'orders' }
  operator.order({ ...request, operation: 'failover', link: 'dr' })
  simulation.advance(6 * SECOND)
  const mirrored = leaderOf(simulation, 'B').log.logEndOffset
  const next = write('B', 73, false)
  simulation.advance(9 * SECOND)
  const leader = leaderOf(simulation, 'B')
  const committed = readFrom(leader, opened, 'read_committed')
  const all = readFrom(leader, opened, 'read_uncommitted')
  return { opened, mirrored, next, log: leader.log, committed, all }
}

describe.each(SEEDS)('L05: a transaction is cut by a failover, seed %s', (seed) => {
  it('its records stay, and nothing behind them is ever stable', () => {
    const { opened, mirrored, next, log, committed, all } = story(false, seed)
    expect([committed, all]).toEqual([0, 3 * RECORDS])
    expect([opened, mirrored, next]).toEqual([RECORDS, 3 * RECORDS, 3 * RECORDS])
    expect([log.highWatermark, log.lastStableOffset]).toEqual([4 * RECORDS, opened])
  })

  it('cut back to what is stable the mirror takes new records that can be read', () => {
    const { opened, mirrored, next, log, committed, all } = story(true, seed)
    expect([committed, all]).toEqual([RECORDS, RECORDS])
    expect([opened, mirrored, next]).toEqual([RECORDS, RECORDS, RECORDS])
    expect([log.highWatermark, log.lastStableOffset]).toEqual([2 * RECORDS, 2 * RECORDS])
  })
})
