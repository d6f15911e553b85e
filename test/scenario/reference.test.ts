import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'
import { TABLES, withTables } from './reference-tables.ts'

const FILE = 'scenarios/README.md'

describe('the description of the scenario language', () => {
  it('has the tables of the code; UPDATE=1 rewrites them', () => {
    const text = readFileSync(FILE, 'utf8')
    for (const name of Object.keys(TABLES)) expect(text).toContain(`<!-- ${name} -->`)
    if (process.env.UPDATE === '1') writeFileSync(FILE, withTables(text))
    expect(readFileSync(FILE, 'utf8')).toBe(withTables(text))
  })

  it('shows examples that are valid', () => {
    const examples = [...readFileSync(FILE, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)]
    expect(examples.length).toBeGreaterThan(0)
    for (const [, text = ''] of examples) expect(parseScenario(text, 'README').problems).toEqual([])
  })
})
