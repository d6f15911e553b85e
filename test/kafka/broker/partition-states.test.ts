import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type InTurn, PartitionStates } from '../../../src/kafka/broker/partition-states.ts'

interface Turn extends InTurn<Turn> {}

const step = fc.record({
  what: fc.constantFrom('set', 'delete', 'moveToEnd'),
  index: fc.integer({ min: 0, max: 5 }),
})

it('keeps the order of a map from which whoever is served is taken out and put back', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const states = new PartitionStates<Turn>()
      const map = new Map<number, Turn>()
      for (const { what, index } of steps) {
        const known = map.get(index)
        if (what === 'set') {
          const state: Turn = { partition: { index }, previous: null, next: null }
          states.set(index, state)
          map.set(index, state)
        } else if (what === 'delete') {
          expect(states.delete(index)).toBe(map.delete(index))
        } else if (known !== undefined) {
          states.moveToEnd(known)
          map.delete(index)
          map.set(index, known)
        }
        expect([...states].map(({ partition }) => partition.index)).toEqual([...map.keys()])
        expect([states.size, states.has(index)]).toEqual([map.size, map.has(index)])
        expect(states.get(index)).toBe(map.get(index))
      }
      states.clear()
      expect([states.first, states.size, [...states]]).toEqual([null, 0, []])
    }),
  )
})
