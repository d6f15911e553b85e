import { expect, it } from 'vitest'
import { Names, Table } from '../../src/history/table.ts'

it('a table gives back every row that was pushed, also after it has grown', () => {
  const table = new Table<{ a: number; b: number }>({ a: 'i32', b: 'f64' })
  for (let n = 0; n < 1_000; n++) expect(table.push({ a: n, b: n * 2 ** 40 })).toBe(n)
  expect(table.length).toBe(1_000)
  expect(table.row(999)).toEqual({ a: 999, b: 999 * 2 ** 40 })
  expect([...table].map((row) => row.a)).toEqual(Array.from({ length: 1_000 }, (_, n) => n))
})

it('a column shows the rows that there are and nothing of the room behind them', () => {
  const table = new Table<{ a: number }>({ a: 'i32' })
  table.push({ a: 7 })
  expect([...table.column('a')]).toEqual([7])
  table.set(0, 'a', 9)
  expect([...table.column('a')]).toEqual([9])
})

it('columns by name are the columns one by one', () => {
  const table = new Table<{ a: number; b: number }>({ a: 'i32', b: 'f64' })
  for (let n = 0; n < 20; n++) table.push({ a: n, b: -n })
  const columns = table.columnsByName()
  expect(Object.keys(columns)).toEqual(['a', 'b'])
  expect([...columns.a]).toEqual([...table.column('a')])
  expect([...columns.b]).toEqual([...table.column('b')])
})

it('a name keeps its number, and no name is the empty text', () => {
  const names = new Names()
  expect([names.id('x'), names.id('y'), names.id('x')]).toEqual([0, 1, 0])
  expect([names.text(1), names.text(-1)]).toEqual(['y', ''])
})
