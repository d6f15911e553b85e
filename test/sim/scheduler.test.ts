import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EventId, type HandlerId, Scheduler } from '../../src/sim/scheduler.ts'
import { NEVER, SECOND, seconds } from '../../src/sim/time.ts'
import { ReferenceScheduler } from './reference-heap.ts'

/** Delays around every boundary of the wheel: ring, 2^10, 2^20, 2^30 µs, and far beyond. */
const delay = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1_000, max: 1_050 }),
  fc.integer({ min: 1, max: 5_000 }),
  fc.integer({ min: 1_048_000, max: 1_049_000 }),
  fc.integer({ min: 1, max: 50_000_000 }),
  fc.integer({ min: 1_073_741_000, max: 1_073_742_500 }),
  fc.integer({ min: 1, max: 20_000_000_000 }),
)

const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('schedule' as const), delay }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('chain' as const), delay, next: delay }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run' as const), delay }) },
)

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

/** Both schedulers live through the same commands; each keeps a log of (time, label). */
function liveThrough(commands: readonly Command[]): { wheel: string[]; heap: string[] } {
  const wheel: string[] = []
  const heap: string[] = []
  const scheduler = new Scheduler()
  const reference = new ReferenceScheduler()
  const next = new Map<number, number>()
  const ids: { wheel: EventId; heap: number }[] = []
  const handler: HandlerId = scheduler.register((label) => {
    wheel.push(`${scheduler.now} ${label}`)
    const delay = next.get(label)
    if (delay !== undefined) scheduler.schedule(delay, handler, label + 1_000_000)
  })
  const onFire = (label: number, time: number) => {
    heap.push(`${time} ${label}`)
    const delay = next.get(label)
    if (delay !== undefined) reference.schedule(delay, label + 1_000_000)
  }
  const runBoth = (until: number) => {
    scheduler.run(until)
    reference.run(until, onFire)
  }
  commands.forEach((c, label) => {
    if (c.kind === 'run') runBoth(scheduler.now + c.delay)
    else if (c.kind === 'cancel') {
      const id = ids[c.which % Math.max(1, ids.length)]
      if (!id) return
      scheduler.cancel(id.wheel)
      reference.cancel(id.heap)
    } else {
      if (c.kind === 'chain') next.set(label, c.next)
      ids.push({
        wheel: scheduler.schedule(c.delay, handler, label),
        heap: reference.schedule(c.delay, label),
      })
    }
  })
  runBoth(scheduler.now + 50_000_000_000)
  expect(scheduler.pending).toBe(0)
  return { wheel, heap }
}

