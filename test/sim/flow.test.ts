import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CongestionControl } from '../../src/sim/send-window.ts'
import { receiveWindow } from '../../src/sim/tcp.ts'
import { type Micros, millis, seconds } from '../../src/sim/time.ts'
import { TwoSites } from './two-sites.ts'

const MSS = 1_460

/** Milliseconds after `start` at which the server heard each message. */
function hearingTimes(sites: TwoSites, start: Micros): number[] {
  return sites.heardByServer.map((r) => (r.at - start) / 1_000)
}

describe('the window', () => {
  it('starts at ten segments and doubles each round trip', () => {
    for (const [segments, rounds] of [
      [10, 1],
      [11, 2],
      [30, 2],
      [31, 3],
      [70, 3],
      [71, 4],
    ] as const) {
      const sites = new TwoSites()
      const socket = sites.connected()
      socket.send('message', segments * MSS)
      sites.run(seconds(5))
      expect(hearingTimes(sites, millis(100))).toEqual([25 + (rounds - 1) * 50])
    }
  })

  it.each([
    ['1,500 bytes: 5/8 of twice the buffer', 1_500, 81_920],
    ['9,000 bytes: a little more', 9_000, 89_600],
  ])('of a receive buffer set to 64 KiB, where packets have %s', (_what, mtu, window) => {
    expect(receiveWindow(65_536, mtu)).toBe(window)
    const sites = new TwoSites({ mtu })
    sites.listen({ receiveBuffer: 65_536 })
    const socket = sites.connected()
    for (let i = 0; i < 2_000; i++) socket.send(i, 10_000)
    sites.run(seconds(10))
    const heard = sites.heardByServer.filter((r) => r.at > seconds(2)).length
    const bytesPerSecond = (heard * 10_000) / 8
    expect(bytesPerSecond / (window / 0.05)).toBeGreaterThan(0.9)
    expect(bytesPerSecond / (window / 0.05)).toBeLessThan(1.01)
  })

  it('of the smaller buffer counts, the sender’s too: twice what the program set', () => {
    const sites = new TwoSites()
    sites.listen({ receiveBuffer: 1_000_000 })
    const socket = sites.connected({ sendBuffer: 7_300 })
    for (let i = 0; i < 100; i++) socket.send(i, 14_600)
    sites.run(seconds(2))
    expect(sites.heardByServer.length).toBe(1 + Math.floor((2_000 - 125) / 50))
  })

  it('shrinks again when the connection was idle for long', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    const took = (idle: Micros) => {
      sites.run(sites.world.now + idle)
      const start = sites.world.now
      socket.send('big', 640 * MSS)
      sites.run(start + seconds(5))
      return ((sites.heardByServer.at(-1)?.at ?? 0) - start) / 1_000
    }
    expect(took(0)).toBe(25 + 6 * 50)
    expect(took(seconds(60))).toBe(25 + 6 * 50)
    const sites2 = new TwoSites()
    const busy = sites2.connected()
    busy.send('warm', 640 * MSS)
    sites2.run(millis(500))
    busy.send('again', 640 * MSS)
    sites2.run(seconds(5))
    expect(sites2.heardByServer.at(-1)?.at).toBe(millis(525))
  })
})

describe('a link of limited bandwidth', () => {
  it('sends one message after the other, whoever they belong to', () => {
    const sites = new TwoSites({ bandwidthBps: 8_000_000 })
    const first = sites.connected()
    const second = sites.connected()
    const start = sites.world.now
    first.send('a', 948)
    second.send('b', 948)
    first.send('c', 1_948)
    sites.run(seconds(5))
    // 948 bytes and a header of 52 are 1 ms at 1 MB/s; the third needs two headers.
    expect(hearingTimes(sites, start)).toEqual([26, 27, 29.052])
  })

  it('is filled by one connection whose window is large enough', () => {
    const sites = new TwoSites({ bandwidthBps: 80_000_000 })
    sites.listen({ receiveBuffer: 1_000_000 })
    const socket = sites.connected()
    for (let i = 0; i < 3_000; i++) socket.send(i, 14_600)
    sites.run(seconds(4))
    const heard = sites.heardByServer.filter((r) => r.at > seconds(2)).length
    const share = (heard * 14_600) / 2 / 10_000_000
    expect(share).toBeGreaterThan(0.93)
    expect(share).toBeLessThan(0.97)
  })

  it('does not let a bulk flow build a queue of seconds before everybody else', () => {
    const sites = new TwoSites({ bandwidthBps: 8_000_000 })
    const bulk = sites.connected()
    const other = sites.connected()
    for (let i = 0; i < 1_000; i++) bulk.send(i, 20_000)
    const late: number[] = []
    for (let t = 5; t < 15; t++) {
      sites.at(seconds(t), () => other.send(`at ${t}`, 100))
    }
    sites.run(seconds(16))
    for (const { at, message } of sites.heardByServer) {
      const sent = /^at (\d+)$/.exec(String(message))?.[1]
      if (sent !== undefined) late.push(at - seconds(Number(sent)))
    }
    expect(late).toHaveLength(10)
    expect(Math.max(...late)).toBeLessThan(millis(500))
    const heard = sites.heardByServer.filter((r) => r.at > seconds(5)).length
    expect((heard * 20_000) / 11_000_000).toBeGreaterThan(0.9)
  })

  it('is shared evenly enough by two', () => {
    const sites = new TwoSites({ bandwidthBps: 80_000_000 })
    sites.listen({ receiveBuffer: 1_000_000 })
    const sockets = [0, 1].map(() => sites.connected())
    for (let i = 0; i < 3_000; i++) for (const [n, socket] of sockets.entries()) socket.send(n, MSS)
    sites.run(seconds(1))
    const ofFirst = sites.heardByServer.filter((r) => r.message === 0).length
    expect(ofFirst / sites.heardByServer.length).toBeGreaterThan(0.4)
    expect(ofFirst / sites.heardByServer.length).toBeLessThan(0.6)
  })
})

