// How far consumer groups are, at the end of the run.

import type { RunResult } from '../../contract.ts'
import type { Sample } from './exposition.ts'
import { partitionLabels } from './places.ts'
import type { Figure } from './stock-names.ts'

type Figures = readonly (readonly [Figure, readonly Sample[]])[]

/** kafka_exporter calls a group `consumergroup`, kafka-lag-exporter `group`: both are set. */
export function groupFigures(result: RunResult): Figures {
  const atMs = result.clock.endMs
  return result.groups.flatMap(({ group, lags }) => {
    const name = { consumergroup: group, group }
    const of = (read: (lag: (typeof lags)[number]) => number) =>
      lags.map((lag) => ({
        labels: { ...name, ...partitionLabels(result, lag.partition) },
        value: read(lag),
        atMs,
      }))
    const records = of((lag) => lag.records)
    const ages = lags.map(({ ageMs }) => ageMs / 1_000)
    const worst = { labels: name, value: Math.max(0, ...ages), atMs }
    return [
      ['group.committed', of(({ committed }) => committed)] as const,
      ['group.lag', records] as const,
      ['group.lag-of-topic', byTopic(records)] as const,
      ['group.lag-seconds', of(({ ageMs }) => ageMs / 1_000)] as const,
      ['group.lag-seconds-max', [worst]] as const,
    ]
  })
}

function byTopic(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, Sample>()
  for (const { labels, value, atMs } of samples) {
    const { partition: _, ...others } = labels
    const key = JSON.stringify(others)
    sums.set(key, { labels: others, value: value + (sums.get(key)?.value ?? 0), atMs })
  }
  return [...sums.values()]
}
