import { describe, expect, it } from 'vitest'
import { compare, compareSeeds } from '../../../src/lab/compare/compare.ts'
import { measuredRun } from '../../../src/lab/compare/measures.ts'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { MINIMAL } from '../../scenario/minimal.ts'
import { comparisonOf, designOf, promised, times } from './fixture.ts'

const CLIENTS = [{ name: 'shop', kind: 'producer', region: 'east', text: '' }] as const

function measure(comparison: ReturnType<typeof comparisonOf>, id: string) {
  const found = comparison.measures.find((other) => other.id === id)
  if (found === undefined) throw new Error(`no measure ${id}`)
  return found
}

describe('the figures of a comparison', () => {
  it('are the values of each seed and their nearest-rank percentiles', () => {
    const a = times(100, (i) => ({ produceMs: 100 * (100 - i) }))
    const comparison = comparisonOf({ a, b: times(100, () => ({ produceMs: 7 })) })
    const [first, second] = measure(comparison, 'rto.produce').cells
    expect(first).toMatchObject({ p5: 500, p50: 5_000, p95: 9_500, undecided: 0, absent: null })
    expect(first?.values.slice(0, 2)).toEqual([10_000, 9_900])
    expect(second).toMatchObject({ p5: 7, p50: 7, p95: 7 })
  })

  it('count what had not come back by the end as worst, and say in how many seeds', () => {
    const a = [{ produceMs: null }, { produceMs: 900 }, { produceMs: 1_000 }]
    const comparison = comparisonOf({ a, b: a })
    const [cell] = measure(comparison, 'rto.produce').cells
    expect(cell).toMatchObject({ p50: 1_000, p95: null, values: [null, 900, 1_000], undecided: 1 })
  })

  it('are absent, not zero, where nobody reads, nothing fails or no price is known', () => {
    const comparison = comparisonOf({ a: [{}], b: [{ clients: CLIENTS, usd: null }] })
    const [read, unread] = measure(comparison, 'rto.consume').cells
    expect(read).toMatchObject({ absent: null })
    expect(unread).toMatchObject({ absent: 'no consumer', p50: null, values: [null] })
    expect(measure(comparison, 'price').cells[1]?.absent).toContain('no list price')
  })

  it('tell what is the same in all designs, seed by seed, from what only spreads alike', () => {
    const comparison = comparisonOf({
      a: [{ produceMs: 1 }, { produceMs: 2 }],
      b: [{ produceMs: 2 }, { produceMs: 1 }],
    })
    expect(measure(comparison, 'rto.produce').isSame).toBe(false)
    expect(measure(comparison, 'rpo.records').isSame).toBe(true)
  })
})

describe('the objectives of a comparison', () => {
  it('are those of all designs, and each design is held to all of them', () => {
    const objectives = [promised('rto.produce', 5_000, 'met')]
    const comparison = comparisonOf({
      a: [{ produceMs: 4_000, objectives }],
      b: [{ produceMs: 6_000, objectives: [] }],
    })
    expect(comparison.objectives).toMatchObject([
      { id: 'rto.produce', limit: 5_000, statedBy: [0], cells: [{ met: 1 }, { missed: 1 }] },
    ])
    expect(comparison.objectives[0]?.cells[1]?.worstSeed).toBe('1')
    expect(comparison.verdict).toBe('missed')
    expect(comparison.designs.map(({ verdicts }) => verdicts.met)).toEqual([1, 0])
  })

  it('stand twice where two designs set different limits, once where they agree', () => {
    const strict = [promised('rto.produce', 1_000, 'missed'), promised('rpo.records', 0, 'met')]
    const loose = [promised('rto.produce', 9_000, 'met'), promised('rpo.records', 0, 'met')]
    const comparison = comparisonOf({ a: [{ objectives: strict }], b: [{ objectives: loose }] })
    const rows = comparison.objectives.map(({ id, limit, statedBy }) => [id, limit, statedBy])
    expect(rows).toEqual([
      ['rto.produce', 1_000, [0]],
      ['rpo.records', 0, [0, 1]],
      ['rto.produce', 9_000, [1]],
    ])
  })

  it('stay unknown where a design has nothing that they could be measured on', () => {
    const objectives = [promised('rto.consume', 60_000, 'met')]
    const comparison = comparisonOf({
      a: [{ objectives }],
      b: [{ clients: CLIENTS, objectives: [] }],
    })
    expect(comparison.objectives[0]?.cells[1]).toMatchObject({ met: 0, unknown: 1 })
    expect(comparison.verdict).toBe('unknown')
  })

  it('are judged on what was open at the end as the judge does: missed once it is beyond', () => {
    const objectives = [promised('rto.produce', 40_000, 'met')]
    const open = { produceMs: null, objectives: [] }
    const { objectives: rows } = comparisonOf({
      a: [{ objectives }, { objectives }],
      b: [open, { ...open, loadEndMs: 20_000 }],
    })
    expect(rows[0]?.cells[1]).toMatchObject({ met: 0, missed: 1, unknown: 1, worstSeed: '1' })
  })
})

