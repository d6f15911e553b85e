import { describe, expect, it } from 'vitest'
import { Disk, type DiskWait, type Durable } from '../../src/sim/disk.ts'
import type { Random } from '../../src/sim/random.ts'
import { millis, SECOND, seconds } from '../../src/sim/time.ts'
import { World } from '../../src/sim/world.ts'

const SPEC = {
  bytesPerSecond: 100_000_000,
  fsyncLatency: millis(1),
  fsyncJitter: 0,
  dirtyBytesMax: 10_000_000,
}

function disk(): { disk: Disk; clock: { now: number } } {
  const clock = { now: 0 }
  const random = new World({ seed: 'disk' }).random.fork('disk')
  return { disk: new Disk(() => clock.now, random, SPEC), clock }
}

/** Somebody whom the disk keeps waiting. */
class Wait implements DiskWait {
  deadline = 0
  readonly #clock: { readonly now: number }

  constructor(clock: { readonly now: number }) {
    this.#clock = clock
  }

  arm(delay: number): void {
    this.deadline = this.#clock.now + delay
  }
}

/** Ten entries, of which `flushed` are on the medium. */
class Journal implements Durable {
  entries = 10
  flushed = 4

  powerLoss(random: Random): void {
    this.entries = random.int(this.flushed, this.entries)
  }

  wipe(): void {
    this.entries = 0
    this.flushed = 0
  }
}

describe('a disk', () => {
  it('takes a write at once and flushes at its sequential throughput', () => {
    const { disk: d, clock } = disk()
    expect(d.write(1_000_000)).toBe(0)
    expect(d.fsync()).toBe(millis(10 + 1))
    clock.now = millis(10)
    expect(d.fsync(100_000)).toBe(millis(1 + 1))
  })

  it('makes writers wait once too much is unwritten', () => {
    const { disk: d } = disk()
    expect(d.write(10_000_000)).toBe(0)
    expect(d.write(5_000_000)).toBe(millis(50))
  })

  it('draws its jitter within bounds', () => {
    const random = new World({ seed: 'disk' }).random.fork('disk')
    const d = new Disk(() => 0, random, { ...SPEC, fsyncJitter: millis(2) })
    const latencies = new Set(Array.from({ length: 200 }, () => d.fsync()))
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(millis(1))
    expect(Math.max(...latencies)).toBeLessThanOrEqual(millis(3))
    expect(latencies.size).toBeGreaterThan(100)
  })

  it('is slow while a fault says so, and as fast as before afterwards', () => {
    const { disk: d, clock } = disk()
    const undoFactor = d.slow({ factor: 10 })
    const undoLatency = d.slow({ latency: millis(3) })
    expect(d.fsync(1_000_000)).toBe(millis(100 + 10 + 3))
    clock.now = SECOND
    undoFactor()
    expect(d.fsync()).toBe(millis(1 + 3))
    undoLatency()
    undoLatency()
    expect(d.fsync()).toBe(millis(1))
  })

  it('gets done sooner, when it is fast again, what it began while it was slow', () => {
    const { disk: d, clock } = disk()
    const undo = [d.slow({ factor: 10 }), d.slow({ factor: 100 })] as const
    const wait = new Wait(clock)
    wait.arm(d.fsync())
    d.keepsWaiting(wait)
    expect(wait.deadline).toBe(SECOND)
    clock.now = millis(500)
    undo[0]()
    expect(wait.deadline).toBe(millis(500 + 50))
    undo[1]()
    expect(wait.deadline).toBe(millis(500 + 0.5))
    undo[1]()
    expect(wait.deadline).toBe(millis(500 + 0.5))
  })

  it('leaves alone what waits for something else by then', () => {
    const { disk: d, clock } = disk()
    const undo = d.slow({ factor: 10 })
    const [over, other] = [new Wait(clock), new Wait(clock)]
    for (const wait of [over, other]) {
      wait.arm(d.fsync())
      d.keepsWaiting(wait)
    }
    clock.now = millis(2)
    other.arm(SECOND)
    clock.now = millis(20)
    undo()
    expect([over.deadline, other.deadline]).toEqual([millis(10), millis(2) + SECOND])
  })

  it('writes out sooner what is queued, too', () => {
    const { disk: d, clock } = disk()
    const undo = d.slow({ factor: 100 })
    d.write(1_000_000)
    clock.now = millis(500)
    undo()
    expect(d.fsync()).toBe(millis(5 + 1))
  })

  it('survives a process crash whole, a power loss from the flush point, its own loss not', () => {
    const lengths = new Set<number>()
    for (let seed = 0; seed < 100; seed++) {
      const world = new World({ seed: `power ${seed}` })
      const host = world.addHost('h', world.addZone('z', world.addRegion('r')))
      const process = world.addProcess('p', host)
      const journal = new Journal()
      host.disk.register(journal)
      process.start()
      world.scheduler.run(seconds(1))
      process.crash()
      expect(journal.entries).toBe(10)
      host.powerLoss()
      expect(host.up).toBe(false)
      lengths.add(journal.entries)
      host.disk.lose()
      expect(journal.entries).toBe(0)
    }
    expect([...lengths].sort((x, y) => x - y)).toEqual([4, 5, 6, 7, 8, 9, 10])
  })
})
