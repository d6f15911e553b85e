// The format itself: families of samples as OpenMetrics 1.0 text, timestamped for backfill.

import type { RunResult } from '../../contract.ts'

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly atMs: number
}

export interface Family {
  /** Of a counter without its _total. */
  readonly name: string
  /** Unknown where exporters leave it open what a figure under this name is. */
  readonly type: 'gauge' | 'counter' | 'unknown'
  readonly help: string
  readonly samples: readonly Sample[]
}

/** Families with the run that each belongs to. */
export interface FamiliesOfRun {
  readonly result: RunResult
  readonly families: readonly Family[]
}

/** All runs in one text: a family's samples stand together, run after run. */
export function exposition(runs: readonly FamiliesOfRun[], epochSeconds: number): string {
  const lines = new Map<string, string[]>()
  for (const { result, families } of runs) {
    for (const family of families) {
      if (family.samples.length === 0) continue
      const { name, type, help } = family
      const own = lines.get(name) ?? [`# TYPE ${name} ${type}`, `# HELP ${name} ${escaped(help)}`]
      lines.set(name, own)
      for (const line of sampleLines(family, result, epochSeconds)) own.push(line)
    }
  }
  return `${[...[...lines.values()].flat(), '# EOF'].join('\n')}\n`
}

/**
 * A series' samples stand together in the order of time. Prometheus knows milliseconds and takes
 * one sample for each: of several the last one holds.
 */
function sampleLines(family: Family, result: RunResult, epochSeconds: number): string[] {
  const series = new Map<string, Map<number, number>>()
  const ordered = [...family.samples].sort((a, b) => a.atMs - b.atMs)
  for (const { labels, value, atMs } of ordered) {
    const key = labelText({ scenario: result.scenario, seed: result.seed, ...labels })
    const points = series.get(key) ?? new Map<number, number>()
    points.set(Math.round(atMs), value)
    series.set(key, points)
  }
  const name = family.type === 'counter' ? `${family.name}_total` : family.name
  const secondsOf = (ms: number) => (epochSeconds * 1_000 + ms) / 1_000
  return [...series].flatMap(([labels, points]) =>
    [...points].map(([ms, value]) => `${name}${labels} ${value} ${secondsOf(ms)}`),
  )
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`)
  return `{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
}

/** Prometheus forgets a series after five minutes without a sample. */
const REPEAT_MS = 60_000

/** Samples of a figure that holds from each change to the next, repeated so that none is lost. */
export function steps(
  labels: Sample['labels'],
  changes: readonly { readonly atMs: number; readonly value: number }[],
  endMs: number,
): Sample[] {
  return changes.flatMap(({ atMs, value }, i) => {
    const untilMs = changes[i + 1]?.atMs ?? endMs + 1
    const samples: Sample[] = []
    for (let ms = atMs; ms < untilMs || ms === atMs; ms += REPEAT_MS) {
      samples.push({ labels, value, atMs: ms })
    }
    return samples
  })
}
