import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Congestion } from '../../src/sim/congestion.ts'
import { RandomSource } from '../../src/sim/random.ts'
import { millis, seconds } from '../../src/sim/time.ts'
import { TwoSites } from './two-sites.ts'

const MSS = 1_460

/** How many milliseconds late each of 400 messages was, one at a time and far apart. */
function lateness(bytes: number, lossPpm: number, writes = 1): number[] {
  const sites = new TwoSites({ lossPpm }, `loss ${bytes} ${lossPpm}`)
  const socket = sites.connect()
  sites.run(seconds(300))
  const start = sites.world.now
  for (let i = 0; i < 400; i++) {
    sites.at(start + i * seconds(3), () => socket.send(i, bytes, writes))
  }
  sites.run(start + seconds(1_300))
  return sites.heardByServer.map(
    (r) => (r.at - start - Number(r.message) * seconds(3)) / 1_000 - 25,
  )
}

const percent = (xs: readonly number[], test: (x: number) => boolean) =>
  (xs.filter(test).length / xs.length) * 100

describe('a lost segment', () => {
  it('that was alone costs the retransmission time-out, doubled where the repeat is lost', () => {
    const late = lateness(200, 100_000)
    const repeats = [0, 250, 750, 1_750, 3_750]
    expect(late.every((x) => repeats.includes(x))).toBe(true)
    expect(late.includes(750)).toBe(true)
    expect(percent(late, (x) => x > 0)).toBeGreaterThan(6)
    expect(percent(late, (x) => x > 0)).toBeLessThan(14)
  })

  it('costs 1.25 round trips before another one, a round trip and the time-out behind it', () => {
    const late = lateness(300, 50_000, 2)
    expect(percent(late, (x) => x === 62.5)).toBeGreaterThan(2)
    expect(percent(late, (x) => x === 300)).toBeGreaterThan(2)
    expect(percent(late, (x) => x === 0)).toBeGreaterThan(85)
  })

  it('with three or more behind it costs one round trip', () => {
    const late = lateness(10 * MSS, 10_000)
    expect(percent(late, (x) => x === 50)).toBeGreaterThan(3)
    expect(percent(late, (x) => x === 0)).toBeGreaterThan(70)
  })

  it('at the tail is shown earlier by what the program sends next', () => {
    const lateWith = (next: boolean) => {
      for (let seed = 0; ; seed++) {
        const sites = new TwoSites({ lossPpm: 200_000 }, `tail ${seed}`)
        const socket = sites.connect()
        sites.run(seconds(100))
        if (!socket.open) continue
        const start = sites.world.now
        socket.send('tail', 100)
        if (next) sites.at(start + millis(20), () => socket.send('next', 100))
        sites.run(start + seconds(20))
        const late = ((sites.heardByServer[0]?.at ?? 0) - start) / 1_000 - 25
        if (late > 0 && late < 300) return late
      }
    }
    expect(lateWith(false)).toBe(250)
    expect(lateWith(true)).toBe(20 + 62.5)
  })

  it('never lets one message overtake another, whatever jitter, queue and loss there are', () => {
    // The search found answers that were taken for those of other requests: a lost tail that a
    // later segment rescued, and with it that segment, came before what was sent between the two.
    const links = fc.record({
      jitter: fc.nat(millis(60)),
      lossPpm: fc.integer({ min: 10_000, max: 300_000 }),
      bandwidthBps: fc.constantFrom(0, 1_000_000),
    })
    const message = fc.record({
      wait: fc.nat(millis(80)),
      bytes: fc.integer({ min: 10, max: 9_000 }),
    })
    let heard = 0
    fc.assert(
      fc.property(
        links,
        fc.nat(),
        fc.array(message, { minLength: 20, maxLength: 60 }),
        (link, seed, messages) => {
          const sites = new TwoSites(link, `order ${seed}`)
          const socket = sites.connect()
          sites.run(seconds(300))
          let at = sites.world.now
          for (const [i, { wait, bytes }] of messages.entries()) {
            at += wait
            sites.at(at, () => socket.send(i, bytes))
          }
          sites.run(at + seconds(1_000))
          const order = sites.heardByServer.map((received) => Number(received.message))
          expect(order).toEqual(messages.map((_, i) => i).slice(0, order.length))
          heard += order.length
        },
      ),
      { numRuns: 300, seed: 1 },
    )
    expect(heard).toBeGreaterThan(5_000)
  })

  it('shrinks the window: loss and round trip bound the throughput', () => {
    const throughput = (lossPpm: number) => {
      const sites = new TwoSites({ lossPpm }, 'throughput')
      const socket = sites.connect()
      sites.run(seconds(20))
      for (let i = 0; i < 2_000; i++) socket.send(i, 20 * MSS)
      sites.run(seconds(40))
      return sites.heardByServer.length
    }
    const clean = throughput(0)
    const lossy = throughput(1_000)
    const worse = throughput(10_000)
    expect(clean).toBe(2_000)
    expect(lossy).toBeLessThan(clean / 2)
    expect(worse).toBeLessThan(lossy / 2)
    expect(worse).toBeGreaterThan(20)
  })
})

describe('the congestion window', () => {
  it('grows by what is acknowledged, after a loss by one segment a round trip', () => {
    const congestion = new Congestion('cubic', MSS, 1_000_000, millis(50))
    congestion.grow(10 * MSS)
    expect(congestion.window).toBe(20 * MSS)
    congestion.collapse(false)
    expect(congestion.window).toBe(Math.floor((20 * MSS * 717) / 1_024))
    const before = congestion.window
    congestion.grow(before)
    expect(congestion.window - before).toBeLessThanOrEqual(MSS)
    expect(congestion.window - before).toBeGreaterThan(MSS / 2)
  })

  it('knows its time-out: the round trip and 200 ms, more where round trips vary', () => {
    const congestion = new Congestion('cubic', MSS, 1_000_000, millis(50))
    expect(congestion.rto).toBe(millis(250))
    for (let i = 0; i < 50; i++) congestion.sampleRtt(millis(i % 2 === 0 ? 50 : 450))
    expect(congestion.rto).toBeGreaterThan(millis(800))
  })

  it('draws nothing late where nothing is lost', () => {
    const congestion = new Congestion('cubic', MSS, 1_000_000, millis(50))
    const random = new RandomSource('s').fork('link')
    expect(congestion.drawLoss(random, 0, 100, false)).toBe(0)
  })
})
