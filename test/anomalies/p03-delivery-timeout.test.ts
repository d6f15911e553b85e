// P03. Every attempt is appended and none is acknowledged in time: the producer gives up without
// knowing. The record is there, once with idempotence, once an attempt without.

import { describe, expect, it } from 'vitest'
import { duplicatedRecords } from '../../src/check/duplicates.ts'
import { buildLedger } from '../../src/check/ledger.ts'
import { SECOND } from '../../src/sim/time.ts'
import { begin, SEEDS } from './case.ts'

const REQUEST_TIMEOUT_S = 5
const DELIVERY_TIMEOUT_S = 24

/** The follower hangs for longer than the producer has patience; it stays in the ISR meanwhile. */
function story(isIdempotent: boolean, seed: string) {
  const config = {
    'enable.idempotence': isIdempotent,
    'request.timeout.ms': REQUEST_TIMEOUT_S * 1000,
    'delivery.timeout.ms': DELIVERY_TIMEOUT_S * 1000,
  }
  const simulation = begin(
    {
      duration: '120s',
      replicas: [1, 2],
      config: { 'replica.lag.time.max.ms': 60_000 },
      producers: [
        {
          name: 'shop',
          ramp: [
            { at: '5s', rate: '1/s' },
            { at: '6s', rate: '0/s' },
            { at: '15s', rate: '10/s' },
            { at: '15.1s', rate: '0/s' },
          ],
          config,
        },
      ],
      faults: [{ at: '10s', partition: { between: ['broker-1', 'broker-2'] }, for: '45s' }],
    },
    seed,
  )
  simulation.advance(120 * SECOND)
  const history = simulation.close()
  const { acked, failed, unknown, lost, surviving } = buildLedger(history)
  return {
    acked: acked.size,
    failed: failed.size,
    lost: lost.size,
    unknown: unknown.size,
    unknownButPresent: unknown.and(surviving).size,
    copies: duplicatedRecords(history).copies,
  }
}

describe.each(SEEDS)('P03: no acknowledgement within delivery.timeout.ms, seed %s', (seed) => {
  const told = { acked: 1, failed: 0, lost: 0, unknown: 1, unknownButPresent: 1 }

  it('the outcome is unknown, and the record is there once with idempotence', () => {
    expect(story(true, seed)).toEqual({ ...told, copies: 0 })
  })

  it('without it once for each request that was answered too late', () => {
    const { copies, ...outcome } = story(false, seed)
    expect(outcome).toEqual(told)
    // Attempts at 15, 20, 25, 30 and 35 s, a retry back-off later each; given up at 39 s.
    expect(copies).toBe(Math.floor(DELIVERY_TIMEOUT_S / REQUEST_TIMEOUT_S))
  })
})
