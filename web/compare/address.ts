// What is compared, as the address of the page has it, so that a comparison can be linked to.

export const COLUMNS_MAX = 4

/** Several designs over the same seeds, or several seeds of one design. */
export type Choice =
  | {
      readonly kind: 'designs'
      readonly scenarios: readonly string[]
      /** '' for the first design's own. */
      readonly seed: string
      readonly runs: number
    }
  | { readonly kind: 'seeds'; readonly scenario: string; readonly seeds: readonly string[] }

/** The part of the address behind its #. */
export function addressOf(choice: Choice): string {
  if (choice.kind === 'seeds') {
    const { scenario, seeds } = choice
    return String(new URLSearchParams([['of', scenario], ...seeds.map((s) => ['seed', s])]))
  }
  const { scenarios, seed, runs } = choice
  const designs = scenarios.map((name) => ['design', name])
  const from = seed === '' ? [] : [['seed', seed]]
  return String(new URLSearchParams([...designs, ...from, ['runs', String(runs)]]))
}

/** What an address asks for, completed from the library where it leaves something open. */
export function choiceOf(address: string, library: readonly string[]): Choice {
  const wanted = new URLSearchParams(address)
  const scenario = wanted.get('of')
  const seeds = wanted.getAll('seed')
  if (scenario !== null) {
    return { kind: 'seeds', scenario, seeds: atLeastTwo(seeds.slice(0, COLUMNS_MAX), SEEDS) }
  }
  const designs = wanted.getAll('design').slice(0, COLUMNS_MAX)
  const [first = FIRST] = designs
  const others = [...library].sort((a, b) => likeness(b, first) - likeness(a, first))
  return {
    kind: 'designs',
    scenarios: atLeastTwo(designs.length === 0 ? [FIRST] : designs, others),
    seed: seeds[0] ?? '',
    runs: Math.max(1, Math.floor(Number(wanted.get('runs') ?? 1)) || 1),
  }
}

/** The design to begin with. */
const FIRST = 'q05-another-region'
const SEEDS = ['1', '2', '3']

/** Two of them, the missing ones from `spare`. */
function atLeastTwo(given: readonly string[], spare: readonly string[]): string[] {
  const missing = spare.filter((each) => !given.includes(each))
  return [...given, ...missing.slice(0, Math.max(0, 2 - given.length))]
}

/** How many letters two names begin with alike: designs for one question share a number. */
function likeness(a: string, b: string): number {
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  return same
}