describe('a black hole', () => {
  it.each([
    [0.2, 0.284],
    [0.3, 0.54],
    [0.8, 1.052],
    [1.8, 2.076],
    [3.8, 4.252],
    [7.8, 8.348],
    [15.8, 16.54],
    [16.6, 34.716],
  ])('that heals after %f s is felt by the retry at %f s', (heal, retry) => {
    const sites = new TwoSites()
    const socket = sites.connected()
    const undo = sites.cut()
    socket.send('kept', 100)
    sites.at(millis(100) + seconds(heal), undo)
    sites.run(seconds(100))
    expect(hearingTimes(sites, millis(100))).toEqual([Math.round(retry * 1_000) + 25])
  })

  it('lets arrive what has left, and keeps all that follows in order behind it', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    for (let i = 0; i < 40; i++) sites.at(millis(100 + 5 * i), () => socket.send(i, 700))
    let undo = () => {}
    sites.at(millis(141), () => {
      undo = sites.cut()
    })
    sites.at(millis(600), () => undo())
    sites.run(seconds(10))
    expect(sites.heardByServer.map((r) => r.message)).toEqual(
      Array.from({ length: 40 }, (_, i) => i),
    )
    // Sent up to 140 ms: on their way at the cut, and they arrive; no acknowledgement of what
    // arrives after the cut comes back. All that is sent into the dark puts the probe off, to
    // 352 ms at most; the time-out that runs from there ends at 608 ms. Two messages fit into the
    // one segment of the window after a time-out, then it doubles.
    const times = hearingTimes(sites, 0)
    expect(times.slice(0, 11)).toEqual([125, 130, 135, 140, 145, 150, 155, 160, 165, 633, 633])
    expect(times[11]).toBe(683)
  })

  it('of a few milliseconds lets nothing that comes after it overtake what it swallowed', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    for (let i = 0; i < 20; i++) sites.at(millis(100 + i), () => socket.send(i, 100))
    sites.at(millis(105.5), () => {
      const undo = sites.cut()
      sites.at(millis(107.5), undo)
    })
    sites.run(seconds(10))
    expect(sites.heardByServer.map((r) => r.message)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    )
    expect(hearingTimes(sites, 0)[5]).toBe(130)
    // Two round trips after the last was sent, the probe.
    expect(hearingTimes(sites, 0)[6]).toBeGreaterThan(220)
  })

  it('over a long queue waits for what is still in it', () => {
    const sites = new TwoSites({ bandwidthBps: 80_000 })
    const socket = sites.connected()
    for (let i = 0; i < 9; i++) sites.at(millis(100 + i), () => socket.send(i, 1_400))
    sites.at(millis(260), () => {
      const undo = sites.cut()
      sites.at(millis(280), undo)
    })
    sites.run(seconds(60))
    expect(sites.heardByServer.map((r) => r.message)).toEqual(
      Array.from({ length: 9 }, (_, i) => i),
    )
  })

  it('one way for acknowledgements alone: data gets through, once, until the time-out', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    const undo = sites.cut(sites.server.host)
    for (let i = 0; i < 50; i++) sites.at(millis(100 + 10 * i), () => socket.send(i, 100))
    sites.at(seconds(1.5), undo)
    sites.run(millis(599))
    const early = sites.heardByServer.length
    expect(early).toBeGreaterThanOrEqual(25)
    expect(early).toBeLessThan(30)
    sites.run(seconds(20))
    expect(sites.heardByServer.map((r) => r.message)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    )
  })

  it('one way for data alone: the other direction goes on', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    sites.cut(sites.client.host)
    socket.send('lost', 10)
    sites.serverSockets[0]?.send('heard', 10)
    sites.run(seconds(5))
    expect(sites.heardByServer).toEqual([])
    expect(sites.heardByClient.map((r) => r.message)).toEqual(['heard'])
  })
})

