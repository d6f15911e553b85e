// P05. The retry of an acknowledged-but-not-heard-of batch reaches another leader than the first
// attempt: what a broker knows of producers must come with the replicated log, not with the leader.

import { describe, expect, it } from 'vitest'
import { PartitionLog } from '../../src/kafka/log/partition-log.ts'
import { LOG_CONFIG, produced } from '../kafka/log/batches.ts'
import { play, SEEDS } from './case.ts'

/** Five records appended and replicated; their acknowledgement is lost, then the leader. */
function story(isIdempotent: boolean, seed: string) {
  const config = { 'enable.idempotence': isIdempotent, 'linger.ms': 200 }
  const lost = { between: ['broker-1', 'shop'], direction: 'forward' }
  return play(
    {
      duration: '80s',
      producers: [
        {
          name: 'shop',
          ramp: [
            { at: '5s', rate: '100/s' },
            { at: '5.01s', rate: '0/s' },
            { at: '10s', rate: '100/s' },
            { at: '10.05s', rate: '0/s' },
          ],
          config,
        },
      ],
      faults: [
        { at: '9.9s', partition: lost, for: '5s' },
        { at: '11s', 'host-loss': { target: 'broker-1', model: 'stop' }, for: '60s' },
      ],
    },
    seed,
  )
}

describe.each(SEEDS)('P05: the retry meets a new leader, seed %s', (seed) => {
  it('with idempotence the follower that now leads knows the batch', () => {
    const { fates, partitions } = story(true, seed)
    expect(partitions[0]?.leaders.map(({ node }) => node)).toEqual([1, 2])
    expect(fates).toMatchObject({ acked: 6, lost: 0, duplicated: 0 })
  })

  it('without it all five are appended again', () => {
    const { fates } = story(false, seed)
    expect(fates).toMatchObject({ acked: 6, lost: 0, duplicated: 5 })
  })
})

describe('P05: a broker remembers the last five batches of a producer', () => {
  const batch = (baseSequence: number) =>
    produced({ producerId: 7, producerEpoch: 0, baseSequence, firstRecordId: baseSequence })
  const follower = new PartitionLog(LOG_CONFIG)
  const leader = new PartitionLog(LOG_CONFIG)
  for (let sequence = 0; sequence < 6; sequence++) leader.appendAsLeader(batch(sequence), 0)
  follower.appendAsFollower(leader.batches())

  it.each([1, 2, 3, 4, 5])('number %s is a success with its old offset, also later', (sequence) => {
    const answer = { error: 'NONE', firstOffset: sequence, batch: null }
    expect(follower.appendAsLeader(batch(sequence), 1)).toMatchObject(answer)
  })

  it('the sixth-oldest is out of order, and not appended', () => {
    const answer = { error: 'OUT_OF_ORDER_SEQUENCE_NUMBER', batch: null }
    expect(follower.appendAsLeader(batch(0), 1)).toMatchObject(answer)
    expect(follower.logEndOffset).toBe(6)
  })
})
