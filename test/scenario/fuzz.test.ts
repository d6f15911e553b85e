import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { parseScenario } from '../../src/scenario/parse.ts'
import { MINIMAL } from './minimal.ts'

/** HIGHWATER_FUZZ_RUNS=10000 for the long run. */
const RUNS = Number(process.env.HIGHWATER_FUZZ_RUNS ?? 300)

const SEEDS = [
  MINIMAL,
  ...readdirSync('scenarios')
    .filter((file) => file.endsWith('.yaml'))
    .slice(0, 12)
    .map((file) => readFileSync(`scenarios/${file}`, 'utf8')),
]

type Path = (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [
    path,
    ...Object.entries(value).flatMap(([key, item]) =>
      pathsOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ]
}

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  -1e308,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  '',
  ' ',
  'x',
  '-5s',
  '1e9s',
  '99999999999999999d',
  'NaN',
  '$(x)',
  '__proto__',
  [],
  {},
  [[]],
  [null],
  { a: null },
  { __proto__x: 1 },
  'x'.repeat(5_000),
  '0',
  '0s',
  '100%',
  'region',
  'leader of orders-99999999999',
  '🦄',
]

const oddValue = fc.oneof(
  fc.constantFrom(...ODD_VALUES),
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.integer(),
  fc.string(),
)

type Edit =
  | { readonly how: 'set'; readonly at: number; readonly value: unknown }
  | { readonly how: 'drop' | 'double'; readonly at: number }
  | { readonly how: 'rename'; readonly at: number; readonly name: string }

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ how: fc.constant('set' as const), at: fc.nat(), value: oddValue }),
  fc.record({ how: fc.constantFrom('drop' as const, 'double' as const), at: fc.nat() }),
  fc.record({
    how: fc.constant('rename' as const),
    at: fc.nat(),
    name: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', '0', '<<')),
  }),
)

type Holder = Record<string | number, unknown>

function apply(root: Holder, change: Edit): void {
  const paths = pathsOf(root).filter((path) => path.length > 0)
  const path = paths[change.at % Math.max(1, paths.length)]
  if (path === undefined) return
  let holder: unknown = root
  for (const part of path.slice(0, -1)) {
    holder = Object.getOwnPropertyDescriptor(holder ?? {}, part)?.value
  }
  const last = path.at(-1)
  if (last === undefined || typeof holder !== 'object' || holder === null) return
  const target = holder as Holder
  if (change.how === 'set') target[last] = structuredClone(change.value)
  else if (change.how === 'drop') delete target[last]
  else if (change.how === 'double' && Array.isArray(holder)) holder.push(holder[Number(last)])
  else if (change.how === 'rename' && !Array.isArray(holder)) {
    Object.defineProperty(target, change.name, {
      value: target[last],
      enumerable: true,
      configurable: true,
      writable: true,
    })
    if (change.name !== String(last)) delete target[last]
  }
}

/** A clear error or a valid scenario; never a crash, silence or a half result. */
function expectClearAnswer(text: string): void {
  const { scenario, problems } = parseScenario(text, 'fuzz.yaml')
  expect(scenario === undefined).toBe(problems.length > 0)
  for (const { line, message, fix } of problems) {
    expect(message.length).toBeGreaterThan(5)
    expect(fix.length).toBeGreaterThan(3)
    expect(line).toBeGreaterThanOrEqual(0)
  }
  if (scenario !== undefined) expectSound(scenario)
}

/** No NaN, no negative time, nothing undefined in what the lab will run. */
function expectSound(value: unknown, path = 'scenario'): void {
  if (typeof value === 'number') expect(Number.isNaN(value), path).toBe(false)
  expect(value, path).not.toBeUndefined()
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined || !path.includes('params')) expectSound(item, `${path}.${key}`)
  }
}

describe('any file gives a clear error or a valid scenario', () => {
  it('when values, names and lists of good files are changed at random', () => {
    let valid = 0
    let refused = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...SEEDS),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (seed, edits) => {
          const root = parse(seed, { merge: true }) as Holder
          for (const change of edits) apply(root, change)
          const text = stringify(root, { aliasDuplicateObjects: false })
          expectClearAnswer(text)
          if (parseScenario(text, 'x').scenario === undefined) refused++
          else valid++
        },
      ),
      { numRuns: RUNS },
    )
    // Both must have happened, or the property has tested nothing.
    expect(valid).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
  })

  it('when characters of good files are changed, dropped and repeated at random', () => {
    const cut = fc.record({
      at: fc.nat(),
      length: fc.nat(12),
      text: fc.string({ maxLength: 8 }),
      times: fc.nat(3),
    })
    fc.assert(
      fc.property(
        fc.constantFrom(...SEEDS),
        fc.array(cut, { minLength: 1, maxLength: 5 }),
        (seed, cuts) => {
          let text = seed
          for (const { at, length, text: more, times } of cuts) {
            const from = at % (text.length + 1)
            text = text.slice(0, from) + more.repeat(times) + text.slice(from + length)
          }
          expectClearAnswer(text)
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('when the text is no YAML at all', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400, unit: 'binary' }), expectClearAnswer), {
      numRuns: RUNS,
    })
  })
})
