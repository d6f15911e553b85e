// How far consumer groups are: over time on the partitions that a result follows, and when the run
// ended on the others.

import type { GroupTrack, RunResult } from '../../contract.ts'
import type { Sample } from './exposition.ts'
import { clusterLabel, partitionLabels } from './places.ts'
import type { Figure } from './stock-names.ts'

type Figures = readonly (readonly [Figure, readonly Sample[]])[]
type Labels = Sample['labels']

/** What is known of a group on a partition at one instant. */
interface Reading {
  readonly labels: Labels
  readonly atMs: number
  readonly committed: number
  readonly records: number
  readonly ageMs: number
}

/** kafka_exporter calls a group `consumergroup`, kafka-lag-exporter `group`: both are set. */
export function groupFigures(result: RunResult): Figures {
  return [...result.groups.flatMap(({ group }) => figuresOf(result, group)), ...members(result)]
}

function figuresOf(result: RunResult, group: string): Figures {
  const readings = readingsOf(result, group)
  const of = (read: (reading: Reading) => number) =>
    readings.map((reading) => ({
      ...{ labels: reading.labels, atMs: reading.atMs, value: read(reading) },
    }))
  const records = of((reading) => reading.records)
  const seconds = of(({ ageMs }) => ageMs / 1_000)
  return [
    ['group.committed', of(({ committed }) => committed)],
    ['group.lag', records],
    ['group.lag-of-topic', joined(records, ['partition'], (sum, value) => sum + value)],
    ['group.lag-seconds', seconds],
    ['group.lag-seconds-max', joined(seconds, ['cluster', 'topic', 'partition'], Math.max)],
  ]
}

function readingsOf(result: RunResult, group: string): Reading[] {
  const tracks = result.groupTracks.filter((track) => track.group === group)
  const followed = new Set(tracks.map(({ partition }) => partition))
  const lags = result.groups.flatMap((one) => (one.group === group ? one.lags : []))
  const atEnd = lags
    .filter(({ partition }) => !followed.has(partition))
    .map(({ partition, committed, records, ageMs }) => ({
      ...{ labels: labelsOf(result, group, partition), atMs: result.clock.endMs },
      ...{ committed, records, ageMs },
    }))
  return [...tracks.flatMap((track) => overTime(result, track)), ...atEnd]
}

function overTime(result: RunResult, track: GroupTrack): Reading[] {
  const { startMs, stepMs } = result.series
  const labels = labelsOf(result, track.group, track.partition)
  return track.committed.flatMap((committed, i) => {
    const [records, ageMs] = [track.records[i] ?? null, track.ageMs[i] ?? null]
    if (committed === null || records === null || ageMs === null) return []
    return [{ labels, atMs: startMs + i * stepMs, committed, records, ageMs }]
  })
}

function labelsOf(result: RunResult, group: string, partition: string): Labels {
  return { consumergroup: group, group, ...partitionLabels(result, partition) }
}

/** Samples of one instant as one, where they differ in nothing but these labels. */
function joined(
  samples: readonly Sample[],
  without: readonly string[],
  join: (a: number, b: number) => number,
): Sample[] {
  const found = new Map<string, Sample>()
  for (const { labels, value, atMs } of samples) {
    const kept = Object.entries(labels).filter(([name]) => !without.includes(name))
    const key = JSON.stringify([kept, atMs])
    const before = found.get(key)
    const all = before === undefined ? value : join(before.value, value)
    found.set(key, { labels: Object.fromEntries(kept), value: all, atMs })
  }
  return [...found.values()]
}

/** Of groups that have a coordinator when the run ends. */
function members(result: RunResult): Figures {
  return result.clusters.map(({ name, groups, atMs }) => [
    'group.members',
    groups.map((group) => ({
      labels: { consumergroup: group.group, ...clusterLabel(result, name) },
      value: group.members,
      atMs,
    })),
  ])
}
