import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseScenario } from '../src/scenario/parse.ts'
import { AREAS } from './fidelity/areas.ts'
import { experimentFiles } from './fidelity/oracles.ts'
import { fidelityPage } from './fidelity/page.ts'
import { ROOT } from './tidy/source-code.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** Compares a written page with what it should say, or rewrites it when UPDATE=1. */
function expectFresh(path: string, fresh: string): void {
  if (process.env.UPDATE === '1') writeFileSync(join(ROOT, path), fresh)
  else expect(read(path), 'UPDATE=1 npx vitest run test/readme.test.ts writes it').toBe(fresh)
}

describe('the README', () => {
  it('lists the scenarios as they are', () => {
    const table = /(<!-- scenarios: .*? -->\n)[\s\S]*?(<!-- \/scenarios -->)/
    const fresh = read('README.md').replace(
      table,
      (_, open, close) => `${open}${scenarioTable()}${close}`,
    )
    expectFresh('README.md', fresh)
  })

  it('shows scenarios that can be run', () => {
    const examples = [...read('README.md').matchAll(/```yaml\n([\s\S]*?)```/g)]
    expect(examples).toHaveLength(2)
    for (const [, example = ''] of examples) {
      const { problems, notes } = parseScenario(example, 'readme.yaml')
      expect([...problems, ...notes]).toEqual([])
    }
  })

  it('names only commands that the package has', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const text = read('README.md') + read('CONTRIBUTING.md')
    const named = [...text.matchAll(/npm run (\w+)/g)].map((match) => match[1] ?? '')
    expect(named.length).toBeGreaterThan(2)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  it('names the test command that .ci/run runs', () => {
    expect(read('README.md')).toContain('npm ci && npm test')
    expect(read('.ci/run')).toMatch(/npm ci [\s\S]*npm test/)
  })

  it('links to files that exist', () => {
    const links = [...read('README.md').matchAll(/\]\(([\w./-]+)\)/g)]
    expect(links.length).toBeGreaterThan(3)
    for (const [, path] of links) expect(() => readFileSync(join(ROOT, path ?? ''))).not.toThrow()
  })
})

describe('the map of the code', () => {
  const map = read('src/README.md')

  it('walks from file to file, each there and with what the walk looks at', () => {
    const steps = [...map.matchAll(/^\| \d+ \| \[([\w./-]+)\]\(([\w./-]+)\) \| `(\w+)` \|/gm)]
    expect(steps.length).toBeGreaterThan(30)
    for (const [, name = '', path = '', symbol = ''] of steps) {
      expect(name).toBe(path)
      const declared = new RegExp(`(?:function|class|const) ${symbol}\\b|^  #?${symbol}[<(]`, 'm')
      expect(declared.test(read(`src/${path}`)), `${path}: ${symbol}`).toBe(true)
    }
  })

  it('names every folder of the house, and links to files that exist', () => {
    const entries = readdirSync(join(ROOT, 'src')).filter((name) => name !== 'README.md')
    const named = entries.filter((name) => map.includes(`\n    ${name.replace(/\.ts$/, '')}`))
    expect(named).toEqual(entries)
    for (const [, path = ''] of map.matchAll(/\]\(([\w./-]+)\)/g)) {
      expect(() => read(join('src', path)), path).not.toThrow()
    }
  })
})

describe('the fidelity page', () => {
  it('says what is modelled, what is left out and what holds it, as code and oracles are', () => {
    expectFresh('FIDELITY.md', fidelityPage())
  })

  it('holds every part of Kafka that runs against something that is not ours', () => {
    const text = read('FIDELITY.md')
    const section = text.slice(text.indexOf('## In five minutes'), text.indexOf('## The oracles'))
    const rows = section.split('\n').filter((line) => /^\| [A-Z]/.test(line))
    expect(rows.length).toBeGreaterThan(7)
    expect(rows.filter((line) => line.endsWith('|  |'))).toEqual([])
  })

  it('names experiments that exist', () => {
    const known = experimentFiles.map(({ name }) => name)
    const named = AREAS.flatMap(({ measured }) => measured)
    expect(named.filter((name) => !known.includes(name))).toEqual([])
  })
})

/** The library as a table: each file, its question, and what it is meant to show. */
function scenarioTable(): string {
  const files = readdirSync(join(ROOT, 'scenarios')).filter((file) => file.endsWith('.yaml'))
  const rows = files.sort().map((file) => {
    const { scenario, problems } = parseScenario(read(`scenarios/${file}`), file)
    if (scenario === undefined) throw new Error(problems.map((p) => p.message).join('\n'))
    const { name, question, answer } = scenario
    return `| [${name}](scenarios/${file}) | ${question.trim()} | ${answer.trim()} |`
  })
  return ['| scenario | question | answer |', '|---|---|---|', ...rows, ''].join('\n')
}
