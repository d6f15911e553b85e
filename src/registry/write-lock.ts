// Models: the lock under which an instance writes or has the leader write: one at a time, in order.
// Leaves out: nothing.
// Source: storage.KafkaStore.lockFor, which gives one lock to all subjects.

import { invariant } from '../sim/invariant.ts'

/** First come, first served; it has no time-out, so whoever holds it must end by one of its own. */
export class WriteLock {
  #isHeld = false
  readonly #queue: ((unlock: () => void) => void)[] = []

  /** Calls back, now or later, when it is the caller's turn, who must call `unlock` once. */
  lock(onTurn: (unlock: () => void) => void): void {
    this.#queue.push(onTurn)
    if (!this.#isHeld) this.#next()
  }

  /** Without the one whose turn it is. */
  get waiting(): number {
    return this.#queue.length
  }

  #next(): void {
    const onTurn = this.#queue.shift()
    this.#isHeld = onTurn !== undefined
    if (onTurn === undefined) return
    let isOver = false
    onTurn(() => {
      invariant(!isOver, 'a lock is given back once')
      isOver = true
      this.#next()
    })
  }
}
