/** How a column is stored: whole numbers below 2^31, or anything that a number holds exactly. */
export type ColumnKind = 'i32' | 'f64'

import { keysOf, tableOf } from '../sim/closed-table.ts'

/** Small, because a run has a table for each replica's log; the long ones soon double. */
const ROWS_FIRST = 8

type Values = Int32Array | Float64Array

/** A row as it is read: the fields that were pushed. */
type Numbers<Row> = { [K in keyof Row & string]: number }

/** The values of each field, by row. */
export type ColumnsOf<Row> = { readonly [K in keyof Row & string]: Values }

/**
 * Puts the fields of a row into their columns. One that names each field is compiled to plain
 * stores; the loop over names that stands in for it looks each of them up, which tells where rows
 * come by the hundred thousand.
 */
export type RowWriter<Row> = (to: ColumnsOf<Row>, at: number, row: Row) => void

/**
 * Rows of numbers as a struct of arrays: a million rows cost a few dozen bytes each and no object.
 * `push` copies the row's fields, so a caller may reuse one row object. Reading past the end is a
 * bug and answers NaN or undefined.
 */
export class Table<Row extends { readonly [K in keyof Row]: number }> {
  private readonly names: readonly (keyof Row & string)[]
  private readonly kinds: { readonly [K in keyof Row]: ColumnKind }
  private readonly write: RowWriter<Row>
  /** What a row looks like before it is read. */
  private readonly blank: Numbers<Row>
  /** All of one length, of which the first `rows` values count. */
  private columns: ColumnsOf<Row>
  private readonly rowBytes: number
  private rows = 0
  private capacity: number

  /**
   * @param write where rows are many: names every field
   * @param room rows that it has room for before it grows for the first time
   */
  constructor(kinds: { readonly [K in keyof Row]: ColumnKind }, write?: RowWriter<Row>, room = 1) {
    const names = keysOf(kinds)
    this.capacity = Math.max(ROWS_FIRST, room)
    this.names = names
    this.kinds = kinds
    this.blank = tableOf(names, () => Number.NaN)
    this.columns = tableOf(names, (name) => newColumn(kinds[name], this.capacity))
    this.rowBytes = names.reduce((sum, name) => sum + this.columns[name].BYTES_PER_ELEMENT, 0)
    this.write =
      write ??
      ((to, at, row) => {
        for (const name of names) to[name][at] = row[name]
      })
  }

  /** Rows; columns have room for more, of which nobody sees anything. */
  get length(): number {
    return this.rows
  }

  /** Memory that the rows take. */
  get bytes(): number {
    return this.rowBytes * this.rows
  }

  /** Appends a row and returns its index. */
  push(row: Row): number {
    const at = this.rows
    if (at === this.capacity) this.grow()
    this.write(this.columns, at, row)
    this.rows = at + 1
    return at
  }

  private grow(): void {
    const { kinds, columns } = this
    this.capacity *= 2
    this.columns = tableOf(this.names, (name) => {
      const bigger = newColumn(kinds[name], this.capacity)
      bigger.set(columns[name])
      return bigger
    })
  }

  /** A fresh copy of row `index` as an object. */
  row(index: number): Numbers<Row> {
    const { names, columns } = this
    const row = { ...this.blank }
    for (let i = 0; i < names.length; i++) row[names[i]] = columns[names[i]][index] ?? Number.NaN
    return row
  }

  /** One column's values, rows in order: a view that the next `push` may outdate. */
  column(name: keyof Row & string): Values {
    return this.columns[name].subarray(0, this.rows)
  }

  /** All columns by name, as `column` gives one: to read many rows without an object for each. */
  columnsByName(): ColumnsOf<Row> {
    return tableOf(this.names, (name) => this.column(name))
  }

  /** Overwrites one field, e.g. to extend the last row instead of adding one. */
  set(index: number, name: keyof Row & string, value: number): void {
    this.columns[name][index] = value
  }

  /** Makes an object for each row: whoever walks many of them reads columns. */
  *[Symbol.iterator](): Generator<Numbers<Row>> {
    for (let i = 0; i < this.rows; i++) yield this.row(i)
  }
}

function newColumn(kind: ColumnKind, rows: number): Values {
  return kind === 'i32' ? new Int32Array(rows) : new Float64Array(rows)
}

/** Texts as numbers, so that a row of numbers can hold an error's or a client's name. */
export class Names {
  private readonly ids = new Map<string, number>()
  private readonly texts: string[] = []

  /** The number of a text, the same for the same text. */
  id(text: string): number {
    const known = this.ids.get(text)
    if (known !== undefined) return known
    this.ids.set(text, this.texts.length)
    this.texts.push(text)
    return this.texts.length - 1
  }

  /** The text of a number; '' where there is none (-1). */
  text(id: number): string {
    return this.texts[id] ?? ''
  }
}
