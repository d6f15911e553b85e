import { describe, expect, it } from 'vitest'
import { resolveTarget } from '../../src/faults/resolve-target.ts'
import { parseTarget } from '../../src/faults/target.ts'
import { ToyWorld } from './toy-world.ts'

function whom(text: string, toy = new ToyWorld()): string {
  const target = parseTarget(text)
  if (target === null) return 'not a target'
  const random = toy.world.random.fork('test')
  const last = { processes: [], hosts: [] }
  const sight = { world: toy.world, resolver: toy.resolver, random, last }
  const { processes } = resolveTarget(sight, target)
  return processes.map(({ name }) => name).join(' ')
}

describe('a target', () => {
  it.each([
    ['r1/broker-2', 'r1/broker-2'],
    ['active controller', 'r1/controller-1'],
    ['the active-controller', 'r1/controller-1'],
    ['leader of orders-0', 'r2/broker-1'],
    ['leader:orders-0', 'r2/broker-1'],
    ['followers of orders-0', 'r1/broker-1 r3/broker-1'],
    ['zone r3/a', 'r3/broker-1 r3/broker-2 r3/controller-1'],
    ['region:r3', 'r3/broker-1 r3/broker-2 r3/controller-1'],
    ['region of leader of orders-0', 'r2/broker-1 r2/broker-2 r2/controller-1'],
    ['region:active-controller', 'r1/broker-1 r1/broker-2 r1/controller-1'],
    ['brokers in the region of the active controller', 'r1/broker-1 r1/broker-2'],
    ['host of active controller', 'r1/controller-1'],
    ['region after region of active controller', 'r2/broker-1 r2/broker-2 r2/controller-1'],
    ['region after region r3', 'r1/broker-1 r1/broker-2 r1/controller-1'],
    ['controllers', 'r1/controller-1 r2/controller-1 r3/controller-1'],
    ['r1/broker-1 and controllers of region r2', 'r1/broker-1 r2/controller-1'],
    ['broker-9', ''],
  ])('"%s" is %s', (text, names) => {
    expect(whom(text)).toBe(names)
  })

  it.each([
    '',
    'region',
    'leader of',
    'one',
    'leader of orders',
    'who knows what',
    'region of region of region of region of region of region of region of x',
  ])('"%s" is no target', (text) => {
    expect(parseTarget(text)).toBeNull()
  })

  it('"one of brokers" is one of them', () => {
    expect(whom('one of brokers')).toMatch(/^r\d\/broker-\d$/)
  })
})
