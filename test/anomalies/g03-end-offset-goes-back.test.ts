// G03 (KIP-207). A new leader's high watermark lags; asked for the latest offset it names one that
// an earlier answer was beyond.

import { describe, expect, it } from 'vitest'
import type { ListOffsetsResponse } from '../../src/kafka/messages.ts'
import { millis, SECOND } from '../../src/sim/time.ts'
import { BrokerBench } from '../kafka/broker/broker-bench.ts'
import { records } from './told.ts'

function latest(bench: BrokerBench, node: number): readonly [string, number] {
  const [answer] = bench.ask(node, {
    api: 'ListOffsets',
    replicaId: -1,
    partitions: [{ partition: 0, currentLeaderEpoch: -1, at: 'latest' }],
  }) as ListOffsetsResponse[]
  const { error, offset } = answer?.partitions[0] ?? { error: 'none', offset: -1 }
  return [error, offset]
}

/** The latest offset: at the old leader, at the new one at once, and three seconds later. */
function story(offsetNotAvailableGate: boolean) {
  const bench = new BrokerBench([1, 2, 3], { guards: { offsetNotAvailableGate } })
  bench.create(0)
  bench.run(SECOND)
  bench.ask(1, records(0, 3, -1))
  bench.run(millis(10))
  const answers = [latest(bench, 1)]
  bench.cut(1, true)
  bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [2, 3] }, [2, 3])
  answers.push(latest(bench, 2))
  bench.run(3 * SECOND)
  answers.push(latest(bench, 2))
  return answers
}

describe('G03: four records are committed and another leads', () => {
  it('before 2.2 the end of the partition goes back from 4 to 0 and on to 4', () => {
    expect(story(false)).toEqual([
      ['NONE', 4],
      ['NONE', 0],
      ['NONE', 4],
    ])
  })

  it('since 2.2 the new leader does not tell until it knows', () => {
    expect(story(true)).toEqual([
      ['NONE', 4],
      ['OFFSET_NOT_AVAILABLE', -1],
      ['NONE', 4],
    ])
  })
})
