// The library's files about money, against one another: what their answers say of the difference.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { LIBRARY } from '../support/library.ts'

function textOf(name: string): string {
  const text = LIBRARY.find((file) => file.name === name)?.text
  if (text === undefined) throw new Error(`no scenario ${name}`)
  return text
}

const resultOf = (text: string) => run(scenarioOf(text, 'question.yaml'), '1')

describe('question 26', () => {
  const text = textOf('q26-follower-fetching')
  const near = resultOf(text)
  const far = resultOf(text.replace(/config:\n +replica.selector.class.*/, 'config: {}'))

  it('saves what three readers would fetch from other zones, and no more', () => {
    const saved = (far.egress.zones.gb ?? 0) - (near.egress.zones.gb ?? 0)
    // 1.2 MB/s to three readers, two thirds of it across zones; headers of small batches beside.
    const payload = 2 * 1.2288 * 730 * 3.6
    expect(saved / payload).toBeGreaterThan(1)
    expect(saved / payload).toBeLessThan(1.25)
  })

  it('shows a record later, as a follower hears of the high watermark with its next fetch', () => {
    const [a, b] = [near.latency.endToEnd.before, far.latency.endToEnd.before]
    expect(a.p50Ms ?? 0).toBeGreaterThan((b.p50Ms ?? 0) + 1)
    expect(a.p99Ms ?? 0).toBeGreaterThan(2 * (b.p99Ms ?? 0))
  })
})

describe('question 27', () => {
  it('the link is the smaller part of what a linked standby costs', () => {
    const { regions, zones, usd } = resultOf(textOf('q27-bill-linked')).egress
    expect((regions.usd ?? 0) / (usd ?? 0)).toBeLessThan(0.2)
    expect((zones.gb ?? 0) / (regions.gb ?? 1)).toBeGreaterThan(6)
    const stretched = resultOf(textOf('q27-bill-stretched')).egress
    expect(stretched.zones.gb).toBe(0)
    expect((usd ?? 0) / (stretched.usd ?? 1)).toBeGreaterThan(3)
  })
})

describe('question 28', () => {
  it('the cheaper design misses what only the dearer one promises', () => {
    const [linked, stretched] = ['q28-cheapest-linked', 'q28-cheapest-stretched'].map((name) =>
      resultOf(textOf(name)),
    )
    const limit = linked?.objectives.find(({ id }) => id === 'produce.p50')
    expect(limit?.verdict).toBe('met')
    expect(stretched?.latency.produce.all.p50Ms).toBeGreaterThan(10 * (limit?.limit ?? 0))
    expect((linked?.egress.usd ?? 0) / (stretched?.egress.usd ?? 1)).toBeGreaterThan(2)
  })
})
