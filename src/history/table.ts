/** How a column is stored: whole numbers below 2^31, or anything that a number holds exactly. */
export type ColumnKind = 'i32' | 'f64'

import { keysOf, tableOf } from '../sim/closed-table.ts'

/** Small, because a run has a table for each replica's log; the long ones soon double. */
const ROWS_FIRST = 8

/** Growing numeric column; reading past the end is a bug and answers NaN or undefined. */
class Column {
  readonly kind: ColumnKind
  values: Int32Array | Float64Array

  constructor(kind: ColumnKind) {
    this.kind = kind
    this.values = kind === 'i32' ? new Int32Array(ROWS_FIRST) : new Float64Array(ROWS_FIRST)
  }

  put(index: number, value: number): void {
    if (index >= this.values.length) {
      const bigger = this.kind === 'i32' ? new Int32Array(index * 2) : new Float64Array(index * 2)
      bigger.set(this.values)
      this.values = bigger
    }
    this.values[index] = value
  }
}

/** A row as it is read: the fields that were pushed. */
type Numbers<Row> = { [K in keyof Row & string]: number }

/** The values of each field, by row. */
export type ColumnsOf<Row> = { readonly [K in keyof Row & string]: Int32Array | Float64Array }

/**
 * Rows of numbers as a struct of arrays: a million rows cost a few dozen bytes each and no object.
 * `push` copies the row's fields, so a caller may reuse one row object.
 */
export class Table<Row extends { readonly [K in keyof Row]: number }> {
  private readonly names: readonly (keyof Row & string)[]
  private readonly columns: readonly Column[]
  /** What a row looks like before it is read. */
  private readonly blank: Numbers<Row>
  private rows = 0

  constructor(kinds: { readonly [K in keyof Row]: ColumnKind }) {
    const names = keysOf(kinds)
    this.names = names
    this.columns = names.map((name) => new Column(kinds[name]))
    this.blank = tableOf(names, () => Number.NaN)
  }

  /** Rows; columns have room for more, of which nobody sees anything. */
  get length(): number {
    return this.rows
  }

  /** Memory that the rows take. */
  get bytes(): number {
    let width = 0
    for (const { kind } of this.columns) width += kind === 'i32' ? 4 : 8
    return width * this.rows
  }

  /** Appends a row and returns its index. */
  push(row: Row): number {
    const { names, columns, rows } = this
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]
      const value = row[names[i]]
      if (rows < column.values.length) column.values[rows] = value
      else column.put(rows, value)
    }
    this.rows = rows + 1
    return rows
  }

  /** A fresh copy of row `index` as an object. */
  row(index: number): Numbers<Row> {
    const { names, columns } = this
    const row = { ...this.blank }
    for (let i = 0; i < columns.length; i++) row[names[i]] = columns[i].values[index] ?? Number.NaN
    return row
  }

  /** One column's values, rows in order: a view that the next `push` may outdate. */
  column(name: keyof Row & string): Int32Array | Float64Array {
    const column = this.columns[this.names.indexOf(name)]
    return column === undefined ? new Int32Array(0) : column.values.subarray(0, this.rows)
  }

  /** All columns by name, as `column` gives one: to read many rows without an object for each. */
  columnsByName(): ColumnsOf<Row> {
    return tableOf(this.names, (name) => this.column(name))
  }

  /** Overwrites one field, e.g. to extend the last row instead of adding one. */
  set(index: number, name: keyof Row & string, value: number): void {
    this.columns[this.names.indexOf(name)]?.put(index, value)
  }

  /** Makes an object for each row: whoever walks many of them reads columns. */
  *[Symbol.iterator](): Generator<Numbers<Row>> {
    for (let i = 0; i < this.rows; i++) yield this.row(i)
  }
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
