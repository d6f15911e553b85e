// D10. Too few replicas: refused before the append the record is certainly nowhere; when the ISR
// shrinks after the append it is in the log, whatever the answer says, and a retry without
// idempotence appends it again.

import { describe, expect, it } from 'vitest'
import { type Guards, play, SEEDS } from './case.ts'

const FOLLOWER_AWAY = { at: '10s', 'host-loss': { target: 'broker-2', model: 'stop' }, for: '50s' }

function story(guards: Guards, producer: Readonly<Record<string, unknown>>, seed: string) {
  const result = play(
    {
      guards: { elr: false, ...guards },
      duration: '110s',
      replicas: [1, 2],
      topic: { 'min.insync.replicas': 2 },
      producers: [{ name: 'shop', ...producer }],
      consumers: [{ name: 'billing' }],
      faults: [FOLLOWER_AWAY],
    },
    seed,
  )
  const errors = result.timeline.filter(({ kind }) => kind === 'client-error')
  return { ...result, firstError: errors[0]?.text.split(' ')[0] }
}

/** One record before the follower dies, five while the ISR still names it. */
function writtenBeforeTheShrink(isIdempotent: boolean) {
  const ramp = [
    { at: '5s', rate: '1/s' },
    { at: '6s', rate: '0/s' },
    { at: '11s', rate: '5/s' },
    { at: '12s', rate: '0/s' },
  ]
  return { ramp, config: { 'enable.idempotence': isIdempotent } }
}

describe.each(SEEDS)('D10: min.insync.replicas 2 and one replica left, seed %s', (seed) => {
  it('A: written after the shrink it is refused, and nobody ever reads it', () => {
    const config = { retries: 0, 'enable.idempotence': false }
    const late = { start: '30s', stop: '35s', rate: '1/s', config }
    const { fates, consumerView, firstError } = story({}, late, seed)
    expect(firstError).toBe('NOT_ENOUGH_REPLICAS')
    expect(fates).toMatchObject({ sent: 5, failed: 5, failedAbsent: 5 })
    expect(consumerView).toMatchObject({ delivered: 0, abortedReads: 0 })
  })

  it('B: before 3.7 the watermark passes on one copy and the answer tells of it at once', () => {
    const before = { minIsrGatesHighWatermark: false }
    const { fates, firstError } = story(before, writtenBeforeTheShrink(false), seed)
    expect(firstError).toBe('NOT_ENOUGH_REPLICAS_AFTER_APPEND')
    expect(fates).toMatchObject({ acked: 6, lost: 0, duplicated: 1 })
  })

  it('B: since 3.7 the watermark stands still and the request times out', () => {
    const since = { minIsrGatesHighWatermark: true }
    const { fates, firstError } = story(since, writtenBeforeTheShrink(false), seed)
    expect(firstError).toBe('REQUEST_TIMED_OUT')
    expect(fates).toMatchObject({ acked: 6, lost: 0, duplicated: 1 })
  })

  it('B: in both an idempotent retry is the same record', () => {
    for (const minIsrGatesHighWatermark of [false, true]) {
      const { fates } = story({ minIsrGatesHighWatermark }, writtenBeforeTheShrink(true), seed)
      expect(fates).toMatchObject({ acked: 6, lost: 0, duplicated: 0, reordered: 0 })
    }
  })
})
