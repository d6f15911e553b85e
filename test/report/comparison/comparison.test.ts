import { describe, expect, it } from 'vitest'
import { compareSeeds } from '../../../src/lab/compare/compare.ts'
import { comparisonJson } from '../../../src/report/comparison/json.ts'
import { comparisonMarkdown } from '../../../src/report/comparison/markdown.ts'
import { decisionSentence } from '../../../src/report/comparison/sentence.ts'
import { comparisonText } from '../../../src/report/comparison/text.ts'
import { ANSI, PLAIN } from '../../../src/report/palette.ts'
import { type Came, comparisonOf, designOf, promised, times } from '../../lab/compare/fixture.ts'

/** 20 runs that recover in about so many seconds, judged against 15 s. */
function recovering(seconds: number, more: Came = {}): Came[] {
  return times(20, (i) => {
    const produceMs = seconds * 1_000 + 10 * i
    const verdict = produceMs <= 15_000 ? 'met' : 'missed'
    const objectives = [promised('rpo.records', 0, 'met'), promised('rto.produce', 15_000, verdict)]
    return { produceMs, objectives, ...more }
  })
}

describe('the sentence for a decision record', () => {
  it('tells who met what, the figures that count, and what speaks for whom', () => {
    const sentence = decisionSentence(
      comparisonOf({ near: recovering(8, { usd: 90 }), far: recovering(12, { usd: 70.5 }) }),
    )
    expect(sentence).toBe(
      'In simulations of 2 designs with the same 20 seeds (1 to 20), ' +
        'near met every objective in 20 of 20 runs, far met every objective in 20 of 20 runs; ' +
        'recovery time, produce, median (p95): 8.090 s (8.180 s) with near, ' +
        '12.090 s (12.180 s) with far; ' +
        'egress price a month, median (p95): $90.00 ($90.00) with near, ' +
        '$70.50 ($70.50) with far; the same in all: records lost 0; ' +
        'near or far is a trade-off, ' +
        'and of those that met everything in every run far costs least between regions.',
    )
  })

  it('turns with the figures: another winner, another price, another miss', () => {
    const dominated = comparisonOf({ a: recovering(12), b: recovering(8) })
    expect(decisionSentence(dominated)).toContain('b dominates a, and they cost the same')
    const missed = decisionSentence(comparisonOf({ a: recovering(14.9), b: recovering(8) }))
    expect(missed).toContain(
      'a met every objective in 11 of 20 runs (rto.produce ≤ 15 s missed in 9)',
    )
    expect(missed).toContain('; only b met everything in every run.')
    const none = comparisonOf({ a: recovering(16), b: recovering(17) })
    expect(decisionSentence(none)).toMatch(/; no design met everything in every run\.$/)
  })

  it('keeps unknown what is unknown', () => {
    const open = times(20, () => ({ produceMs: null, usd: null, objectives: [] }))
    const sentence = decisionSentence(comparisonOf({ a: recovering(8), b: open }))
    expect(sentence).toContain('undecided (undecided) with b')
    expect(sentence).toContain('not measured with b (no list price for some of the traffic)')
    const unpriced = comparisonOf({ a: recovering(8, { usd: null }), b: recovering(9, { usd: 5 }) })
    expect(decisionSentence(unpriced)).toContain('which costs least between regions is unknown')
  })

  it('claims nothing from one run', () => {
    const one = comparisonOf({ a: recovering(8).slice(0, 1), b: recovering(12).slice(0, 1) })
    expect(decisionSentence(one)).toContain('with the one seed 1, ')
    expect(decisionSentence(one)).toContain('the runs do not tell a and b apart')
    expect(comparisonText(one, PLAIN)).toContain('add --seeds 20')
    const [a, b, c] = [8, 12, 14].map((seconds) => recovering(seconds).slice(0, 1))
    const three = comparisonOf({ a: a ?? [], b: b ?? [], c: c ?? [] })
    expect(decisionSentence(three)).toContain('; the runs tell none of them apart, and')
  })
})

