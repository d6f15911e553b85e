// When records of a batch were handed over by the application: evenly spaced, as rows say it.

interface CreatedRow {
  readonly firstRecordId: number
  readonly count: number
  readonly createdFirst: number
  readonly createdLast: number
}

/** The times of the first and the last of the ids [start, end) of a row. */
export function createdWithin(
  { firstRecordId, count, createdFirst, createdLast }: CreatedRow,
  start: number,
  end: number,
): { readonly first: number; readonly last: number } {
  const step = count < 2 ? 0 : (createdLast - createdFirst) / (count - 1)
  return {
    first: createdFirst + Math.floor(step * (start - firstRecordId)),
    last: createdFirst + Math.floor(step * (end - 1 - firstRecordId)),
  }
}
