import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FAULT_KINDS } from '../../src/faults/catalogue.ts'
import { keysAt, schemaDocument } from '../../src/scenario/json-schema.ts'

const FILE = 'scenarios/scenario.schema.json'

describe('the JSON Schema', () => {
  it('in the library is the one of the code; UPDATE=1 rewrites it', () => {
    const text = `${JSON.stringify(schemaDocument(), null, 2)}\n`
    if (process.env.UPDATE === '1') writeFileSync(FILE, text)
    expect(readFileSync(FILE, 'utf8')).toBe(text)
  })

  it('knows the parts of a file in the order in which they are written', () => {
    expect(keysAt([]).slice(0, 12)).toEqual([
      '$schema',
      'scenario',
      'question',
      'answer',
      'version',
      'flavour',
      'guards',
      'seed',
      'duration',
      'settle',
      'regions',
      'network',
    ])
  })

  it('knows every fault, and the parameters of each', () => {
    expect(keysAt(['faults', 0])).toEqual(['at', 'for', 'every', 'times', ...FAULT_KINDS])
    expect(keysAt(['faults', 0, 'crash'])).toEqual(['target', 'model'])
  })

  it('explains objectives, faults and knobs to an editor', () => {
    const described = JSON.stringify(schemaDocument()).match(/"description":/g)
    expect(described?.length).toBeGreaterThan(50)
  })
})