describe('one scenario with several seeds', () => {
  it('is told as such, and what sets the runs apart is called chance', () => {
    const { scenario, runs } = designOf('a', recovering(14.99).slice(0, 3))
    const comparison = compareSeeds(scenario, runs)
    expect(decisionSentence(comparison)).toBe(
      'In 3 simulations of q05-active-controller-region, apart by their seeds alone, ' +
        'seed 1 met every objective, seed 2 met every objective, ' +
        'seed 3 did not (rto.produce ≤ 15 s missed); ' +
        'recovery time, produce: 14.990 s with seed 1, 15.000 s with seed 2, ' +
        '15.010 s with seed 3; the same in all: records lost 0, egress price a month $100; ' +
        '2 of 3 met everything.',
    )
    const text = comparisonText(comparison, PLAIN)
    expect(text).toContain('q05-active-controller-region with 3 seeds')
    expect(text).toContain('Chance alone sets these runs apart')
    expect(comparisonMarkdown(comparison)).toContain('One run of each.')
  })
})

describe('the text of a comparison', () => {
  const comparison = comparisonOf({
    near: recovering(8),
    far: recovering(14.9, { usd: 70.5 }),
    third: recovering(8, { lost: 3, objectives: [] }),
  })

  it('puts what differs first, then the same, the matrix and the pairs', () => {
    const text = comparisonText(comparison, PLAIN)
    const marks = [
      '3 designs, the same for all: 20 seeds, 1 to 20',
      '  B  far',
      'recovery time, produce  8.090 s (8.000 s to 8.180 s)  14.990 s (14.900 s to 15.080 s)',
      'The same in all: ',
      'rto.produce ≤ 15 s  20 of 20  11 of 20, 9 missed (seed 12)  20 of 20',
      'rpo.records ≤ 0     20 of 20  20 of 20                      0 of 20, 20 missed (seed 1)',
      'all of them         20 of 20  11 of 20                      0 of 20',
      'A or B is a trade-off: A is better in recovery time, produce',
      'A dominates C: better in records lost (by 3 in the median, in 20 of 20 seeds)',
      'For the decision record',
    ]
    for (const mark of marks) expect(text).toContain(mark)
    const places = [marks[0], marks[2], marks[3], marks[9]].map((mark) => text.indexOf(mark ?? ''))
    expect(places).toEqual([...places].sort((x, y) => x - y))
    expect(text.endsWith('\n')).toBe(true)
  })

  it('says in how many seeds a dash is undecided', () => {
    const open = [{ produceMs: null }, ...recovering(8).slice(1)]
    const text = comparisonText(comparisonOf({ a: recovering(8), b: open }), PLAIN)
    expect(text).toContain('recovery time, produce, B: undecided in 1 of 20 seeds')
  })

  it('is coloured only where it may be', () => {
    expect(comparisonText(comparison, PLAIN)).not.toContain('\u001b')
    expect(comparisonText(comparison, ANSI)).toContain('\u001b[1m')
  })

  it('says the same as Markdown, in tables that every row fits', () => {
    const markdown = comparisonMarkdown(comparison)
    expect(markdown).toContain(decisionSentence(comparison))
    expect(markdown).toContain('| `rto.produce ≤ 15 s` | A, B | 20 of 20 | 11 of 20, 9 missed')
    let columns = 0
    for (const line of markdown.split('\n')) {
      const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).length : 0
      if (cells > 0 && columns > 0) expect(cells).toBe(columns)
      columns = cells
    }
  })

  it('as JSON holds every value, so that each percentile can be found again', () => {
    const { sentence, measures, seeds } = JSON.parse(comparisonJson(comparison))
    expect(sentence).toBe(decisionSentence(comparison))
    const produce = measures.find((each: { id: string }) => each.id === 'rto.produce')
    expect(produce.cells[1].values).toHaveLength(seeds.length)
    expect([...produce.cells[1].values].sort((x, y) => x - y)[9]).toBe(produce.cells[1].p50)
  })
})
