import { describe, expect, it } from 'vitest'
import { parseTarget } from '../../src/faults/target.ts'
import { targetText } from '../../src/faults/target-text.ts'

describe('a target as words', () => {
  it.each([
    'broker-1',
    'host h1',
    'region eu',
    'active controller',
    'leader of orders-0',
    'followers of orders-12',
    'brokers',
    'brokers of region eu',
    'region of active controller',
    'region after region of leader of orders-0',
    'one of brokers',
    'broker-2 and broker-3',
    'rest',
    'same',
  ])('%s reads back as the same target', (text) => {
    const target = parseTarget(text)
    expect(target).not.toBeNull()
    if (target !== null) expect(targetText(target)).toBe(text)
  })
})
