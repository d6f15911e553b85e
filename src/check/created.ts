// When records of a batch were handed over by the application: evenly spaced, as rows say it.

import type { Column } from './rows.ts'

/** Of a table whose rows are batches. */
interface CreatedColumns {
  readonly firstRecordId: Column
  readonly count: Column
  readonly createdFirst: Column
  readonly createdLast: Column
}

/** The times of the first and the last of the ids [start, end) of a row. */
export function createdWithin(
  columns: CreatedColumns,
  row: number,
  start: number,
  end: number,
): { readonly first: number; readonly last: number } {
  const createdFirst = columns.createdFirst[row] ?? 0
  const count = columns.count[row] ?? 0
  const firstRecordId = columns.firstRecordId[row] ?? 0
  const step = count < 2 ? 0 : ((columns.createdLast[row] ?? 0) - createdFirst) / (count - 1)
  return {
    first: createdFirst + Math.floor(step * (start - firstRecordId)),
    last: createdFirst + Math.floor(step * (end - 1 - firstRecordId)),
  }
}
