import { expect, it } from 'vitest'
import { isKeyOf, keysOf, pick, tableOf, whole } from '../../src/sim/closed-table.ts'
import { fieldOf, isListOf } from '../../src/sim/plain-data.ts'

const TABLE = { a: 1, b: 2 }

it('names the rows of a table, and no other', () => {
  expect(keysOf(TABLE)).toEqual(['a', 'b'])
  expect([isKeyOf(TABLE, 'a'), isKeyOf(TABLE, 'toString'), isKeyOf(TABLE, 0)]).toEqual([
    true,
    false,
    false,
  ])
})

it('makes tables of names, and of some rows of another', () => {
  expect(tableOf(['x', 'y'], (name) => `${name}!`)).toEqual({ x: 'x!', y: 'y!' })
  expect(pick(TABLE, ['b'])).toEqual({ b: 2 })
})

it('a table without one of its rows is not whole', () => {
  expect(whole<typeof TABLE>({ a: 1, b: 2 }, ['a', 'b'])).toEqual(TABLE)
  expect(() => whole<typeof TABLE>({ a: 1 }, ['a', 'b'])).toThrow('a row for each of its names')
})

it('reads data of which nothing is known', () => {
  expect([fieldOf({ a: 1 }, 'a'), fieldOf(['x'], 0), fieldOf({}, 'toString')]).toEqual([
    1,
    'x',
    undefined,
  ])
  expect([fieldOf(null, 'a'), fieldOf(7, 'a'), fieldOf(undefined, 0)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  const isText = (item: unknown): item is string => typeof item === 'string'
  expect([isListOf(['a'], isText), isListOf(['a', 1], isText), isListOf('a', isText)]).toEqual([
    true,
    false,
    false,
  ])
})
