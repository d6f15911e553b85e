import { describe, expect, it } from 'vitest'
import { strike, ToyWorld } from './toy-world.ts'

describe('an injector', () => {
  it('takes one timetable after the other, each from its own moment, with ids of its own', () => {
    const toy = new ToyWorld()
    const injector = toy.inject([strike(3, 'pause', { target: 'r1/broker-1' }, 1)])
    toy.run(10)
    injector.schedule([strike(3, 'pause', { target: 'same' }, 1)])
    toy.run(20)
    expect(toy.log).toEqual([
      '3 strikes fault-1 r1/broker-1',
      '4 heals fault-1 r1/broker-1',
      '13 strikes 2/fault-1 r1/broker-1',
      '14 heals 2/fault-1 r1/broker-1',
    ])
  })

  it('draws anew for each timetable, and the same again in another run of the same seed', () => {
    const draw = (): (number | undefined)[] => {
      const toy = new ToyWorld()
      const event = { ...strike(1, 'pause', { target: 'r1/broker-1' }), at: [0, 1e9] as const }
      const injector = toy.inject([])
      return [1, 2, 3].map(() => injector.schedule([event])[0]?.at)
    }
    expect(new Set(draw()).size).toBe(3)
    expect(draw()).toEqual(draw())
  })

  it('resolves a role when the fault strikes, not when it is scheduled', () => {
    const toy = new ToyWorld()
    toy.inject([strike(3, 'pause', { target: 'active controller' })])
    toy.run(2)
    toy.controller = 'r3/controller-1'
    toy.run(4)
    expect(toy.down()).toEqual(['r3/controller-1 paused'])
  })

  it('leaves no rule in the network when everything has healed', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'isolate', { target: 'region r1' }, 5)])
    toy.run(2)
    expect(toy.world.network.rules.inForce).toBe(true)
    toy.run(7)
    expect(toy.world.network.rules.inForce).toBe(false)
  })
})
