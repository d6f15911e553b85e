import type { Claim } from './claim.ts'

/** JSON has no NaN and no infinity: they would leave as null, which means undecided. */
export const figuresAreNumbers: Claim = {
  name: 'figures-are-numbers',
  says: 'no figure of a result is infinite or no number, and shares lie between 0 and 1',
  check({ result }) {
    const found: string[] = []
    collect(result, 'result', found)
    const { produceRatio } = result.availability
    if (produceRatio < 0 || produceRatio > 1) found.push(`availability is ${produceRatio}`)
    return found.slice(0, 3)
  },
}

function collect(value: unknown, path: string, found: string[]): void {
  if (typeof value === 'number' && !Number.isFinite(value)) found.push(`${path} is ${value}`)
  if (value === undefined) return
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) collect(item, `${path}.${key}`, found)
}