describe('a rule', () => {
  it('may delay; the first verdict that is not pass counts', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    sites.world.network.addRule({ name: 'pass', test: () => 'pass' })
    const undo = sites.world.network.addRule({ name: 'slow', test: () => ({ delay: millis(100) }) })
    sites.world.network.addRule({ name: 'never asked', test: () => 'drop' })
    socket.send('late', 10)
    sites.run(seconds(1))
    expect(hearingTimes(sites, millis(100))).toEqual([125])
    undo()
    socket.send('lost', 10)
    sites.run(seconds(2))
    expect(sites.heardByServer.length).toBe(1)
  })

  it('does not cut a host off from itself', () => {
    const sites = new TwoSites()
    const neighbour = sites.world.addProcess('neighbour', sites.client.host)
    let opened = false
    neighbour.start()
    sites.run(1)
    sites.world.network.listen(neighbour, () => ({ onOpen() {}, onMessage() {}, onClose() {} }))
    sites.cut()
    sites.world.network.connect(sites.client, neighbour, {
      onOpen: () => {
        opened = true
      },
      onMessage() {},
      onClose() {},
    })
    sites.run(seconds(1))
    expect(opened).toBe(true)
  })
})

interface Weather {
  readonly jitterMs: number
  readonly lossPpm: number
  readonly bandwidthBps: number
  readonly congestionControl: CongestionControl
  readonly receiveBuffer: number
  readonly sends: readonly { readonly at: number; readonly bytes: number }[]
  readonly cuts: readonly { readonly from: number; readonly lasts: number; readonly way: number }[]
  readonly pauses: readonly { readonly from: number; readonly lasts: number }[]
}

/** Often all at about the same time, so that the short meets the short. */
const moment = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 4_000 }))
const duration = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 3_000 }))

const weather: fc.Arbitrary<Weather> = fc.record({
  jitterMs: fc.constantFrom(0, 5, 60),
  lossPpm: fc.constantFrom(0, 0, 10_000, 200_000),
  bandwidthBps: fc.constantFrom(0, 0, 1_000_000, 100_000_000),
  congestionControl: fc.constantFrom('cubic', 'bbr'),
  receiveBuffer: fc.constantFrom(8_192, 65_536, 6_000_000),
  sends: fc.array(
    fc.record({
      at: moment,
      bytes: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 120_000 })),
    }),
    { maxLength: 60 },
  ),
  cuts: fc.array(
    fc.record({
      from: moment,
      lasts: duration,
      way: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 4 },
  ),
  pauses: fc.array(
    fc.record({
      from: moment,
      lasts: duration,
    }),
    { maxLength: 2 },
  ),
})

describe('a connection', () => {
  it('delivers each message once and in order, whatever the weather, until it is closed', () => {
    fc.assert(
      fc.property(weather, (w) => {
        const sites = new TwoSites({
          jitter: millis(w.jitterMs),
          lossPpm: w.lossPpm,
          bandwidthBps: w.bandwidthBps,
        })
        sites.world.network.congestionControl = w.congestionControl
        sites.listen({ receiveBuffer: w.receiveBuffer })
        const socket = sites.connect()
        sites.run(seconds(200))
        const start = sites.world.now
        const sends = [...w.sends].sort((x, y) => x.at - y.at)
        sends.forEach((send, i) => {
          sites.at(start + millis(send.at), () => socket.send(i, send.bytes))
        })
        for (const cut of w.cuts) {
          const from = [undefined, sites.client.host, sites.server.host][cut.way]
          sites.at(start + millis(cut.from), () => {
            const undo = sites.cut(from)
            sites.at(sites.world.now + millis(cut.lasts), undo)
          })
        }
        for (const pause of w.pauses) {
          sites.at(start + millis(pause.from), () => sites.server.pause())
          sites.at(start + millis(pause.from + pause.lasts), () => sites.server.resume())
        }
        sites.run(start + seconds(900))
        expect(sites.heardByServer.map((r) => r.message)).toEqual(sends.map((_, i) => i))
        expect(sites.world.scheduler.pending).toBe(0)
      }),
      { numRuns: 300, seed: 11 },
    )
  })
})
