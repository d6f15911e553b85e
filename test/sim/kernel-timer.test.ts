import { describe, expect, it } from 'vitest'
import { kernelTimer } from '../../src/sim/kernel-timer.ts'
import { Retransmission } from '../../src/sim/retransmission.ts'
import { synWait } from '../../src/sim/tcp.ts'
import { millis, seconds } from '../../src/sim/time.ts'

/** Moments in ms of the attempts that follow one another, each timed from the one before. */
function momentsOf(first: number, count: number, next: (now: number, i: number) => number) {
  const moments = [first]
  for (let i = 0; i < count; i++) moments.push(next(moments[i] ?? 0, i))
  return moments.map((at) => Math.round(at / 1_000))
}

// The moments were taken from packets on Linux 6.18 (CONFIG_HZ=250, round trips of 50 ms).
describe('a timer of the kernel', () => {
  it('fires where its wheel has a slot, later the longer the wait: SYNs of one attempt', () => {
    // Between the second SYN and the seventh, then the eighth.
    const seen = [1_024, 1_024, 1_024, 1_024, 2_016, 4_092]
    const first = kernelTimer(millis(245_656), synWait(0))
    const moments = momentsOf(first, 6, (now, i) => kernelTimer(now, synWait(i + 1)))
    const waits = moments.slice(1).map((at, i) => at - (moments[i] ?? 0))
    expect(waits.slice(0, 5)).toEqual(seen.slice(0, 5))
    expect(Math.abs((waits[5] ?? 0) - (seen[5] ?? 0))).toBeLessThan(256)
  })

  it('never fires early, and at most one slot late', () => {
    for (const [wait, slot] of [
      [millis(10), millis(4)],
      [millis(240), millis(4)],
      [millis(252), millis(32)],
      [seconds(2), millis(32)],
      [seconds(4), millis(256)],
      [seconds(16), millis(256)],
      [seconds(32), millis(2_048)],
    ] as const) {
      for (let now = 0; now < millis(50); now += 777) {
        const late = kernelTimer(now, wait) - now - wait
        expect(late).toBeGreaterThan(-millis(4))
        expect(late).toBeLessThanOrEqual(slot + millis(4))
      }
    }
  })
})

describe('a retransmission into the dark', () => {
  // First sent, then as seen: 0, 271, 559, 1103, 2160, 4303, 8655, 17107 ms later.
  it('of a single segment: a probe, then the time-out, doubled from there', () => {
    const retransmission = new Retransmission()
    const rto = millis(252)
    const first = retransmission.first(0, millis(52), rto, 1)
    const moments = momentsOf(first, 6, (now) => retransmission.next(now, rto) ?? 0)
    const seen = [271, 559, 1_103, 2_160, 4_303, 8_655, 17_107]
    const slots = [32, 64, 96, 128, 384, 640, 896]
    for (const [i, at] of moments.entries()) {
      expect(Math.abs(at - (seen[i] ?? 0))).toBeLessThanOrEqual(slots[i] ?? 0)
    }
  })

  // As seen: 0, 116, 404, 944, 2000, 4080, 8436, 16880 ms later.
  it('of three segments: the probe comes after two round trips', () => {
    const retransmission = new Retransmission()
    const rto = millis(252)
    const first = retransmission.first(0, millis(52), rto, 3)
    const moments = momentsOf(first, 6, (now) => retransmission.next(now, rto) ?? 0)
    const seen = [116, 404, 944, 2_000, 4_080, 8_436, 16_880]
    const slots = [12, 44, 76, 108, 364, 620, 876]
    for (const [i, at] of moments.entries()) {
      expect(Math.abs(at - (seen[i] ?? 0))).toBeLessThanOrEqual(slots[i] ?? 0)
    }
  })

  it('is given up after about fifteen minutes', () => {
    const retransmission = new Retransmission()
    let now = retransmission.first(0, millis(50), millis(250), 1)
    for (;;) {
      const next = retransmission.next(now, millis(250))
      if (next === null) break
      now = next
    }
    expect(now).toBeGreaterThan(seconds(924))
    expect(now).toBeLessThan(seconds(1_000))
  })
})
