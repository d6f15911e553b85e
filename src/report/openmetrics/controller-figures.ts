// What controllers know: who leads the quorum, which brokers are fenced, and sums over partitions.

import type { RunResult, TimelineEvent } from '../../contract.ts'
import { type Sample, steps } from './exposition.ts'
import { clusterLabel, clusterOf, partitionLabels } from './places.ts'
import type { Figure } from './stock-names.ts'

type Figures = readonly (readonly [Figure, readonly Sample[]])[]

const SERIES: readonly (readonly [Figure, string])[] = [
  ['cluster.under-replicated', 'under-replicated'],
  ['cluster.under-min-isr', 'under-min-isr'],
  ['cluster.leaderless', 'leaderless'],
]

/** Sums over all partitions, and what each cluster's controllers know. */
export function controllerFigures(result: RunResult): Figures {
  return [
    ...SERIES.map(([figure, id]) => [figure, onGrid(result, id)] as const),
    ...result.clusters.flatMap(({ name, quorum, atMs }): Figures => {
      const labels = clusterLabel(result, name)
      const end = { labels, value: quorum.highWatermark, atMs }
      const isKnown = quorum.highWatermark >= 0
      return [
        ...spansOf(result, name),
        ...brokerCounts(result, name),
        ['controller.unclean-elections', uncleanElections(result, name)],
        ['controller.high-watermark', isKnown ? [end] : []],
      ]
    }),
  ]
}

function onGrid({ series: grid }: RunResult, id: string): Sample[] {
  const series = grid.series.find((each) => each.id === id)
  return (series?.values ?? []).flatMap((value, i) =>
    value === null ? [] : [{ labels: {}, value, atMs: grid.startMs + i * grid.stepMs }],
  )
}

function spansOf(result: RunResult, cluster: string): Figures {
  const spans = result.controllers.filter((span) => span.cluster === cluster)
  const labels = clusterLabel(result, cluster)
  const of = (read: (span: (typeof spans)[number]) => number) =>
    steps(
      labels,
      spans.map((span) => ({ atMs: span.fromMs, value: read(span) })),
      result.clock.endMs,
    )
  return [
    ['controller.active', of(({ node }) => (node < 0 ? 0 : 1))],
    ['controller.leader', of(({ node }) => node)],
    ['controller.epoch', of(({ epoch }) => epoch)],
  ]
}

/** Registered brokers begin as fenced ones, as in KRaft. */
function brokerCounts(result: RunResult, cluster: string): Figures {
  const fenced = new Map<number, boolean>()
  const changes = result.timeline.flatMap((event) => {
    const broker = Number(event.values.broker)
    if (!event.kind.startsWith('broker-') || clusterOf(result, broker) !== cluster) return []
    applyChange(fenced, broker, event)
    const count = [...fenced.values()].filter((isFenced) => isFenced).length
    return [{ atMs: event.atMs, fenced: count, active: fenced.size - count }]
  })
  const labels = clusterLabel(result, cluster)
  const of = (read: (change: (typeof changes)[number]) => number) =>
    steps(
      labels,
      changes.map((change) => ({ atMs: change.atMs, value: read(change) })),
      result.clock.endMs,
    )
  return [
    ['controller.active-brokers', of(({ active }) => active)],
    ['controller.fenced-brokers', of(({ fenced: count }) => count)],
  ]
}

/** Counted from nothing, as a controller that has just started does. */
function uncleanElections(result: RunResult, cluster: string): Sample[] {
  const { timeline, clusters, clock, series } = result
  const unclean = timeline.filter(({ values, partition }) => {
    if (values.unclean !== 1 || partition === null) return false
    return (partitionLabels(result, partition).cluster ?? clusters[0]?.name) === cluster
  })
  const changes = unclean.map(({ atMs }, i) => ({ atMs, value: i + 1 }))
  const first = { atMs: series.startMs, value: 0 }
  return steps(clusterLabel(result, cluster), [first, ...changes], clock.endMs)
}

function applyChange(fenced: Map<number, boolean>, broker: number, { kind }: TimelineEvent) {
  if (kind === 'broker-registered' || kind === 'broker-fenced') fenced.set(broker, true)
  if (kind === 'broker-unfenced') fenced.set(broker, false)
  if (kind === 'broker-unregistered') fenced.delete(broker)
}
