import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../../src/contract.ts'
import type { Sample } from '../../../src/report/openmetrics/exposition.ts'
import { type Figure, STOCK_NAMES } from '../../../src/report/openmetrics/stock-names.ts'
import { figuresOf, openMetricsReport } from '../../../src/report/openmetrics.ts'
import { runMirrored } from '../../lab/links/mirrored-regions.ts'
import { CUT, runLinked } from '../../lab/links/two-regions.ts'
import { formatProblems } from './format.ts'

const MIRRORED = runMirrored([`{at: 10s, for: 5s, ${CUT}}`])
const LINKED = runLinked({
  duration: '40s',
  faults: [`{at: 10s, for: 5s, ${CUT}}`, '{at: 30s, mirror-promote: {link: dr}}'],
})

/** Samples of a figure, those of one series together. */
function seriesOf(result: RunResult, figure: Figure): Map<string, readonly Sample[]> {
  const found = new Map<string, Sample[]>()
  for (const sample of figuresOf(result).get(figure) ?? []) {
    const key = JSON.stringify(sample.labels)
    found.set(key, [...(found.get(key) ?? []), sample])
  }
  return found
}

const valueAt = (samples: readonly Sample[], ms: number) =>
  samples.findLast(({ atMs }) => atMs <= ms)?.value

describe('MirrorMaker 2 under its exporter’s names', () => {
  it('has the labels of the exporter: the target, and the topic as it is called there', () => {
    expect([...seriesOf(MIRRORED, 'link.mirror.record-count').keys()]).toEqual([
      '{"target":"B","topic":"A.orders","partition":"0"}',
      '{"target":"B","topic":"A.orders","partition":"1"}',
    ])
  })

  it('counts what the link copied, records and bytes', () => {
    const [link] = MIRRORED.links
    const sum = (figure: Figure) =>
      [...seriesOf(MIRRORED, figure).values()].reduce(
        (all, one) => all + (one.at(-1)?.value ?? 0),
        0,
      )
    expect(link?.copied.again).toBe(0)
    expect(sum('link.mirror.record-count')).toBe(link?.copied.records)
    expect(sum('link.mirror.record-count')).toBe(2000)
    // Of the producers' bytes: the copy is batched anew.
    expect(sum('link.mirror.byte-count')).toBeGreaterThan(2000 * 100)
  })

  it('keeps the last latency while nothing comes, and the worst of the half minute', () => {
    for (const samples of seriesOf(MIRRORED, 'link.mirror.replication-latency').values()) {
      expect(
        new Set(
          samples.filter(({ atMs }) => atMs > 10_500 && atMs < 15_000).map(({ value }) => value),
        ).size,
      ).toBe(1)
    }
    const [worst] = seriesOf(MIRRORED, 'link.mirror.replication-latency-max').values()
    const [best] = seriesOf(MIRRORED, 'link.mirror.replication-latency-min').values()
    const [mean] = seriesOf(MIRRORED, 'link.mirror.replication-latency-avg').values()
    expect(valueAt(worst ?? [], 9_900)).toBeLessThan(1_000)
    expect(valueAt(worst ?? [], 20_000)).toBeGreaterThan(4_500)
    expect(valueAt(best ?? [], 20_000)).toBeGreaterThan(25)
    expect(valueAt(mean ?? [], 20_000)).toBeGreaterThan(valueAt(best ?? [], 20_000) ?? 0)
    expect(valueAt(mean ?? [], 20_000)).toBeLessThan(valueAt(worst ?? [], 20_000) ?? 0)
  })

  it('measures the age of a record at the task: its latency less the write', () => {
    const at = (figure: Figure) => valueAt([...seriesOf(MIRRORED, figure).values()][0] ?? [], 9_900)
    const [age, latency] = [
      at('link.mirror.record-age-avg'),
      at('link.mirror.replication-latency-avg'),
    ]
    // Half a round trip of 50 ms at least; the worker stands beside its target.
    expect(age).toBeGreaterThan(25)
    expect(latency).toBeGreaterThan((age ?? 0) + 0.5)
    expect(latency).toBeLessThan((age ?? 0) + 25)
  })

  it('tells rates that follow the load', () => {
    const rates = [...seriesOf(MIRRORED, 'link.mirror.record-rate').values()]
    const sum = rates.reduce((all, rate) => all + (valueAt(rate, 9_500) ?? 0), 0)
    expect(sum).toBeGreaterThan(90)
    expect(sum).toBeLessThan(101)
  })
})

