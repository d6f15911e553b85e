// What the views of one partition and of the controller draw: stretches of leadership and in-sync
// sets, where epochs begin in the log, each replica's ends on a grid, and what was truncated.

import type { TopicPartition } from '../history/facts.ts'
import { type History, NO_EVENT } from '../history.ts'
import type {
  ControllerSpan,
  PartitionView,
  ReplicaTrack,
  Span,
  TruncationMark,
} from './judgement.ts'
import { type Registration, registrationsOf } from './registrations.ts'
import { rowsByPartition } from './rows.ts'

/** Views of `max` partitions; tracks are laid on a grid of `stepMicros`. */
export function partitionViews(history: History, stepMicros: number, max: number): PartitionView[] {
  const registrations = registrationsOf(history)
  const appends = rowsByPartition(history.appends.column('partition'))
  const samples = rowsByPartition(history.replicaSamples.column('partition'))
  const truncations = rowsByPartition(history.truncations.column('partition'))
  return history.shownPartitions(max).map((partition) => ({
    partition: history.partitionName(partition.index),
    topic: partition.topic,
    number: partition.number,
    replicas: partition.replicas,
    minIsr: minIsrSpans(history, partition),
    ...spansOf(registrations[partition.index] ?? []),
    epochs: epochsOf(history, appends.get(partition.index) ?? []),
    startMs: 0,
    stepMs: stepMicros / 1_000,
    tracks: tracksOf(history, partition.index, samples.get(partition.index) ?? [], stepMicros),
    truncations: truncationsOf(history, truncations.get(partition.index) ?? []),
  }))
}

/** Who was the active controller of each cluster, when; node -1 while there was none. */
export function controllerSpans(history: History): ControllerSpan[] {
  return history.clusters.flatMap((cluster) => spansOfCluster(history, cluster))
}

function spansOfCluster(history: History, cluster: string): ControllerSpan[] {
  const changes = history.controllerChanges.filter((change) => change.cluster === cluster)
  const spans = changes.map((change, i) => ({
    cluster,
    fromMs: Math.max(0, change.at) / 1_000,
    untilMs: (changes[i + 1]?.at ?? history.endAt) / 1_000,
    node: change.controller,
    epoch: change.epoch,
    label: change.controller < 0 ? 'none' : `controller ${change.controller}`,
  }))
  return spans.filter((span) => span.untilMs > 0)
}

function spansOf(list: readonly Registration[]): { leaders: Span[]; isr: Span[] } {
  const leaders: Span[] = []
  const isr: Span[] = []
  for (const { from, until, leader, leaderEpoch, isr: members } of list) {
    const [fromMs, untilMs] = [from / 1_000, until / 1_000]
    const label = leader < 0 ? 'none' : `broker ${leader} · epoch ${leaderEpoch}`
    extend(leaders, { fromMs, untilMs, node: leader, epoch: leaderEpoch, label })
    const names = members.join(',')
    extend(isr, { fromMs, untilMs, node: members.length, epoch: leaderEpoch, label: names })
  }
  return { leaders, isr }
}

function minIsrSpans(
  { minIsrChanges }: History,
  { index, minIsr }: TopicPartition,
): PartitionView['minIsr'] {
  const altered = minIsrChanges.filter(({ partition }) => partition === index)
  const later = altered.map(({ at, minIsr: replicas }) => ({ fromMs: at / 1_000, replicas }))
  return [{ fromMs: 0, replicas: minIsr }, ...later]
}

/** Adds a span, as part of the last one where both say the same. */
function extend(spans: Span[], span: Span): void {
  const last = spans[spans.length - 1]
  if (last?.label === span.label) spans[spans.length - 1] = { ...last, untilMs: span.untilMs }
  else spans.push(span)
}

/** @param appends rows of the partition's appends */
function epochsOf(
  history: History,
  appends: readonly number[],
): { epoch: number; startOffset: number }[] {
  const starts: { epoch: number; startOffset: number }[] = []
  const epochs = history.appends.column('leaderEpoch')
  const offsets = history.appends.column('baseOffset')
  for (const i of appends) {
    const epoch = epochs[i] ?? 0
    if (starts.at(-1)?.epoch === epoch || starts.some((s) => s.epoch === epoch)) continue
    starts.push({ epoch, startOffset: offsets[i] ?? 0 })
  }
  return starts.sort((a, b) => a.epoch - b.epoch)
}

/** @param samples rows of the partition's samples */
function tracksOf(
  history: History,
  partition: number,
  samples: readonly number[],
  step: number,
): ReplicaTrack[] {
  const known = history.partitions[partition]
  if (known === undefined) return []
  const points = Math.ceil(history.endAt / step) + 1
  const blank = (): (number | null)[] => new Array<number | null>(points).fill(null)
  const tracks = known.replicas.map((broker) => ({
    broker,
    role: known.observers.includes(broker) ? ('observer' as const) : ('replica' as const),
    logStart: blank(),
    highWatermark: blank(),
    logEnd: blank(),
  }))
  const trackOf = new Map(tracks.map((track) => [track.broker, track]))
  const { replicaSamples } = history
  const [brokers, ats] = [replicaSamples.column('broker'), replicaSamples.column('at')]
  const [starts, ends] = [replicaSamples.column('logStart'), replicaSamples.column('logEnd')]
  const marks = replicaSamples.column('highWatermark')
  for (const i of samples) {
    const track = trackOf.get(brokers[i] ?? -1)
    const cell = Math.floor((ats[i] ?? 0) / step)
    if (track === undefined || cell >= points) continue
    track.logStart[cell] = starts[i] ?? null
    track.highWatermark[cell] = marks[i] ?? null
    track.logEnd[cell] = ends[i] ?? null
  }
  return tracks
}

function truncationsOf({ truncations }: History, rows: readonly number[]): TruncationMark[] {
  return rows.map((row) => {
    const { at, broker, fromOffset, toOffset, event } = truncations.row(row)
    return {
      atMs: at / 1_000,
      broker,
      fromOffset,
      toOffset,
      event: event === NO_EVENT ? null : event,
    }
  })
}
