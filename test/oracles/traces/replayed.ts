import { compare, type Difference, type Json } from '../golden/compare.ts'

/** Where a replay left a trace. */
export interface TraceDifference extends Difference {
  readonly trace: string
  /** Counted from 0, as in the file. */
  readonly step: number
  /** The step's action and case. */
  readonly action: string
}

/** What became of one trace. */
export interface Replayed {
  readonly trace: string
  readonly steps: number
  readonly passed: number
  /** Steps that agree by a rule of the README: flags of the trace and known differences. */
  readonly explained: Readonly<Record<string, number>>
  readonly differences: readonly TraceDifference[]
}

/** First difference of two values; keys that are undefined do not count. */
export function firstDifference(path: string, wanted: unknown, got: unknown): Difference | null {
  return compare(path, plain(wanted), plain(got))
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json
}

/** Counts the outcomes of a trace's steps. */
export class Tally {
  #passed = 0
  readonly #explained = new Map<string, number>()
  readonly #differences: TraceDifference[] = []

  pass(): void {
    this.#passed++
  }

  explain(kind: string): void {
    this.#explained.set(kind, (this.#explained.get(kind) ?? 0) + 1)
  }

  differ(difference: TraceDifference): void {
    this.#differences.push(difference)
  }

  result(trace: string, steps: number): Replayed {
    const explained = Object.fromEntries(this.#explained)
    return { trace, steps, passed: this.#passed, explained, differences: this.#differences }
  }
}
