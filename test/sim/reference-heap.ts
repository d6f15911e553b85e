import type { Micros } from '../../src/sim/time.ts'

/** What the scheduler must agree with, plain enough to be right: a heap by (time, sequence). */
export class ReferenceScheduler {
  now: Micros = 0
  #sequence = 0
  readonly #times: number[] = []
  readonly #sequences: number[] = []
  readonly #labels: number[] = []
  readonly #cancelled = new Set<number>()

  /** Returns the sequence number, which is the id. */
  schedule(delay: Micros, label: number): number {
    const sequence = this.#sequence++
    this.#push(this.now + delay, sequence, label)
    return sequence
  }

  cancel(id: number): void {
    this.#cancelled.add(id)
  }

  /** Fires all that is due by `until`; each firing may schedule more through `onFire`. */
  run(until: Micros, onFire: (label: number, time: Micros) => void): void {
    while (this.#times.length > 0 && (this.#times[0] as number) <= until) {
      const [time, sequence, label] = this.#pop()
      if (this.#cancelled.has(sequence)) continue
      this.now = time
      onFire(label, time)
    }
    this.now = until
  }

  #before(i: number, j: number): boolean {
    const earlier = (this.#times[i] as number) - (this.#times[j] as number)
    if (earlier !== 0) return earlier < 0
    return (this.#sequences[i] as number) < (this.#sequences[j] as number)
  }

  #swap(i: number, j: number): void {
    for (const column of [this.#times, this.#sequences, this.#labels]) {
      const held = column[i] as number
      column[i] = column[j] as number
      column[j] = held
    }
  }

  #push(time: number, sequence: number, label: number): void {
    this.#times.push(time)
    this.#sequences.push(sequence)
    this.#labels.push(label)
    let at = this.#times.length - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #pop(): [number, number, number] {
    const last = this.#times.length - 1
    this.#swap(0, last)
    const time = this.#times.pop() as number
    const sequence = this.#sequences.pop() as number
    const label = this.#labels.pop() as number
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= last) break
      if (child + 1 < last && this.#before(child + 1, child)) child++
      if (!this.#before(child, at)) break
      this.#swap(at, child)
      at = child
    }
    return [time, sequence, label]
  }
}
