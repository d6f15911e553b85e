// G04 (KIP-497). The controller has accepted a larger ISR, and the answer is lost. The leader asks
// again and hears INVALID_UPDATE_VERSION: whoever takes the change back at that commits records
// without a member of the ISR.

import { describe, expect, it } from 'vitest'
import { millis, SECOND } from '../../src/sim/time.ts'
import { BrokerBench } from '../kafka/broker/broker-bench.ts'
import { missing, records } from './told.ts'

const WRITES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

function story(pendingIsrStaysOnVersionError: boolean): { acked: number[]; lost: number[] } {
  const bench = new BrokerBench([1, 2], { guards: { pendingIsrStaysOnVersionError } })
  bench.create(0, { isr: [1] })
  bench.run(SECOND)
  // 2 falls silent for longer than the lag time, with the leader's wish for it on its way.
  bench.cut(2, true)
  bench.ask(1, records(100, 100, 1))
  bench.run(31 * SECOND)
  const call = bench.toController.shift()
  if (call?.request.api !== 'AlterPartition') throw new Error('nothing was proposed')
  const partitions = call.request.partitions.map(({ partition }) => ({
    partition,
    error: 'INVALID_UPDATE_VERSION' as const,
    leader: -1,
    leaderEpoch: -1,
    partitionEpoch: -1,
    isr: [],
    recovery: 'RECOVERED' as const,
  }))
  const answer = { api: 'AlterPartition' as const, error: 'NONE' as const, partitions }
  call.caller.onReply(call.request, answer, null, 100)
  const answers = WRITES.map((id) => bench.ask(1, records(id, id, -1)))
  bench.run(millis(10))
  const acked = WRITES.filter((_, i) => (answers[i] ?? []).length > 0)
  // What the controller had accepted comes as metadata, and it elects the new member.
  bench.commit({ type: 'PartitionChange', partition: 0, isr: [1, 2] }, [2])
  bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [2] }, [2])
  return { acked, lost: missing(bench.log(2), acked) }
}

describe('G04: an accepted ISR change is answered with INVALID_UPDATE_VERSION', () => {
  it('taken back, ten records commit without the new member, and are lost when it leads', () => {
    expect(story(false)).toEqual({ acked: WRITES, lost: WRITES })
  })

  it('kept pending, none commits until metadata tells', () => {
    expect(story(true)).toEqual({ acked: [], lost: [] })
  })
})
