import { describe, expect, it } from 'vitest'
import { labPort } from '../../src/cli/lab-port.ts'
import { MINIMAL } from '../scenario/minimal.ts'

const NEAR = `${MINIMAL.replace('100/s', '5/s')}duration: 3s\nsettle: 2s\n`
const FAR = NEAR.replace('50ms', '120ms')
const never = new AbortController().signal

describe('the lab behind the routes', () => {
  it('compares two texts over the same seeds, and gives each one’s first run to draw', async () => {
    const designs = [{ yaml: NEAR }, { yaml: FAR }]
    const answer = await labPort.compare({ designs, seed: '7', runs: 2 }, never)
    if ('error' in answer) throw new Error(answer.error)
    const { comparison, shown } = answer
    expect(comparison.seeds).toEqual(['7', '8'])
    expect(comparison.designs.map(({ name }) => name)).toEqual(['scenario-1', 'scenario-2'])
    expect(comparison.differences.map(({ subject }) => subject)).toContain('east → west delay')
    expect(shown.map(({ seed }) => seed)).toEqual(['7', '7'])
    expect(shown[0]?.series.series.length).toBeGreaterThan(5)
  })

  it('compares one text with two seeds, in their order', async () => {
    const answer = await labPort.compare({ designs: [{ yaml: NEAR }], seeds: ['9', '1'] }, never)
    if ('error' in answer) throw new Error(answer.error)
    expect(answer.comparison.designs.map(({ name }) => name)).toEqual(['seed 9', 'seed 1'])
    expect(answer.shown.map(({ seed }) => seed)).toEqual(['9', '1'])
  })

  it('refuses a design that is no scenario, and says which and why', async () => {
    const designs = [{ yaml: NEAR }, { yaml: 'topcis: []' }]
    const answer = await labPort.compare({ designs }, never)
    const problems = 'error' in answer ? answer.problems : []
    expect(new Set(problems.map(({ file }) => file))).toEqual(new Set(['scenario 2']))
    expect(problems.map(({ message }) => message)).toContain('unknown key "topcis"')
    const unknown = [{ yaml: NEAR }, { scenario: 'q99' }]
    expect(await labPort.compare({ designs: unknown }, never)).toMatchObject({
      error: 'no scenario is named q99',
    })
  })

  it('gives up when the asker has gone', async () => {
    const designs = [{ yaml: NEAR }, { yaml: FAR }]
    expect(await labPort.compare({ designs }, AbortSignal.abort())).toMatchObject({
      error: 'given up',
    })
  })
})
