import { describe, expect, it } from 'vitest'
import { strike, ToyWorld } from './toy-world.ts'

const [A, B, C] = ['r1/broker-1', 'r2/broker-1', 'r3/broker-1']

/** Whether a connection from one host to another may be begun. */
function begins(toy: ToyWorld, from: string, to: string): boolean {
  return !toy.world.network.rules.dropsSetup(toy.host(from), toy.host(to))
}

describe('a firewall', () => {
  it('keeps the first group from beginning, and nobody from going on', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'firewall', { between: ['region r1', 'region r2'] }, 5)])
    toy.run(2)
    expect([begins(toy, A, B), begins(toy, B, A), begins(toy, A, C)]).toEqual([false, true, true])
    expect(toy.path(A, B)).toBe('--')
    toy.run(7)
    expect(begins(toy, A, B)).toBe(true)
  })

  it('can face the other way, or both', () => {
    const toy = new ToyWorld()
    const between = ['region r1', 'region r2']
    toy.inject([strike(1, 'firewall', { between, direction: 'backward' }, 5)])
    toy.inject([strike(3, 'firewall', { between, direction: 'forward' }, 5)])
    toy.run(2)
    expect([begins(toy, A, B), begins(toy, B, A)]).toEqual([true, false])
    toy.run(4)
    expect([begins(toy, A, B), begins(toy, B, A)]).toEqual([false, false])
  })
})
