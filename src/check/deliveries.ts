// Deliveries in the order of time, each with its reader: a group's reading of one partition,
// whichever of its members did it.

import type { History } from '../history.ts'
import { type CommittedStarts, committedStarts } from './committed-starts.ts'
import { groupNames } from './group-names.ts'
import { rowsByTime } from './rows.ts'

export interface Reader {
  readonly group: string
  readonly partition: number
}

export interface Deliveries {
  /** Readers by their number. */
  readonly readers: readonly Reader[]
  /** Rows of `history.delivered` in the order of time, rows of one instant as written. */
  readonly rows: Int32Array
  /** Number of the reader by row of `history.delivered`. */
  readonly readerOf: Int32Array
  /** By group, worked out when somebody first asks. */
  readonly starts: () => ReadonlyMap<string, CommittedStarts>
}

/**
 * All rows of `history.delivered`, repeats too. A reader is numbered when its first row comes, so
 * that per-reader state can live in plain arrays.
 */
export function deliveriesOf(history: History): Deliveries {
  const nameOf = groupNames(history)
  const names = history.consumers.map(({ cluster, group }) => nameOf(cluster, group))
  const groups = numbersOf(names)
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
      readers.push({ group: names[consumer] ?? '', partition })
    }
    readerOf[row] = number
  }
  let known: ReadonlyMap<string, CommittedStarts> | undefined
  const starts = () => {
    known ??= committedStarts(history, readers)
    return known
  }
  return { readers, rows: rowsByTime(history.delivered.column('at')), readerOf, starts }
}

/** A number for each name, the same for the same one. */
function numbersOf(names: readonly string[]): number[] {
  const numbers = new Map<string, number>()
  return names.map((name) => {
    const number = numbers.get(name) ?? numbers.size
    numbers.set(name, number)
    return number
  })
}
