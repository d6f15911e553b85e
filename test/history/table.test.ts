import { expect, it } from 'vitest'
import { Names, Table } from '../../src/history/table.ts'
import {
  appendsTable,
  deliveredTable,
  highWatermarksTable,
  polledTable,
  producedTable,
  rangeTable,
  replicaSamplesTable,
} from '../../src/history/tables.ts'

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

/** The row comes back from a table that has one and from a table that has grown. */
function writesAll<Row extends { [K in keyof Row]: number }>(table: Table<Row>, row: Row): void {
  for (let n = 0; n < 20; n++) table.push(row)
  expect(table.row(0)).toEqual(row)
  expect(table.row(19)).toEqual(row)
}

it('tables that name the fields to write forget none', () => {
  writesAll(producedTable(), {
    stream: 1,
    partition: 2,
    firstRecordId: 3,
    count: 4,
    bytes: 5,
    createdFirst: 6,
    createdLast: 7,
    doneAt: 8,
    outcome: 9,
    error: 10,
    baseOffset: 11,
    attempts: 12,
  })
  writesAll(deliveredTable(), {
    consumer: 1,
    partition: 2,
    firstRecordId: 3,
    count: 4,
    baseOffset: 5,
    at: 6,
    createdFirst: 7,
    createdLast: 8,
  })
  writesAll(appendsTable(), {
    partition: 1,
    broker: 2,
    leaderEpoch: 3,
    baseOffset: 4,
    count: 5,
    firstRecordId: 6,
    bytes: 7,
    at: 8,
  })
  writesAll(highWatermarksTable(), { partition: 1, broker: 2, leaderEpoch: 3, offset: 4, at: 5 })
  writesAll(replicaSamplesTable(), {
    partition: 1,
    broker: 2,
    logStart: 3,
    highWatermark: 4,
    logEnd: 5,
    at: 6,
  })
  writesAll(polledTable(), {
    link: 1,
    partition: 2,
    at: 3,
    count: 4,
    createdFirst: 5,
    createdLast: 6,
  })
  writesAll(rangeTable(), { baseOffset: 1, count: 2, firstRecordId: 3, leaderEpoch: 4 })
})

it('a table with room for its rows is the one that it would have grown to', () => {
  const [grown, roomy] = [rangeTable(), rangeTable(100)]
  for (let n = 0; n < 101; n++) {
    const row = { baseOffset: n * 3, count: 3, firstRecordId: n, leaderEpoch: 1 }
    expect([grown.push(row), roomy.push(row)]).toEqual([n, n])
  }
  expect([...roomy]).toEqual([...grown])
  expect(roomy.bytes).toBe(grown.bytes)
  expect(roomy.column('count')).toEqual(grown.column('count'))
})