describe('a cluster link under its broker’s names', () => {
  it('is behind while it is cut, and not before nor after', () => {
    const [lag] = seriesOf(LINKED, 'link.cluster.lag-max').values()
    expect(valueAt(lag ?? [], 9_500)).toBeLessThan(100)
    // Half of 500 records a second for five seconds in each of two partitions.
    expect(valueAt(lag ?? [], 14_900)).toBeGreaterThan(1_000)
    expect(lag?.at(-1)?.value).toBe(0)
  })

  it('counts mirror topics by their state', () => {
    const counts = seriesOf(LINKED, 'link.cluster.topics')
    const active = counts.get('{"link_name":"dr","state":"ACTIVE"}') ?? []
    const stopped = counts.get('{"link_name":"dr","state":"STOPPED"}') ?? []
    expect([valueAt(active, 29_000), active.at(-1)?.value]).toEqual([1, 0])
    expect([valueAt(stopped, 29_000), stopped.at(-1)?.value]).toEqual([undefined, 1])
  })

  it('finds no mirror out of sync where no broker of the target failed', () => {
    const [samples] = seriesOf(LINKED, 'link.cluster.under-replicated').values()
    expect(samples?.every(({ value }) => value === 0)).toBe(true)
  })
})

describe('groups over time', () => {
  it('lag what is visible and not committed, at every instant of the charts', () => {
    const lags = [...seriesOf(MIRRORED, 'group.lag')].filter(([key]) => key.includes('"billing"'))
    expect(lags).toHaveLength(2)
    for (const [, samples] of lags) {
      expect(samples.length).toBeGreaterThan(50)
      // A commit a second at 50 records a second, and a poll on its way.
      expect(Math.max(...samples.map(({ value }) => value))).toBeLessThan(120)
      expect(samples.at(-1)?.value).toBe(0)
    }
    const [sums] = [...seriesOf(MIRRORED, 'group.lag-of-topic')].filter(([key]) =>
      key.includes('"billing"'),
    )
    const at = sums?.[1][10]?.atMs ?? -1
    const parts = lags.map(([, samples]) => samples.find((one) => one.atMs === at)?.value ?? 0)
    expect(sums?.[1][10]?.value).toBe(parts.reduce((a, b) => a + b, 0))
  })

  it('have as many members as their coordinator knows', () => {
    const [[, members] = []] = [...seriesOf(MIRRORED, 'group.members')].filter(([key]) =>
      key.includes('"billing"'),
    )
    expect(members?.map(({ value }) => value)).toEqual([1])
  })
})

describe('every stock name of links and groups', () => {
  it('has a figure in one of these runs', () => {
    const held = [MIRRORED, LINKED].map((result) => figuresOf(result))
    const wanted = STOCK_NAMES.filter(({ figure }) => /^(link|group)\./.test(figure))
    const empty = wanted.filter(({ figure }) =>
      held.every((figures) => (figures.get(figure) ?? []).length === 0),
    )
    expect(wanted.length).toBeGreaterThan(15)
    expect(empty.map(({ figure }) => figure)).toEqual([])
  })

  it('is OpenMetrics to the letter', () => {
    expect(formatProblems(openMetricsReport([MIRRORED, LINKED], 1_700_000_000))).toEqual([])
  })
})
