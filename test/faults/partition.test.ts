import { describe, expect, it } from 'vitest'
import { strike, ToyWorld } from './toy-world.ts'

const [A, B, C] = ['r1/broker-1', 'r2/broker-1', 'r3/broker-1']

describe('a partition', () => {
  it('cuts two groups from each other and from nobody else', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'partition', { between: ['region r1', 'region r2'] }, 5)])
    toy.run(2)
    expect([toy.path(A, B), toy.path(A, C), toy.path(B, C)]).toEqual(['xx', '--', '--'])
    toy.run(7)
    expect(toy.path(A, B)).toBe('--')
  })

  it('can be one-way', () => {
    const toy = new ToyWorld()
    toy.inject([
      strike(1, 'partition', { between: ['region r1', 'region r2'], direction: 'forward' }),
    ])
    toy.run(2)
    expect([toy.path(A, B), toy.path(B, A)]).toEqual(['x-', '-x'])
  })

  it('against the rest is an isolation', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'partition', { between: ['brokers of region r1', 'rest'] })])
    toy.run(2)
    expect([toy.path(A, B), toy.path(A, C), toy.path(A, 'r1/broker-2')]).toEqual(['xx', 'xx', '--'])
    expect(toy.path(A, 'r1/controller-1')).toBe('xx')
  })

  it('isolates only what leaves, or only what enters', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'isolate', { target: 'region r1', direction: 'out' })])
    toy.run(2)
    expect(toy.path(A, B)).toBe('x-')
  })

  it('flaps: cut, whole, cut, and whole when it is over', () => {
    const toy = new ToyWorld()
    const link = { between: ['region r1', 'region r2'], down: '1s', up: '2s' }
    toy.inject([strike(10, 'flapping', link, 7)])
    const seen = [9.5, 10.5, 11.5, 12.5, 13.5, 14.5, 16.5, 17.5, 30].map((at) => {
      toy.run(at)
      return toy.path(A, B)
    })
    expect(seen).toEqual(['--', 'xx', '--', '--', 'xx', '--', 'xx', '--', '--'])
  })
})

describe('a slow link', () => {
  it('adds to the path, and a second one adds to the first', () => {
    const toy = new ToyWorld()
    const between = ['region r1', 'region r2']
    toy.inject([
      strike(
        1,
        'slow-link',
        { between, delay: '30ms', loss: '10%', bandwidth: '10Mbit' },
        20,
        'fault-1',
      ),
      strike(2, 'slow-link', { between, netem: 'delay 20ms loss 10% rate 1Mbit' }, 5, 'fault-2'),
    ])
    const effect = () => toy.world.network.rules.effect(toy.host(A), toy.host(B))
    toy.run(1.5)
    expect(effect()).toEqual({
      delay: 30_000,
      jitter: 0,
      lossPpm: 100_000,
      bandwidthBps: 10_000_000,
    })
    toy.run(3)
    expect(effect()).toEqual({
      delay: 50_000,
      jitter: 0,
      lossPpm: 190_000,
      bandwidthBps: 1_000_000,
    })
    toy.run(8)
    expect(effect()).toMatchObject({ delay: 30_000 })
    toy.run(30)
    expect(effect()).toBeNull()
  })

  it('does not hide a cut of the same path', () => {
    const toy = new ToyWorld()
    const between = ['region r1', 'region r2']
    toy.inject([
      strike(1, 'slow-link', { between, delay: '30ms' }, 20, 'fault-1'),
      strike(2, 'partition', { between }, 5, 'fault-2'),
    ])
    toy.run(3)
    expect(toy.path(A, B)).toBe('xx')
    toy.run(8)
    expect(toy.path(A, B)).toBe('--')
  })
})
