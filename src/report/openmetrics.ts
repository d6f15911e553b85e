// Runs as timestamped OpenMetrics, ready to backfill. Names that Kafka's own exporters use stand
// where a figure has one; the rest begins with highwater_. A run's time zero is `epochSeconds`.

import type { RunResult } from '../contract.ts'
import { controllerFigures } from './openmetrics/controller-figures.ts'
import { exposition, type Family, type Sample } from './openmetrics/exposition.ts'
import { groupFigures } from './openmetrics/group-figures.ts'
import { linkFigures } from './openmetrics/link-figures.ts'
import { ownFamilies } from './openmetrics/own.ts'
import { partitionFigures } from './openmetrics/partition-figures.ts'
import { type Figure, STOCK_NAMES } from './openmetrics/stock-names.ts'

/** All runs in one exposition. */
export function openMetricsReport(results: readonly RunResult[], epochSeconds = 0): string {
  const runs = results.map((result) => ({
    result,
    families: [...stockFamilies(figuresOf(result)), ...ownFamilies(result)],
  }))
  return exposition(runs, epochSeconds)
}

/** Every figure that has a stock name and that this run holds. */
export function figuresOf(result: RunResult): ReadonlyMap<Figure, readonly Sample[]> {
  const figures = new Map<Figure, Sample[]>()
  const sources = [
    ...[controllerFigures(result), partitionFigures(result)],
    ...[groupFigures(result), linkFigures(result)],
  ]
  for (const [figure, samples] of sources.flat()) {
    const all = figures.get(figure) ?? []
    for (const sample of samples) all.push(sample)
    figures.set(figure, all)
  }
  return figures
}

/** Figures as the families that dashboards ask for: one for each name of a figure. */
function stockFamilies(figures: ReadonlyMap<Figure, readonly Sample[]>): Family[] {
  return STOCK_NAMES.flatMap(({ figure, names, type, help }) => {
    const samples = figures.get(figure) ?? []
    return samples.length === 0 ? [] : names.map((name) => ({ name, type, help, samples }))
  })
}
