// What the exporters of links would show: MirrorMaker 2 by partition of its target, a cluster link
// as a whole. Over time, on the partitions that a result follows.

import type { LinkJudgement, LinkTrack, RunResult } from '../../contract.ts'
import { type Sample, steps } from './exposition.ts'
import { clusterLabel, partitionLabels } from './places.ts'
import type { Figure, LinkFigure } from './stock-names.ts'

type Figures = readonly (readonly [Figure, readonly Sample[]])[]

/** Kafka's rates are over the last half minute of samples. */
const RATE_MS = 30_000

/** Empty for a run without links. */
export function linkFigures(result: RunResult): Figures {
  return result.links.flatMap((link): Figures => {
    const tracks = result.linkTracks.filter((track) => track.link === link.link)
    switch (link.system) {
      case 'mirror-maker2':
        return tracks.flatMap((track) => mirrorFigures(result, link, track))
      case 'cluster-link':
        return [
          ['link.cluster.lag-max', lagMax(result, link, tracks)],
          ['link.cluster.topics', mirrorTopics(result, link)],
          ['link.cluster.under-replicated', underReplicated(result, link, tracks)],
        ]
      default:
        return []
    }
  })
}

/** MirrorSourceMetrics names a partition as it is called at the target. */
function mirrorFigures(result: RunResult, { to }: LinkJudgement, track: LinkTrack): Figures {
  const { cluster: _, ...place } = partitionLabels(result, track.partition)
  const labels = { target: to, ...place }
  const of = (figure: LinkFigure, values: readonly (number | null)[]) =>
    [figure, onGrid(result, labels, values)] as const
  return [
    of('link.mirror.record-count', track.records),
    of('link.mirror.record-rate', ratesOf(result, track.records)),
    of('link.mirror.byte-count', track.bytes),
    of('link.mirror.byte-rate', ratesOf(result, track.bytes)),
    ...(['replication-latency', 'record-age'] as const).flatMap((name) => {
      const timing = name === 'record-age' ? track.age : track.latency
      return [
        of(`link.mirror.${name}`, timing.lastMs),
        of(`link.mirror.${name}-min`, timing.minMs),
        of(`link.mirror.${name}-max`, timing.maxMs),
        of(`link.mirror.${name}-avg`, timing.meanMs),
      ]
    }),
  ]
}

function onGrid(
  { series }: RunResult,
  labels: Sample['labels'],
  values: readonly (number | null)[],
): Sample[] {
  return values.flatMap((value, i) =>
    value === null ? [] : [{ labels, value, atMs: series.startMs + i * series.stepMs }],
  )
}

/** A second, over the half minute before each instant, or as much of it as there was. */
function ratesOf({ series }: RunResult, sums: readonly number[]): (number | null)[] {
  const window = Math.max(1, Math.round(RATE_MS / series.stepMs))
  return sums.map((sum, i) => {
    if (i === 0) return null
    const from = Math.max(0, i - window)
    return ((sum - (sums[from] ?? 0)) * 1_000) / ((i - from) * series.stepMs)
  })
}

function lagMax(result: RunResult, { link }: LinkJudgement, tracks: readonly LinkTrack[]) {
  const worst = Array.from({ length: tracks[0]?.behind.length ?? 0 }, (_, i) =>
    Math.max(...tracks.map(({ behind }) => behind[i] ?? 0)),
  )
  return onGrid(result, { link_name: link }, worst)
}

/** Mirrors by state from change to change. */
function mirrorTopics(result: RunResult, { link }: LinkJudgement): Sample[] {
  const states = new Map<string, string>()
  const changes = result.timeline.filter(
    ({ kind, values }) => kind === 'mirror' && values.link === link,
  )
  const counts = new Map<string, { atMs: number; value: number }[]>()
  for (const { atMs, values } of changes) {
    states.set(String(values.topic), String(values.state))
    for (const state of new Set([...counts.keys(), String(values.state)])) {
      const value = [...states.values()].filter((one) => one === state).length
      counts.set(state, [...(counts.get(state) ?? []), { atMs, value }])
    }
  }
  return [...counts].flatMap(([state, points]) =>
    steps({ link_name: link, state }, points, result.clock.endMs),
  )
}

/** Partitions of the target that the link writes and that have a replica out of sync. */
function underReplicated(
  result: RunResult,
  { link, to }: LinkJudgement,
  tracks: readonly LinkTrack[],
): Sample[] {
  const names = new Set(tracks.map(({ partition }) => partition))
  const views = result.partitions.filter(({ partition }) => names.has(partition))
  const starts = views.flatMap(({ isr }) => isr.map(({ fromMs }) => fromMs))
  const instants = [...new Set(starts)].sort((a, b) => a - b)
  const points = instants.map((atMs) => ({
    atMs,
    value: views.filter(({ isr, replicas }) => {
      const now = isr.findLast(({ fromMs }) => fromMs <= atMs)
      return now !== undefined && now.node < replicas.length
    }).length,
  }))
  const labels = { link_name: link, ...clusterLabel(result, to) }
  return steps(labels, points, result.clock.endMs)
}
