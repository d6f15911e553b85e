/** A bug in the model, never bad input and never a Kafka error: the run stops where it is. */
export class InvariantViolation extends Error {
  readonly facts: Readonly<Record<string, unknown>>

  constructor(sentence: string, facts: Record<string, unknown>) {
    super(`${sentence}${factsAsText(facts)}`)
    this.name = 'InvariantViolation'
    this.facts = facts
  }
}

/**
 * States what must hold. Always on, in every run; the sentence says what was expected.
 * @throws InvariantViolation with the facts when the condition is falsy
 */
export function invariant(
  condition: unknown,
  sentence: string,
  facts?: Record<string, unknown>,
): asserts condition {
  if (!condition) throw new InvariantViolation(sentence, facts ?? {})
}

/** The end of an exhaustive switch: compiles only where no case is left. */
export function unreachable(x: never): never {
  throw new InvariantViolation('a closed union had a value outside of it', { value: x })
}

/** Counts how often rare branches were reached: a test can prove that it was not vacuous. */
export class Probes {
  readonly #counts = new Map<string, number>()

  /** Counts one more arrival at the branch of that name, for the first time or again. */
  hit(name: string): void {
    this.#counts.set(name, this.count(name) + 1)
  }

  /** How often it was hit in this world; 0 for a name that never was. */
  count(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** Names in the order in which they were first hit. */
  names(): string[] {
    return [...this.#counts.keys()]
  }
}

function factsAsText(facts: Record<string, unknown>): string {
  const entries = Object.entries(facts)
  if (entries.length === 0) return ''
  return ` (${entries.map(([name, value]) => `${name}: ${String(value)}`).join(', ')})`
}
