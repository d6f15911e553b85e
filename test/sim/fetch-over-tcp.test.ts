import { describe, expect, it } from 'vitest'
import type { CongestionControl } from '../../src/sim/send-window.ts'
import { type Micros, millis, seconds } from '../../src/sim/time.ts'
import { World } from '../../src/sim/world.ts'

const MEBIBYTE = 1_048_576

/**
 * Measured on Linux 6.18 between two network namespaces joined by TUN devices, whose packets a
 * program delayed: a client with SO_RCVBUF 65,536 asks with 100 bytes; after 3 ms the server, with
 * SO_SNDBUF 102,400, writes a head of 60 bytes, the answer, and a tail of 3 bytes; 1 ms after all
 * of it is there the client asks again. Median time from question to question, ms, once it is
 * steady; the programs themselves take 0.6 of them.
 */
const MEASURED: readonly (readonly [CongestionControl, number, number, number, number, number])[] =
  [
    // control, round trip ms, answer bytes, packet bytes, Mbit/s (0: no limit), ms
    ['cubic', 20, 16_205, 1_500, 0, 25],
    ['cubic', 60, 16_205, 1_500, 0, 64.8],
    ['cubic', 20, 65_300, 9_000, 0, 24.7],
    ['cubic', 60, 65_300, 9_000, 0, 64.8],
    ['cubic', 20, 130_300, 1_500, 0, 45.2],
    ['cubic', 60, 130_300, 1_500, 0, 125.2],
    ['cubic', 20, 130_300, 9_000, 0, 45],
    ['cubic', 60, 130_300, 9_000, 0, 126],
    ['cubic', 50, MEBIBYTE, 9_000, 0, 614],
    ['cubic', 50, MEBIBYTE, 1_500, 16, 743],
    ['cubic', 50, MEBIBYTE, 9_000, 16, 738],
    ['bbr', 20, 16_205, 1_500, 0, 32.4],
    ['bbr', 60, 16_205, 1_500, 0, 85.4],
    ['bbr', 20, 16_205, 9_000, 0, 26.5],
    ['bbr', 60, 16_205, 9_000, 0, 69.7],
    ['bbr', 20, 65_300, 1_500, 0, 35.5],
    ['bbr', 60, 65_300, 1_500, 0, 94.8],
    ['bbr', 20, 65_300, 9_000, 0, 29.8],
    ['bbr', 60, 65_300, 9_000, 0, 78.5],
    ['bbr', 20, 130_300, 1_500, 0, 59.2],
    ['bbr', 60, 130_300, 1_500, 0, 163.1],
    ['bbr', 20, 130_300, 9_000, 0, 55],
    ['bbr', 60, 130_300, 9_000, 0, 151.8],
    ['bbr', 50, MEBIBYTE, 1_500, 0, 721],
    ['bbr', 50, MEBIBYTE, 9_000, 0, 650.5],
    ['bbr', 50, MEBIBYTE, 1_500, 16, 740.5],
    ['bbr', 50, MEBIBYTE, 9_000, 16, 753],
  ]

const ROUNDS = 40
const STEADY_FROM = 25
const PROGRAMS_MS = 0.6

/** Time from one question to the next, of the last ones. */
function cycleMs(
  control: CongestionControl,
  rtt: number,
  bytes: number,
  mtu: number,
  megabits: number,
): number {
  const world = new World({ seed: 'fetch' })
  const { network } = world
  network.congestionControl = control
  const here = world.addZone('here', world.addRegion('r1'))
  const there = world.addZone('there', world.addRegion('r2'))
  const bandwidthBps = megabits * 1_000_000
  const link = { delay: millis(rtt / 2), jitter: 0, lossPpm: 0, bandwidthBps, mtu }
  network.setLink(here, there, link)
  network.setLink(there, here, link)
  const server = world.addProcess('server', world.addHost('h1', here))
  const client = world.addProcess('client', world.addHost('h2', there))
  const later = (delay: Micros, run: () => void) =>
    world.scheduler.schedule(delay, world.scheduler.register(run))
  server.onBoot = () =>
    network.listen(
      server,
      () => ({
        onOpen() {},
        onMessage: (socket) => later(millis(3), () => socket.send('answer', bytes + 63, 3)),
        onClose() {},
      }),
      { sendBuffer: 102_400, receiveBuffer: 102_400 },
    )
  server.start()
  client.start()
  world.scheduler.run(0)
  const asked: Micros[] = []
  const ask = (socket: { send(message: unknown, bytes: number): void }) => {
    asked.push(world.now)
    if (asked.length <= ROUNDS) socket.send('question', 100)
  }
  network.connect(
    client,
    server,
    {
      onOpen: ask,
      onMessage: (socket) => later(millis(1), () => ask(socket)),
      onClose() {},
    },
    { receiveBuffer: 65_536 },
  )
  world.scheduler.run(seconds(600))
  const span = (asked[ROUNDS] ?? 0) - (asked[STEADY_FROM] ?? 0)
  return span / 1_000 / (ROUNDS - STEADY_FROM)
}

describe('a fetch after the other takes as long as over Linux’s TCP, within 8 %', () => {
  it.each(MEASURED)('%s, %d ms, %d bytes, packets of %d, %d Mbit/s: %d ms', (...row) => {
    const [control, rtt, bytes, mtu, megabits, measured] = row
    const ratio = (cycleMs(control, rtt, bytes, mtu, megabits) + PROGRAMS_MS) / measured
    expect(ratio).toBeGreaterThan(0.92)
    expect(ratio).toBeLessThan(1.08)
  })
})
