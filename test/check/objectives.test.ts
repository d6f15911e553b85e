import { describe, expect, it } from 'vitest'
import type { Objective } from '../../src/check/judgement.ts'
import { judge, worstVerdict } from '../../src/check/verdict.ts'
import { TinyHistory } from './tiny-history.ts'

const atMost = (id: string, limit: number) => ({ id, comparison: 'at-most' as const, limit })
const atLeast = (id: string, limit: number) => ({ id, comparison: 'at-least' as const, limit })

/** Four seconds without writes, nothing lost. */
function outage(): TinyHistory {
  const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
  tiny.fault(5_010)
  tiny.produced({ first: 101, sentMs: 5_040, doneMs: 9_010 })
  return tiny.steady(9_060, 20_000, 50, 102)
}

const verdicts = (tiny: TinyHistory, limits: readonly Objective[]) =>
  judge(tiny.log([[0, 400]]).end(20_000), limits).objectives

describe('objectives', () => {
  it('are met up to the limit and missed beyond it', () => {
    const limits = [atMost('rto.produce', 4_000), atMost('rto.produce', 3_999)]
    expect(verdicts(outage(), limits)).toMatchObject([
      { verdict: 'met', measured: 4_000, unit: 'ms' },
      { verdict: 'missed', measured: 4_000 },
    ])
  })

  it('can ask for at least as much', () => {
    const limits = [atLeast('availability', 0.79), atLeast('availability', 0.999)]
    expect(verdicts(outage(), limits).map((o) => o.verdict)).toEqual(['met', 'missed'])
  })

  it('that ask for at least as much are met at the limit', () => {
    const [first] = verdicts(outage(), [atLeast('availability', 0)])
    const share = first?.measured ?? 0
    const limits = [atLeast('availability', share), atLeast('availability', share + 0.000_001)]
    expect(verdicts(outage(), limits).map((o) => o.verdict)).toEqual(['met', 'missed'])
  })

  it('are unknown where the run ended before they were decided', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
    tiny.fault(5_010)
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 20_000, outcome: 'pending' })
    expect(verdicts(tiny, [atMost('rto.produce', 20_000)])).toMatchObject([
      { verdict: 'unknown', measured: null },
    ])
  })

  it('are missed without an end where the outage already lasts too long', () => {
    const tiny = new TinyHistory().steady(0, 5_000, 50, 0)
    tiny.fault(5_010)
    tiny.produced({ first: 101, sentMs: 5_040, doneMs: 20_000, outcome: 'pending' })
    expect(verdicts(tiny, [atMost('rto.produce', 10_000)])).toMatchObject([
      { verdict: 'missed', measured: null },
    ])
  })

  it('on loss are unknown while a partition has no leader', () => {
    const tiny = outage()
    tiny.leader(-1, 3, [], 19_000)
    expect(verdicts(tiny, [atMost('rpo.records', 0)])).toMatchObject([
      { verdict: 'unknown', evidence: 'no leader at the end: orders-0' },
    ])
  })

  it('on latency are unknown where nothing was acknowledged', () => {
    expect(verdicts(new TinyHistory(), [atMost('produce.p99', 5)])[0]?.verdict).toBe('unknown')
  })

  it('all have a measure, each in its own unit', () => {
    const units = Object.entries({
      ...{ 'rpo.records': 'records', 'rpo.bytes': 'bytes', 'rpo.seconds': 'ms', 'rpo.age': 'ms' },
      ...{ 'rto.produce': 'ms', 'rto.consume': 'ms', 'rto.control': 'ms', 'rto.steady': 'ms' },
      ...{ 'produce.p50': 'ms', 'produce.p95': 'ms', 'produce.p99': 'ms' },
      ...{ duplicates: 'records', reordered: 'records', skipped: 'records' },
      ...{ redelivered: 'records', phantoms: 'records', failed: 'records' },
      ...{ availability: 'ratio' },
    })
    const found = verdicts(
      outage(),
      units.map(([id]) => atMost(id, 1e9)),
    )
    expect(found.map((o) => [o.id, o.unit])).toEqual(units)
    expect(found.filter((o) => o.measured === null)).toEqual([])
  })
})

describe('the verdict', () => {
  it('is met where nothing was promised', () => {
    expect(judge(outage().log([]).end(20_000), []).verdict).toBe('met')
  })

  it('is the worst of all: missed before unknown before met', () => {
    expect(worstVerdict(['met', 'unknown', 'missed'])).toBe('missed')
    expect(worstVerdict(['met', 'unknown'])).toBe('unknown')
    expect(worstVerdict(['met', 'met'])).toBe('met')
  })
})
