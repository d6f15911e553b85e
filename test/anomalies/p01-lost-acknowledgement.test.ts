// P01. The batch is appended, its acknowledgement is lost, the producer sends it again.

import { describe, expect, it } from 'vitest'
import { play, SEEDS } from './case.ts'

/** Five records in one batch, and the leader's answers are lost on their way back. */
function story(isIdempotent: boolean, seed: string) {
  const config = {
    'enable.idempotence': isIdempotent,
    'linger.ms': 200,
    'request.timeout.ms': 1000,
  }
  return play(
    {
      duration: '40s',
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
      consumers: [{ name: 'billing' }],
      faults: [
        {
          at: '9.9s',
          partition: { between: ['broker-1', 'shop'], direction: 'forward' },
          for: '2s',
        },
      ],
    },
    seed,
  )
}

describe.each(SEEDS)('P01: the acknowledgement of five records is lost, seed %s', (seed) => {
  it('without idempotence all five stand twice in the log', () => {
    const { fates, consumerView } = story(false, seed)
    expect(fates).toMatchObject({ sent: 6, acked: 6, lost: 0, duplicated: 5 })
    expect(consumerView).toMatchObject({ delivered: 11, redelivered: 5 })
  })

  it('with idempotence the broker knows the batch and appends nothing', () => {
    const { fates, consumerView } = story(true, seed)
    expect(fates).toMatchObject({ sent: 6, acked: 6, lost: 0, duplicated: 0 })
    expect(consumerView).toMatchObject({ delivered: 6, redelivered: 0 })
  })
})