describe('one scenario with several seeds', () => {
  it('stands beside itself: a column a seed, no difference said, nothing decided', () => {
    const objectives = [promised('rto.produce', 5_000, 'met')]
    const { scenario, runs } = designOf('a', [
      { produceMs: 4_000, objectives },
      { produceMs: 6_000, objectives: [promised('rto.produce', 5_000, 'missed')] },
    ])
    const comparison = compareSeeds(scenario, runs)
    expect(comparison).toMatchObject({ varies: 'seed', seeds: ['1', '2'], runs: 1 })
    expect(comparison.designs.map(({ name }) => name)).toEqual(['seed 1', 'seed 2'])
    expect(comparison.differences).toEqual([])
    expect(measure(comparison, 'rto.produce').cells.map(({ p50 }) => p50)).toEqual([4_000, 6_000])
    expect(comparison.objectives[0]?.cells.map(({ worstSeed }) => worstSeed)).toEqual([null, '2'])
    expect(comparison.pairs).toMatchObject([{ relation: 'open', winner: null }])
  })
})

describe('a comparison', () => {
  it('refuses runs that are not of the same seeds', () => {
    const [a, b] = [designOf('a', [{}, {}]), designOf('b', [{}])]
    expect(() => compare([a, b])).toThrow('same seeds')
    const swapped = { ...a, runs: [...a.runs].reverse() }
    expect(() => compare([a, swapped])).toThrow('same seeds')
  })

  it('of real runs finds that a longer way costs latency, and nothing else that counts', () => {
    const slow = MINIMAL.replace('100/s', '5/s').replace('50ms', '20ms')
    const near = `${slow}duration: 3s\nsettle: 2s\nobjectives: { produce.p50: 100ms }\n`
    const far = near.replace('20ms', '120ms')
    const seeds = ['1', '2', '3', '4', '5', '6']
    const designs = [near, far].map((text, i) => {
      const scenario = scenarioOf(text, 'test.yaml')
      const runs = seeds.map((seed) => measuredRun(run(scenario, seed)))
      return { name: ['near', 'far'][i] ?? '', scenario, runs }
    })
    const comparison = compare(designs)
    expect(comparison.differences.map(({ subject }) => subject)).toEqual([
      'east → west delay',
      'west → east delay',
    ])
    expect(comparison.pairs).toMatchObject([{ relation: 'dominates', winner: 0 }])
    expect(comparison.objectives[0]?.cells).toMatchObject([{ met: 6 }, { missed: 6 }])
    expect(measure(comparison, 'rpo.records').isSame).toBe(true)
    expect(measure(comparison, 'rto.produce').cells[0]?.absent).toBe('no fault')
  })
})
