import { describe, expect, it } from 'vitest'
import { strike, ToyWorld } from './toy-world.ts'

describe('a crash', () => {
  it('of a process ends it at its moment and starts it a JVM start after it heals', () => {
    const toy = new ToyWorld()
    toy.inject([strike(3, 'crash', { target: 'r1/broker-1' }, 5)])
    toy.run(4)
    expect(toy.down()).toEqual(['r1/broker-1 stopped'])
    expect(toy.disks.get('r1/broker-1')).toMatchObject({ lost: 0, wiped: 0 })
    toy.run(20)
    expect(toy.boots).toEqual(['10 r1/broker-1'])
    expect(toy.log).toEqual(['3 strikes fault-1 r1/broker-1', '8 heals fault-1 r1/broker-1'])
  })

  it('by power loses what was not flushed, and the host is dark until it heals', () => {
    const toy = new ToyWorld()
    toy.inject([strike(3, 'crash', { target: 'r1/broker-1', model: 'power' }, 5)])
    toy.run(4)
    expect(toy.host('r1/broker-1').up).toBe(false)
    expect(toy.disks.get('r1/broker-1')).toMatchObject({ lost: 1, wiped: 0 })
    toy.run(20)
    expect(toy.host('r1/broker-1').up).toBe(true)
    expect(toy.state('r1/broker-1')).toBe('running')
  })

  it('with its disk comes back empty', () => {
    const toy = new ToyWorld()
    toy.inject([strike(3, 'crash', { target: 'r1/broker-1', model: 'disk' }, 5)])
    toy.run(4)
    expect(toy.host('r1/broker-1').up).toBe(true)
    expect(toy.disks.get('r1/broker-1')).toMatchObject({ lost: 0, wiped: 1 })
  })

  it('without an end leaves the process down', () => {
    const toy = new ToyWorld()
    toy.inject([strike(3, 'crash', { target: 'active controller' })])
    toy.run(1_000)
    expect(toy.down()).toEqual(['r1/controller-1 stopped'])
  })

  it('of a role that nobody holds strikes nobody, and says so', () => {
    const toy = new ToyWorld()
    toy.controller = null
    toy.inject([strike(3, 'crash', { target: 'active controller' }, 1)])
    toy.run(10)
    expect(toy.down()).toEqual([])
    expect(toy.log).toEqual(['3 strikes fault-1 '])
  })
})

describe('overlapping faults', () => {
  it('keep a process down until the last of them heals', () => {
    const toy = new ToyWorld()
    toy.inject([
      strike(1, 'crash', { target: 'r1/broker-1' }, 4, 'fault-1'),
      strike(2, 'region-loss', { target: 'region r1' }, 10, 'fault-2'),
    ])
    toy.run(11)
    expect(toy.down()).toHaveLength(3)
    toy.run(20)
    expect(toy.boots).toEqual(['14 r1/broker-1', '14 r1/broker-2', '14 r1/controller-1'])
  })

  it('do not bring back what a fault without an end took away', () => {
    const toy = new ToyWorld()
    toy.inject([
      strike(1, 'crash', { target: 'r1/broker-1' }, null, 'fault-1'),
      strike(2, 'host-loss', { target: 'r1/broker-1' }, 3, 'fault-2'),
    ])
    toy.run(60)
    expect(toy.host('r1/broker-1').up).toBe(true)
    expect(toy.down()).toEqual(['r1/broker-1 stopped'])
  })

  it('end when everything is healed at once', () => {
    const toy = new ToyWorld()
    const injector = toy.inject([
      strike(1, 'crash', { target: 'r1/broker-1' }, null, 'fault-1'),
      strike(2, 'isolate', { target: 'region r2' }, null, 'fault-2'),
      strike(3, 'pause', { target: 'r3/broker-1' }, null, 'fault-3'),
    ])
    toy.run(5)
    expect(toy.path('r2/broker-1', 'r1/broker-2')).toBe('xx')
    injector.healAll()
    toy.run(10)
    expect(toy.down()).toEqual([])
    expect(toy.path('r2/broker-1', 'r1/broker-2')).toBe('--')
    expect(toy.log.filter((line) => line.includes('heals'))).toHaveLength(3)
  })
})
