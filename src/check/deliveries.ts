// Deliveries in the order of time, each with its reader: a group's reading of one partition,
// whichever of its members did it.

import type { History } from '../history.ts'
import { rowsByTime } from './rows.ts'

export interface Reader {
  readonly group: string
  readonly partition: number
}

export interface Deliveries {
  /** Readers by their number. */
  readonly readers: readonly Reader[]
  /** Rows of `history.delivered` in the order of time, rows of one instant as written. */
  readonly rows: readonly number[]
  /** Number of the reader by row of `history.delivered`. */
  readonly readerOf: Int32Array
}

export function deliveriesOf(history: History): Deliveries {
  const groups = groupNumbers(history)
  const consumers = history.delivered.column('consumer')
  const partitions = history.delivered.column('partition')
  const readers: Reader[] = []
  const numbers = new Map<number, number>()
  const readerOf = new Int32Array(consumers.length)
  for (let row = 0; row < consumers.length; row++) {
    const consumer = consumers[row] ?? 0
    const partition = partitions[row] ?? 0
    const key = (groups[consumer] ?? 0) * history.partitions.length + partition
    let number = numbers.get(key)
    if (number === undefined) {
      number = readers.length
      numbers.set(key, number)
      readers.push({ group: history.consumers[consumer]?.group ?? '', partition })
    }
    readerOf[row] = number
  }
  return { readers, rows: rowsByTime(history.delivered.column('at')), readerOf }
}

/** A number for the group of each consumer. */
function groupNumbers(history: History): number[] {
  const names = new Map<string, number>()
  return history.consumers.map(({ group }) => {
    const number = names.get(group) ?? names.size
    names.set(group, number)
    return number
  })
}
