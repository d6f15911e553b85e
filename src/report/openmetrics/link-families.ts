// What only Highwater measures of links between clusters: how far their targets were behind over
// time, how long replication took, and what was missing when it mattered.

import type { LatencySummary, LinkJudgement, RunResult } from '../../contract.ts'
import type { Family, Sample } from './exposition.ts'

const CHARTS = [
  { series: 'copied', name: 'copied_records_rate', help: 'Records copied a second.', divisor: 1 },
  { series: 'lag', name: 'lag_records', help: 'Acknowledged, not at the target.', divisor: 1 },
  { series: 'age', name: 'lag_seconds', help: 'Age of the oldest of them.', divisor: 1_000 },
] as const

/** Empty for a run without links. */
export function linkFamilies(result: RunResult): Family[] {
  if (result.links.length === 0) return []
  return [
    ...CHARTS.map((chart) => chartFamily(result, chart)),
    latencyFamily(result),
    ...pointFamilies(result),
  ]
}

function chartFamily(result: RunResult, chart: (typeof CHARTS)[number]): Family {
  const { startMs, stepMs, series } = result.series
  const samples = result.links.flatMap(({ link }) => {
    const values = series.find(({ id }) => id === `link.${link}.${chart.series}`)?.values ?? []
    return values.flatMap((value, i): Sample[] =>
      value === null
        ? []
        : [{ labels: { link }, value: value / chart.divisor, atMs: startMs + i * stepMs }],
    )
  })
  return { name: `highwater_link_${chart.name}`, type: 'gauge', help: chart.help, samples }
}

function latencyFamily({ links, clock }: RunResult): Family {
  const quantiles = (summary: LatencySummary) =>
    [
      ['0.5', summary.p50Ms],
      ['0.95', summary.p95Ms],
      ['0.99', summary.p99Ms],
    ] as const
  const samples = links.flatMap(({ link, latency }) =>
    Object.entries(latency).flatMap(([definition, { all }]) =>
      quantiles(all).flatMap(([quantile, ms]): Sample[] => {
        const labels = { link, definition, q: quantile }
        return ms === null ? [] : [{ labels, value: ms / 1_000, atMs: clock.endMs }]
      }),
    ),
  )
  return {
    ...{ name: 'highwater_link_latency_seconds', type: 'gauge' },
    help: 'Replication latency by definition and quantile.',
    samples,
  }
}

/** Missing records at the first fault, at each promotion, and when the load ended. */
function pointFamilies({ links }: RunResult): Family[] {
  const samples = (of: (point: LinkJudgement['atLoadEnd']) => number): Sample[] =>
    links.flatMap(({ link, atFault, atLoadEnd, failovers }) => {
      const points = [
        ...(atFault === null ? [] : [{ when: 'fault', point: atFault }]),
        ...failovers.map(({ missing }) => ({ when: 'promotion', point: missing })),
        { when: 'load-end', point: atLoadEnd },
      ]
      return points.map(({ when, point }) => ({
        ...{ labels: { link, when }, value: of(point), atMs: point.atMs },
      }))
    })
  const family = (name: string, help: string, list: Sample[]): Family => ({
    ...{ name: `highwater_link_rpo_${name}`, type: 'gauge', help, samples: list },
  })
  return [
    family(
      'records',
      'Acknowledged and not at the target.',
      samples((p) => p.records),
    ),
    family(
      'bytes',
      'Their size.',
      samples((p) => p.bytes),
    ),
    family(
      'window_seconds',
      'Since the first of them.',
      samples((p) => p.windowMs / 1_000),
    ),
    family(
      'age_seconds',
      'Age of the newest there.',
      samples((p) => p.ageMs / 1_000),
    ),
  ]
}
