// What only Highwater measures, under its own prefix.

import type { Rto, RunResult } from '../../contract.ts'
import type { Family, Sample } from './exposition.ts'
import { linkFamilies } from './link-families.ts'

/** Series of `RunResult.series`; the divisor leads to the unit of the name. */
const FROM_SERIES: readonly {
  readonly series: string
  readonly name: string
  readonly help: string
  readonly divisor?: number
}[] = [
  { series: 'acked', name: 'highwater_acked_records_rate', help: 'Acknowledged records a second.' },
  {
    series: 'delivered',
    name: 'highwater_delivered_records_rate',
    help: 'Records a second handed to consumers.',
  },
  {
    series: 'isr.smallest',
    name: 'highwater_smallest_isr',
    help: 'Members of the smallest in-sync set.',
  },
  {
    series: 'hw.lag',
    name: 'highwater_uncommitted_records',
    help: 'Records between high watermarks and log ends.',
  },
  {
    series: 'end-to-end.lag',
    name: 'highwater_end_to_end_lag_seconds',
    help: 'Age of the oldest record sent and not delivered.',
    divisor: 1_000,
  },
  {
    series: 'produce.p99',
    name: 'highwater_produce_latency_p99_seconds',
    help: 'Send to acknowledgement, 99th percentile of each step.',
    divisor: 1_000,
  },
]

/** Charts, and what the run came to. */
export function ownFamilies(result: RunResult): Family[] {
  return [
    ...FROM_SERIES.flatMap((rule) => fromSeries(result, rule)),
    ...verdictFamilies(result),
    ...linkFamilies(result),
  ]
}

function fromSeries(result: RunResult, rule: (typeof FROM_SERIES)[number]): Family[] {
  const series = result.series.series.find((s) => s.id === rule.series)
  if (series === undefined) return []
  const { startMs, stepMs } = result.series
  const divisor = rule.divisor ?? 1
  const samples = series.values.flatMap((value, i) =>
    value === null ? [] : [{ labels: {}, value: value / divisor, atMs: startMs + i * stepMs }],
  )
  return [{ name: rule.name, type: 'gauge', help: rule.help, samples }]
}

function verdictFamilies(result: RunResult): Family[] {
  const atMs = result.clock.endMs
  const at = (value: number, labels: Readonly<Record<string, string>> = {}): Sample => ({
    labels,
    value,
    atMs,
  })
  const kept = { met: 1, missed: 0, unknown: -1 }
  const one = (name: string, help: string, value: number): Family => ({
    ...{ name, help, type: 'gauge' },
    samples: [at(value)],
  })
  return [
    one('highwater_rpo_records', 'Acknowledged records lost.', result.rpo.records),
    one('highwater_rpo_bytes', 'Acknowledged bytes lost.', result.rpo.bytes),
    one('highwater_rpo_window_seconds', 'Loss window.', result.rpo.windowMs / 1_000),
    one('highwater_rpo_age_seconds', 'Loss age.', result.rpo.ageMs / 1_000),
    {
      ...{ name: 'highwater_rto_seconds', type: 'gauge' },
      help: 'Recovery time; absent while not recovered.',
      samples: [
        ...rtoSamples(result.rto.produce, 'produce', at),
        ...rtoSamples(result.rto.consume, 'consume', at),
      ],
    },
    {
      ...{ name: 'highwater_objective_met', type: 'gauge' },
      help: '1 met, 0 missed, -1 unknown.',
      samples: result.objectives.map((o) => at(kept[o.verdict], { objective: o.id })),
    },
  ]
}

function rtoSamples(
  rto: Rto,
  direction: string,
  at: (value: number, labels: Readonly<Record<string, string>>) => Sample,
): Sample[] {
  const parts: [string, number | null][] = [
    ['total', rto.ms],
    ['detect', rto.detectMs],
    ['decide', rto.decideMs],
    ['elect', rto.electMs],
    ['client', rto.clientMs],
  ]
  return parts.flatMap(([segment, ms]) =>
    ms === null ? [] : [at(ms / 1_000, { direction, segment })],
  )
}
