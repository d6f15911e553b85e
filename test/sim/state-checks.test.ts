import { describe, expect, test } from 'vitest'
import { invariant } from '../../src/sim/invariant.ts'
import { areDistinct, ascends, assertStatesWhole, checkStates } from '../../src/sim/state-checks.ts'
import { World } from '../../src/sim/world.ts'

/** A process that counts to ten, an event a microsecond, and says so of its memory. */
function counting() {
  const world = new World({ seed: 'checks' })
  const host = world.addHost('h', world.addZone('z', world.addRegion('r')))
  const process = world.addProcess('p', host)
  const state = { count: 0, looks: 0, max: 10 }
  process.onBoot = () => {
    const tick = process.handler(() => state.count++)
    for (let at = 1; at <= 10; at++) process.after(at, tick)
    process.memory.add({
      assertWhole() {
        state.looks++
        invariant(state.count <= state.max, 'a counter stays below its limit', { ...state })
      },
    })
  }
  process.start()
  return { world, process, state }
}

describe('checks of state', () => {
  test('a plain run makes none', () => {
    const { world, state } = counting()
    world.scheduler.run(20)
    expect([state.count, state.looks, world.scheduler.onFired]).toEqual([10, 0, null])
  })

  test('are made before each event, or each so many', () => {
    for (const [every, looks] of [
      [1, 10],
      [2, 5],
      [4, 2],
    ] as const) {
      const { world, state } = counting()
      checkStates(world, every)
      world.scheduler.run(20)
      expect([every, state.looks]).toEqual([every, looks])
    }
  })

  test('leave whoever else watches the events what it saw', () => {
    const { world } = counting()
    const seen: number[] = []
    world.scheduler.onFired = (time) => seen.push(time)
    checkStates(world, 3)
    world.scheduler.run(20)
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('stop the run at the event after the one that broke something', () => {
    const { world, state } = counting()
    state.max = 6
    checkStates(world, 1)
    expect(() => world.scheduler.run(20)).toThrow(
      'a counter stays below its limit (count: 7, looks: 8, max: 6) in p, at 8 µs, before event 9',
    )
  })

  test('let other errors pass as they are', () => {
    const { world, process } = counting()
    world.scheduler.run(0)
    process.memory.add({
      assertWhole() {
        throw new TypeError('a bug of the check')
      },
    })
    expect(() => assertStatesWhole(world)).toThrow(new TypeError('a bug of the check'))
  })

  test('forget what an ended process had in memory', () => {
    const { world, process, state } = counting()
    world.scheduler.run(3)
    process.crash()
    state.max = 0
    assertStatesWhole(world)
    expect(process.memory.size).toBe(0)
  })

  test('need some event between two looks', () => {
    expect(() => checkStates(counting().world, 0)).toThrow('states are checked after some event')
  })
})

test('what ascends grows with each step', () => {
  expect(() => ascends([-1, 0, 7], 'in order')).not.toThrow()
  for (const numbers of [[1, 1], [2, 1], [Number.NaN]]) {
    expect(() => ascends(numbers, 'in order')).toThrow('in order')
  }
})

test('what is distinct stands once', () => {
  expect(() => areDistinct(['a', 'b'], 'each once')).not.toThrow()
  expect(() => areDistinct(['a', 'b', 'a'], 'each once')).toThrow('each once (items: 3)')
})
