import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IndexMap } from '../../src/sim/index-map.ts'

const command = fc.record({
  kind: fc.constantFrom('set', 'delete'),
  key: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -3, max: 40 }) },
    fc.constantFrom(4_000, 65_535, 65_536, 2_147_483_643),
  ),
  value: fc.integer(),
})

it('holds what a Map holds, in the same order, whatever is set and deleted', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
      const map = new Map<number, number>()
      const index = new IndexMap<number, number>()
      for (const { kind, key, value } of commands) {
        if (kind === 'delete') expect(index.delete(key)).toBe(map.delete(key))
        else {
          map.set(key, value)
          index.set(key, value)
        }
        expect([index.get(key), index.has(key)]).toEqual([map.get(key), map.has(key)])
      }
      expect([...index.values()]).toEqual([...map.values()])
      expect(index.size).toBe(map.size)
    }),
    { seed: 11 },
  )
})
