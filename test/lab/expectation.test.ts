import { describe, expect, it } from 'vitest'
import { unmetExpectations } from '../../src/lab/expectation.ts'
import type { Expectation, FigureRange } from '../../src/scenario/model.ts'
import { fixtureResult } from '../support/fixture-result.ts'

const NOTHING: Expectation = { verdict: null, objectives: [], figures: [] }

/** A recovery time in seconds, as a file's `figures` would have it. */
function recovery(min: number, max: number): FigureRange {
  const text = `${min}s to ${max}s`
  return { figure: 'rto.produce', min: min * 1e6, max: max * 1e6, unit: 'micros', text }
}

describe('what a file expects of its run', () => {
  it('holds where verdicts are the expected ones and figures lie in their ranges', () => {
    const expectation: Expectation = {
      verdict: 'met',
      objectives: [{ name: 'rpo.records', verdict: 'met' }],
      figures: [recovery(10, 20)],
    }
    expect(unmetExpectations(expectation, fixtureResult())).toEqual([])
  })

  it('is told claim by claim where it does not hold', () => {
    const expectation: Expectation = {
      verdict: 'missed',
      objectives: [{ name: 'rpo.records', verdict: 'unknown' }],
      figures: [recovery(1, 2)],
    }
    expect(unmetExpectations(expectation, fixtureResult())).toEqual([
      'verdict: expected missed, got met',
      'rpo.records: expected unknown, got met (0)',
      expect.stringMatching(/^rto.produce: expected 1s to 2s, got [\d.]+ ms$/),
    ])
  })

  it('reads a figure that is no objective of the file', () => {
    const figures: FigureRange[] = [
      { figure: 'availability', min: 0.7, max: 0.8, unit: 'fraction', text: '70% to 80%' },
    ]
    expect(unmetExpectations({ ...NOTHING, figures }, fixtureResult())).toEqual([])
  })

  it('has no place for an undecided figure in any range', () => {
    const result = fixtureResult()
    const undecided = { ...result.rto, produce: { ...result.rto.produce, ms: null } }
    const figures = [recovery(0, 1e9)]
    const unmet = unmetExpectations({ ...NOTHING, figures }, { ...result, rto: undecided })
    expect(unmet).toEqual(['rto.produce: expected 0s to 1000000000s, got null ms'])
  })
})