describe('the scheduler', () => {
  it('fires in the order of a (time, sequence) heap for any mix of commands', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const { wheel, heap } = liveThrough(commands)
        expect(wheel).toEqual(heap)
      }),
      { numRuns: 1_500, seed: 7 },
    )
  })

  it('fires equal times first come first, also across levels of the wheel', () => {
    const scheduler = new Scheduler()
    const seen: number[] = []
    const handler = scheduler.register((label) => seen.push(label))
    scheduler.schedule(1_500, handler, 1)
    scheduler.run(1_100)
    scheduler.schedule(400, handler, 2)
    scheduler.run(1_499)
    scheduler.schedule(1, handler, 3)
    scheduler.run(1_500)
    expect(seen).toEqual([1, 2, 3])
  })

  it('lets events without delay wait for all that is due already', () => {
    const scheduler = new Scheduler()
    const seen: string[] = []
    const late = scheduler.register(() => seen.push('no delay'))
    const handler = scheduler.register((label) => {
      seen.push(`due ${label}`)
      if (label === 1) scheduler.schedule(0, late)
    })
    scheduler.schedule(10, handler, 1)
    scheduler.schedule(10, handler, 2)
    scheduler.run(10)
    expect(seen).toEqual(['due 1', 'due 2', 'no delay'])
  })

  it('keeps a ring of thousands of events without delay in order', () => {
    const scheduler = new Scheduler()
    const seen: number[] = []
    const handler = scheduler.register((label) => {
      seen.push(label)
      if (label < 2_000) scheduler.schedule(0, handler, label + 5_000)
    })
    for (let i = 0; i < 5_000; i++) scheduler.schedule(0, handler, i)
    scheduler.run(0)
    expect(seen).toEqual(Array.from({ length: 7_000 }, (_, i) => i))
  })

  it('cancels once; an id of an event that fired does no harm to its successor', () => {
    const scheduler = new Scheduler()
    let fired = 0
    const handler = scheduler.register(() => fired++)
    const first = scheduler.schedule(5, handler)
    expect(scheduler.cancel(first)).toBe(true)
    expect(scheduler.cancel(first)).toBe(false)
    const second = scheduler.schedule(5, handler)
    expect(scheduler.cancel(first)).toBe(false)
    scheduler.run(5)
    expect(fired).toBe(1)
    const third = scheduler.schedule(0, handler)
    expect(scheduler.cancel(second)).toBe(false)
    expect(scheduler.cancel(third)).toBe(true)
    expect(scheduler.cancel(third)).toBe(false)
    scheduler.run(100)
    expect([fired, scheduler.pending]).toEqual([1, 0])
  })

  it('holds far more events than it started with', () => {
    const scheduler = new Scheduler()
    let last = -1
    const handler = scheduler.register((label) => {
      expect(label).toBe(last + 1)
      last = label
    })
    for (let i = 0; i < 20_000; i++) scheduler.schedule(1 + i * 7, handler, i)
    scheduler.run(NEVER - 1)
    expect(last).toBe(19_999)
  })

  it('keeps the order when events become so many that its windows get narrow', () => {
    const scheduler = new Scheduler()
    const seen: number[] = []
    // What fires says when and in which turn it was scheduled, and once schedules another.
    let turn = 0
    const schedule = (delay: number, isLast: number) =>
      scheduler.post(delay, handler, turn++, isLast, undefined)
    const handler = scheduler.register((sequence, isLast) => {
      seen.push(scheduler.now * 1_000_000 + sequence)
      if (isLast === 0 && sequence % 3 === 0) schedule(1 + ((sequence * 7_919) % 3_000), 1)
    })
    for (let i = 0; i < 2_000; i++) schedule(1 + (i % 900), 0)
    scheduler.run(300)
    for (let i = 0; i < 150_000; i++) schedule(1 + ((i * 7_919) % 1_500_000), 0)
    scheduler.run(seconds(10))
    expect(seen).toHaveLength(152_000 + Math.ceil(152_000 / 3))
    expect(seen.findIndex((one, i) => i > 0 && one < (seen[i - 1] ?? 0))).toBe(-1)
  })

  it('fires a crowded millisecond by time and sequence, what is scheduled in it included', () => {
    const scheduler = new Scheduler()
    const seen: { at: number; sequence: number }[] = []
    let scheduled = 0
    const schedule = (delay: number) => scheduler.schedule(delay, handler, scheduled++)
    const handler = scheduler.register((sequence) => {
      seen.push({ at: scheduler.now, sequence })
      if (sequence < 30_000 && sequence % 2 === 1) schedule(1 + (sequence % 90))
    })
    for (let i = 0; i < 30_000; i++) schedule(4_096 + ((i * 7) % 900))
    scheduler.run(NEVER - 1)
    expect(seen).toHaveLength(45_000)
    expect(seen).toEqual([...seen].sort((a, b) => a.at - b.at || a.sequence - b.sequence))
  })

  it('keeps the order of the rest when thousands of events are cancelled', () => {
    const scheduler = new Scheduler()
    const seen: number[] = []
    const handler = scheduler.register((label) => seen.push(label))
    const delays = [3, 1_500, 2_000_000, 2_000_000_000]
    const kept: number[] = []
    for (let i = 0; i < 40_000; i++) {
      const id = scheduler.schedule(delays[i & 3] ?? 0, handler, i)
      if (i % 100 < 90) scheduler.cancel(id)
      else kept.push(i)
    }
    scheduler.run(3_000_000_000)
    const byTime = delays.flatMap((_, level) => kept.filter((label) => (label & 3) === level))
    expect(seen).toEqual(byTime)
    expect(scheduler.pending).toBe(0)
  })

  it('stops where it is told to: by a budget, by stop(), and step by step', () => {
    const scheduler = new Scheduler()
    const handler = scheduler.register((label) => {
      if (label === 3) scheduler.stop()
    })
    for (let i = 0; i < 6; i++) scheduler.schedule(10 * (i + 1), handler, i)
    scheduler.run(SECOND, 2)
    expect([scheduler.now, scheduler.fired]).toEqual([20, 2])
    scheduler.run(SECOND)
    expect([scheduler.now, scheduler.fired]).toEqual([40, 4])
    expect(scheduler.step()).toBe(true)
    expect(scheduler.now).toBe(50)
    scheduler.run(SECOND)
    expect([scheduler.now, scheduler.step()]).toEqual([SECOND, false])
  })

  it('keeps the payload of each event and no other', () => {
    const scheduler = new Scheduler()
    const seen: unknown[] = []
    const take = (_a: number, _b: number, payload?: string | null) => seen.push(payload)
    const handler = scheduler.register(take)
    scheduler.schedule(1, handler, 0, 0, 'x')
    scheduler.schedule(2, handler)
    scheduler.schedule(2, handler, 0, 0, null)
    scheduler.run(2)
    expect(seen).toEqual(['x', undefined, null])
    // @ts-expect-error: this handler takes texts
    scheduler.schedule(3, handler, 0, 0, 7)
  })

  it('refuses a delay that is no whole number, and an argument beyond 32 bits', () => {
    const scheduler = new Scheduler()
    const handler = scheduler.register(() => {})
    expect(() => scheduler.schedule(0.5, handler)).toThrow(/whole number/)
    expect(() => scheduler.schedule(-1, handler)).toThrow(/whole number/)
    expect(() => scheduler.schedule(Number.NaN, handler)).toThrow(/whole number/)
    expect(() => scheduler.schedule(1, handler, 2 ** 40)).toThrow(/32-bit/)
  })
})

