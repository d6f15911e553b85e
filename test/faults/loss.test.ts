import { describe, expect, it } from 'vitest'
import { strike, ToyWorld } from './toy-world.ts'

describe('the loss of a region', () => {
  it('by role takes every host of the region in which the role stands', () => {
    const toy = new ToyWorld()
    toy.controller = 'r3/controller-1'
    toy.inject([strike(1, 'region-loss', { target: 'region of active controller' }, 5)])
    toy.run(2)
    expect(toy.down()).toEqual([
      'r3/broker-1 stopped',
      'r3/broker-2 stopped',
      'r3/controller-1 stopped',
    ])
    expect(toy.disks.get('r3/broker-2')?.lost).toBe(1)
    toy.run(60)
    expect(toy.down()).toEqual([])
  })

  it('of a broker is the loss of its region', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'region-loss', { target: 'leader of orders-0', model: 'stop' })])
    toy.run(2)
    expect(toy.down()).toHaveLength(3)
    expect(toy.disks.get('r2/broker-1')).toMatchObject({ lost: 0, wiped: 0 })
  })

  it('by isolation leaves its programs running and sees nobody outside', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'region-loss', { target: 'region r2', model: 'isolate' }, 5)])
    toy.run(2)
    expect(toy.down()).toEqual([])
    expect(toy.path('r2/broker-1', 'r1/broker-1')).toBe('xx')
    expect(toy.path('r2/broker-1', 'r2/broker-2')).toBe('--')
    toy.run(7)
    expect(toy.path('r2/broker-1', 'r1/broker-1')).toBe('--')
  })

  it('with its disks brings back empty machines', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'region-loss', { target: 'region r2', model: 'disks' }, 5)])
    toy.run(20)
    expect(toy.disks.get('r2/broker-2')).toMatchObject({ lost: 0, wiped: 1 })
  })
})

describe('smaller losses', () => {
  it('of a host take only that host', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'host-loss', { target: 'r2/broker-1' })])
    toy.run(2)
    expect(toy.down()).toEqual(['r2/broker-1 stopped'])
  })

  it('of a zone take every host in it', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'zone-loss', { target: 'zone r2/a' })])
    toy.run(2)
    expect(toy.down()).toHaveLength(3)
  })

  it('of a disk wipe it and start its programs again when healed', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'disk-loss', { target: 'r2/broker-1' }, 3)])
    toy.run(20)
    expect(toy.disks.get('r2/broker-1')?.wiped).toBe(1)
    expect(toy.boots).toEqual(['6 r2/broker-1'])
  })

  it('of a disk’s speed make a flush take longer until healed', () => {
    const toy = new ToyWorld()
    const { disk } = toy.host('r2/broker-1')
    const before = disk.fsync(1_000_000)
    toy.inject([strike(1, 'slow-disk', { target: 'r2/broker-1', factor: 50 }, 3)])
    toy.run(2)
    expect(disk.fsync(1_000_000)).toBeGreaterThan(before * 10)
    toy.run(50)
    expect(disk.fsync(1_000_000)).toBeLessThan(before * 3)
  })
})
