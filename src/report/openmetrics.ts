// Runs as timestamped OpenMetrics, ready to backfill. Names that Kafka's own exporters use stand
// where a figure has one; the rest begins with highwater_. A run's time zero is `epochSeconds`.

import type { Rto, RunResult } from '../contract.ts'

interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly atMs: number
}

interface Family {
  readonly name: string
  readonly help: string
  readonly samples: readonly Sample[]
}

/** Series of `RunResult.series` that have a name of their own; the divisor leads to its unit. */
const FROM_SERIES: readonly {
  readonly series: string
  readonly name: string
  readonly help: string
  readonly divisor?: number
}[] = [
  {
    series: 'under-replicated',
    name: 'kafka_server_replicamanager_underreplicatedpartitions',
    help: 'Partitions with a replica out of sync.',
  },
  {
    series: 'under-min-isr',
    name: 'kafka_server_replicamanager_underminisrpartitioncount',
    help: 'Partitions with fewer in sync than min.insync.replicas.',
  },
  {
    series: 'leaderless',
    name: 'kafka_controller_kafkacontroller_offlinepartitionscount',
    help: 'Partitions without a leader.',
  },
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

/** All runs in one exposition: a family's samples stand together, run after run. */
export function openMetricsReport(results: readonly RunResult[], epochSeconds = 0): string {
  const families = new Map<string, string[]>()
  for (const result of results) {
    for (const family of familiesOf(result)) {
      if (family.samples.length === 0) continue
      const head = [`# TYPE ${family.name} gauge`, `# HELP ${family.name} ${family.help}`]
      const lines = families.get(family.name) ?? head
      families.set(family.name, lines)
      for (const sample of family.samples) {
        lines.push(sampleLine(family.name, sample, result, epochSeconds))
      }
    }
  }
  return `${[...[...families.values()].flat(), '# EOF'].join('\n')}\n`
}

function familiesOf(result: RunResult): Family[] {
  return [
    ...FROM_SERIES.flatMap((rule) => fromSeries(result, rule)),
    controllerFamily(result),
    ...partitionFamilies(result),
    groupFamily(result),
    ...verdictFamilies(result),
  ]
}

/** As kafka-lag-exporter and its kin name it; at the end of the run. */
function groupFamily({ groups, clock }: RunResult): Family {
  const samples = groups.flatMap(({ group, lags }) =>
    lags.map(({ partition, records }) => {
      const dash = partition.lastIndexOf('-')
      const topic = partition.slice(0, dash)
      const labels = { consumergroup: group, topic, partition: partition.slice(dash + 1) }
      return { labels, value: records, atMs: clock.endMs }
    }),
  )
  return { name: 'kafka_consumergroup_lag', help: 'Committed offset behind the log.', samples }
}

function sampleLine(
  name: string,
  sample: Sample,
  { scenario, seed }: RunResult,
  epochSeconds: number,
): string {
  const labels = Object.entries({ scenario, seed, ...sample.labels })
    .map(([key, value]) => `${key}="${escaped(value)}"`)
    .join(',')
  return `${name}{${labels}} ${sample.value} ${epochSeconds + sample.atMs / 1_000}`
}

function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
}

function fromSeries(result: RunResult, rule: (typeof FROM_SERIES)[number]): Family[] {
  const series = result.series.series.find((s) => s.id === rule.series)
  if (series === undefined) return []
  const { startMs, stepMs } = result.series
  const divisor = rule.divisor ?? 1
  const samples = series.values.flatMap((value, i) =>
    value === null ? [] : [{ labels: {}, value: value / divisor, atMs: startMs + i * stepMs }],
  )
  return [{ name: rule.name, help: rule.help, samples }]
}

/** Where there are several clusters each sample says of which it is. */
function labelsOf({ clusters }: RunResult, cluster: string): Record<string, string> {
  return clusters.length > 1 ? { cluster } : {}
}

function controllerFamily(result: RunResult): Family {
  return {
    name: 'kafka_controller_kafkacontroller_activecontrollercount',
    help: 'Active controllers.',
    samples: result.controllers.map((span) => ({
      labels: labelsOf(result, span.cluster),
      value: span.node < 0 ? 0 : 1,
      atMs: span.fromMs,
    })),
  }
}

/** One sample at each change: these are steps, not curves. */
function partitionFamilies(result: RunResult): Family[] {
  const isr: Sample[] = []
  const leader: Sample[] = []
  for (const view of result.partitions) {
    const labels = { topic: view.topic, partition: String(view.number) }
    for (const span of view.isr) isr.push({ labels, value: span.node, atMs: span.fromMs })
    for (const span of view.leaders) leader.push({ labels, value: span.node, atMs: span.fromMs })
  }
  return [
    { name: 'kafka_topic_partition_in_sync_replica', help: 'In-sync replicas.', samples: isr },
    { name: 'kafka_topic_partition_leader', help: 'Leader, -1 for none.', samples: leader },
  ]
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
    name,
    help,
    samples: [at(value)],
  })
  return [
    one('highwater_rpo_records', 'Acknowledged records lost.', result.rpo.records),
    one('highwater_rpo_bytes', 'Acknowledged bytes lost.', result.rpo.bytes),
    one('highwater_rpo_window_seconds', 'Loss window.', result.rpo.windowMs / 1_000),
    one('highwater_rpo_age_seconds', 'Loss age.', result.rpo.ageMs / 1_000),
    {
      name: 'highwater_rto_seconds',
      help: 'Recovery time; absent while not recovered.',
      samples: [
        ...rtoSamples(result.rto.produce, 'produce', at),
        ...rtoSamples(result.rto.consume, 'consume', at),
      ],
    },
    {
      name: 'highwater_objective_met',
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
