// Models: the transactions that hold a log's last stable offset back: open, or ended above the HW.
// Leaves out: the transaction index (aborted ranges for readers); its caller keeps what it needs.
// Source: ProducerStateManager.ongoingTxns, unreplicatedTxns.

import { invariant } from '../../sim/invariant.ts'
import { ascends, type Checked } from '../../sim/state-checks.ts'
import type { Offset, ProducerId } from '../ids.ts'

/** A transaction whose marker has been appended. */
export interface CompletedTxn {
  readonly producerId: ProducerId
  readonly firstOffset: Offset
  /** Offset of the marker. */
  readonly lastOffset: Offset
  readonly isAborted: boolean
}

interface OpenTxn {
  readonly producerId: ProducerId
  readonly firstOffset: Offset
}

/** Both lists are ordered by first offset. */
export class OngoingTransactions implements Checked {
  readonly #open: OpenTxn[] = []
  readonly #unreplicated: CompletedTxn[] = []
  /** Worked out at each change, because every answer to a fetch tells it. */
  #firstUnstable: Offset | undefined = undefined

  /**
   * A transaction's first batch lies at `firstOffset`: no reader of committed records may pass it
   * now.
   */
  begin(producerId: ProducerId, firstOffset: Offset): void {
    insert(this.#open, { producerId, firstOffset })
    this.#changed()
  }

  /** Its marker is appended; it holds the LSO back until the high watermark passes the marker. */
  complete(txn: CompletedTxn): void {
    const at = this.#open.findIndex((open) => open.firstOffset === txn.firstOffset)
    invariant(at >= 0, 'a transaction that ends was open', { firstOffset: txn.firstOffset })
    this.#open.splice(at, 1)
    insert(this.#unreplicated, txn)
    this.#changed()
  }

  /** The LSO once `txn` is complete, were its marker replicated: used by the transaction index. */
  lastStableOffset(txn: CompletedTxn): Offset {
    const other = this.#open.find((open) => open.producerId !== txn.producerId)
    return other?.firstOffset ?? txn.lastOffset + 1
  }

  /**
   * Where the oldest begins that is open or whose marker lies above the high watermark; undefined
   * where nothing holds the LSO back (ProducerStateManager.firstUnstableOffset).
   */
  firstUnstableOffset(): Offset | undefined {
    return this.#firstUnstable
  }

  #changed(): void {
    const [open, ended] = [this.#open[0]?.firstOffset, this.#unreplicated[0]?.firstOffset]
    // Of two lists in order the smaller head counts: one may be empty.
    const isOne = open === undefined || ended === undefined
    this.#firstUnstable = isOne ? (open ?? ended) : Math.min(open, ended)
  }

  /** Forgets ended transactions whose marker is below `offset`. */
  removeReplicated(offset: Offset): void {
    let kept = 0
    for (const txn of this.#unreplicated) {
      if (txn.lastOffset >= offset) this.#unreplicated[kept++] = txn
    }
    this.#unreplicated.length = kept
    this.#changed()
  }

  /** Both lists ascend by first offset, none twice. @throws InvariantViolation */
  assertWhole(): void {
    for (const txns of [this.#open, this.#unreplicated]) {
      const starts = txns.map(({ firstOffset }) => firstOffset)
      ascends(starts, 'transactions stand in the order of their beginnings')
    }
  }

  /** Forgets open and ended ones alike, before a log that was cut is read again. */
  clear(): void {
    this.#open.length = 0
    this.#unreplicated.length = 0
    this.#changed()
  }
}

function insert<T extends OpenTxn>(txns: T[], txn: T): void {
  let at = txns.length
  while (at > 0 && (txns[at - 1]?.firstOffset ?? -1) >= txn.firstOffset) at--
  const replaced = txns[at]?.firstOffset === txn.firstOffset ? 1 : 0
  txns.splice(at, replaced, txn)
}
