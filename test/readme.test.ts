import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseScenario } from '../src/scenario/parse.ts'
import { ROOT } from './tidy/source-code.ts'

const README = join(ROOT, 'README.md')
const TABLE = /(<!-- scenarios: .*? -->\n)[\s\S]*?(<!-- \/scenarios -->)/

/** The library as a table: each file, its question, and what it is meant to show. */
function scenarioTable(): string {
  const folder = join(ROOT, 'scenarios')
  const names = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  const rows = names.sort().map((file) => {
    const { scenario, problems } = parseScenario(readFileSync(join(folder, file), 'utf8'), file)
    if (scenario === undefined) throw new Error(problems.map((p) => p.message).join('\n'))
    const { name, question, answer } = scenario
    return `| [${name}](scenarios/${file}) | ${question.trim()} | ${answer.trim()} |`
  })
  return ['| scenario | question | answer |', '|---|---|---|', ...rows, ''].join('\n')
}

describe('the README', () => {
  it('lists the scenarios as they are (UPDATE=1 writes the table)', () => {
    const text = readFileSync(README, 'utf8')
    const fresh = text.replace(TABLE, (_, open, close) => `${open}${scenarioTable()}${close}`)
    if (process.env.UPDATE === '1') writeFileSync(README, fresh)
    else expect(text).toBe(fresh)
  })

  it('names only commands that the package has', () => {
    const text = readFileSync(README, 'utf8') + readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const named = [...text.matchAll(/npm run (\w+)/g)].map((match) => match[1] ?? '')
    expect(named.length).toBeGreaterThan(2)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  it('names the test command that .ci/run runs', () => {
    expect(readFileSync(README, 'utf8')).toContain('npm ci && npm test')
    expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(/npm ci [\s\S]*npm test/)
  })

  it('links to files that exist', () => {
    const links = [...readFileSync(README, 'utf8').matchAll(/\]\(([\w./-]+)\)/g)]
    for (const [, path] of links) expect(() => readFileSync(join(ROOT, path ?? ''))).not.toThrow()
  })
})
