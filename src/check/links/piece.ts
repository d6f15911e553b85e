// A piece of what a link carries: records of one producer with one fate, and when each step of
// their way was done.

import type { Link, ProducedRow, Promotion } from '../../history/facts.ts'
import type { ColumnsOf } from '../../history/table.ts'
import { type History, OK } from '../../history.ts'
import { createdWithin } from '../created.ts'
import { isNamedAfter } from '../failovers.ts'
import type { Column } from '../rows.ts'

/** Records of one producer that were sent, acknowledged and copied together. Times in micros. */
export interface Piece {
  readonly firstRecordId: number
  readonly count: number
  readonly bytes: number
  /** Where its producer wrote it. */
  readonly partition: number
  readonly createdFirst: number
  readonly createdLast: number
  /** Endless where it never was. */
  readonly ackedAt: number
  readonly sourceAt: number
  readonly copiedAt: number
  /** Where in the target; -1 where nowhere. */
  readonly copiedTo: number
  /** When nobody waited for it any longer: the source lost it, or the target took over. */
  readonly cutAt: number
}

/** A stretch of ids, and the rows that tell of it; -1 where none does. */
export interface Stretch {
  readonly start: number
  readonly end: number
  readonly sent: number
  readonly source: number
  readonly target: number
  readonly cut: number
  /** Whether it is a copy already at the link's source. */
  readonly isForeign: boolean
}

/** Reads the pieces of one link; the views of the columns are not made anew for each. */
export class PieceReader {
  readonly #history: History
  readonly #link: Link
  readonly #produced: ColumnsOf<ProducedRow>
  readonly #appendedAt: Column
  readonly #appendedTo: Column
  readonly #cutAt: Column
  readonly #cutBy: Column

  constructor(history: History, link: Link) {
    const { produced, appends, truncations, truncatedRanges } = history
    this.#history = history
    this.#link = link
    this.#produced = produced.columnsByName()
    this.#appendedAt = appends.column('at')
    this.#appendedTo = appends.column('partition')
    this.#cutAt = truncations.column('at')
    this.#cutBy = truncatedRanges.column('truncation')
  }

  /** Times are micros; `ackedAt` is infinite for a piece that was never acknowledged. */
  pieceOf({ start, end, sent, source, target, cut, isForeign }: Stretch): Piece {
    const { outcome, doneAt, partition: homes } = this.#produced
    const created = createdWithin(this.#produced, sent, start, end)
    const sourceAt = this.#at(source)
    const ackedAt = outcome[sent] === OK ? (doneAt[sent] ?? 0) : Number.POSITIVE_INFINITY
    const partition = homes[sent] ?? -1
    const takenAt = takenOverAt(this.#history, this.#link, partition, ackedAt)
    return {
      firstRecordId: start,
      count: end - start,
      bytes: bytesUpTo(this.#produced, sent, end) - bytesUpTo(this.#produced, sent, start),
      partition,
      createdFirst: created.first,
      createdLast: created.last,
      // A copy is the source's to lose only once the source has it.
      ackedAt: isForeign ? Math.max(ackedAt, sourceAt) : ackedAt,
      sourceAt,
      copiedAt: this.#at(target),
      copiedTo: target < 0 ? -1 : (this.#appendedTo[target] ?? -1),
      cutAt: cut < 0 ? takenAt : Math.min(this.#cutAt[this.#cutBy[cut] ?? -1] ?? 0, takenAt),
    }
  }

  /** When a row of the appends was written; endless for none. */
  #at(row: number): number {
    return row < 0 ? Number.POSITIVE_INFINITY : (this.#appendedAt[row] ?? 0)
  }
}

/** When a link's target took a partition's place, for what was acknowledged at an instant. */
function takenOverAt(history: History, link: Link, home: number, ackedAt: number): number {
  const { promotions } = history
  if (promotions.length === 0) return Number.POSITIVE_INFINITY
  const took = promotions.filter(
    (promotion) => promotion.link === link.name && takesPlace(history, promotion, home),
  )
  const next = took.find(({ at }) => at >= ackedAt) ?? took.at(-1)
  if (next === undefined || next.at >= ackedAt) return next?.at ?? Number.POSITIVE_INFINITY
  const isBack = promotions.some(
    ({ at, partitions }) => at > next.at && at <= ackedAt && partitions.includes(home),
  )
  return isBack ? Number.POSITIVE_INFINITY : next.at
}

function takesPlace({ partitions }: History, promotion: Promotion, home: number): boolean {
  const source = partitions[home]
  if (source === undefined || promotion.partitions.length === 0) return true
  return promotion.partitions.some((index) => {
    const target = partitions[index]
    return target !== undefined && isNamedAfter(target, source)
  })
}

/** A batch's bytes in front of one of its ids, as if all its records were of one size. */
function bytesUpTo(produced: ColumnsOf<ProducedRow>, row: number, id: number): number {
  const { firstRecordId, bytes, count } = produced
  return Math.round((bytes[row] * (id - firstRecordId[row])) / count[row])
}
