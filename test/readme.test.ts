import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseScenario } from '../src/scenario/parse.ts'
import { ROOT, sourceFiles } from './tidy/source-code.ts'

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

  it('shows a scenario that can be run', () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? ''
    expect(parseScenario(example, 'readme.yaml').problems).toEqual([])
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

describe('the fidelity page', () => {
  it('says of every part of the model what it leaves out, in the words of its file', () => {
    expectFresh('FIDELITY.md', fidelityPage())
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

/** The three sentences at the head of a file of the model, each over one line or more. */
const HEAD = /^\/\/ Models: (.*?)\n\/\/ Leaves out: (.*?)\n\/\/ Source: (.*?)\n(?!\/\/)/s

/** What each file of the model models and leaves out, and its source, folder by folder. */
function fidelityPage(): string {
  const lines = [
    '# What is modelled, and what is not',
    '',
    'Gathered from the head of every file of the model; what one leaves out no run can show.',
  ]
  let folder = ''
  for (const { path, text } of sourceFiles(['src/kafka', 'src/mirror'])) {
    const cells = (HEAD.exec(text) ?? []).slice(1).map((cell) => cell.replace(/\n\/\/ ?/g, ' '))
    const at = path.slice(0, path.lastIndexOf('/'))
    if (at !== folder) lines.push('', `## ${at}`, '', '| file | models | leaves out | source |')
    if (at !== folder) lines.push('|---|---|---|---|')
    folder = at
    const [models = '', leavesOut = '', source = ''] = cells.map((c) => c.replaceAll('|', '\\|'))
    lines.push(`| [${path.slice(at.length + 1)}](${path}) | ${models} | ${leavesOut} | ${source} |`)
  }
  return `${lines.join('\n')}\n`
}