describe('the digest', () => {
  const digestOf = (events: readonly [number, number, number][]) => {
    const scheduler = new Scheduler()
    const handler = scheduler.register(() => {})
    for (const [time, a, b] of events) scheduler.schedule(time, handler, a, b)
    scheduler.run(seconds(5_000))
    return scheduler.digest()
  }

  it('is pinned: a change of it changes every recorded run', () => {
    expect(digestOf([])).toMatchInlineSnapshot(`"2545d1d49e7df250"`)
    expect(
      digestOf([
        [1, 2, 3],
        [4_000_000, -5, 6],
      ]),
    ).toMatchInlineSnapshot(`"8ae9da9b8e04bee6"`)
  })

  it('differs where time, order or an argument does', () => {
    const digests = [
      digestOf([[10, 1, 2]]),
      digestOf([[11, 1, 2]]),
      digestOf([[10, 2, 2]]),
      digestOf([[10, 1, 3]]),
      digestOf([[10, 2, 1]]),
      digestOf([
        [10, 1, 2],
        [10, 1, 2],
      ]),
      digestOf([
        [10, 1, 2],
        [10, 1, 3],
      ]),
      digestOf([
        [10, 1, 3],
        [10, 1, 2],
      ]),
    ]
    expect(new Set(digests).size).toBe(digests.length)
  })

  it('is of the world: it hears nothing of what a process does for itself', () => {
    const digestWith = (inLife: number, inWorld: number) => {
      const scheduler = new Scheduler()
      const handler = scheduler.register((_a, _b, _message: string) => {})
      const life = scheduler.openLife()
      for (let i = 0; i < inLife; i++) scheduler.postIn(life, 5, handler, i, 0, 'work')
      for (let i = 0; i < inWorld; i++) scheduler.post(5, handler, i, 0, 'a message')
      scheduler.run(10)
      return scheduler.digest()
    }
    expect(digestWith(7, 1)).toBe(digestWith(0, 1))
    expect(digestWith(7, 2)).not.toBe(digestWith(7, 1))
  })

  it('knows handlers by their names, whatever else was registered before them', () => {
    const digestOfHandler = (name: string, others: number) => {
      const scheduler = new Scheduler()
      for (let i = 0; i < others; i++) scheduler.register(() => {}, 'another')
      scheduler.post(
        5,
        scheduler.register(() => {}, name),
        1,
        2,
        undefined,
      )
      scheduler.run(10)
      return scheduler.digest()
    }
    expect(digestOfHandler('net/arrive', 300)).toBe(digestOfHandler('net/arrive', 0))
    expect(digestOfHandler('net/syn', 0)).not.toBe(digestOfHandler('net/arrive', 0))
  })

  it('has a hook that names each event before it happens', () => {
    const scheduler = new Scheduler()
    const seen: string[] = []
    scheduler.onFired = (time, name, a, b) => seen.push(`${time} ${name} ${a} ${b}`)
    scheduler.schedule(
      7,
      scheduler.register(() => {}, 'broker/fetch'),
      1,
      2,
    )
    scheduler.run(10)
    expect(seen).toEqual(['7 broker/fetch 1 2'])
  })
})
