// R09 (KIP-497). While the leader waits for the answer to its wish for a larger ISR, the controller
// may already elect the new member. A high watermark over the old ISR commits records without it.
// Kafka's second clause (a caught-up replica holds the watermark too) hides this for
// replica.lag.time.max.ms; the answer takes longer here, as it may with a silent controller.

import { describe, expect, it } from 'vitest'
import { millis, SECOND } from '../../src/sim/time.ts'
import { BrokerBench } from '../kafka/broker/broker-bench.ts'
import { missing, records } from './told.ts'

const WRITES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

function story(maximalIsrForHighWatermark: boolean): { acked: number[]; lost: number[] } {
  const bench = new BrokerBench([1, 2], { guards: { maximalIsrForHighWatermark } })
  // The ISR is {1}. 2 has everything, and 1 asks for it; the answer stays away.
  bench.create(0, { isr: [1] })
  bench.run(SECOND)
  expect(bench.toController.map(({ request }) => request.api)).toEqual(['AlterPartition'])
  bench.cut(2, true)
  bench.ask(1, records(100, 100, 1))
  bench.run(31 * SECOND)
  const answers = WRITES.map((id) => bench.ask(1, records(id, id, -1)))
  bench.run(millis(10))
  const acked = WRITES.filter((_, i) => (answers[i] ?? []).length > 0)
  // The controller has accepted, and elects the new member.
  bench.commit({ type: 'PartitionChange', partition: 0, isr: [1, 2] }, [2])
  bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [2] }, [2])
  return { acked, lost: missing(bench.log(2), acked) }
}

describe('R09: ten writes while the answer to an ISR expansion is on its way', () => {
  it('over the committed ISR all ten are acknowledged, and lost with the leader', () => {
    expect(story(false)).toEqual({ acked: WRITES, lost: WRITES })
  })

  it('over the maximal ISR none is acknowledged before the new member has it', () => {
    expect(story(true)).toEqual({ acked: [], lost: [] })
  })
})
