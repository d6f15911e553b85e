// The timeline of an experiment: which step happens when.

import type { Random } from '../../../src/sim/random.ts'
import type { Step } from './experiment.ts'
import type { Span } from './experiment-parts.ts'

const MILLI = 1000

/** Uniform in the span, to the millisecond; seconds. */
export function drawSpan(span: Span, random: Random): number {
  if (typeof span === 'number') return span
  return random.int(Math.round(span[0] * MILLI), Math.round(span[1] * MILLI)) / MILLI
}

export interface Moment {
  /** Seconds from the fault. */
  readonly at: number
  readonly step: Step
}

/**
 * Steps with a time, in order. Where the run's own moments are known they are taken, else drawn.
 * Steps whose time is a sentence are left out: see `lateSteps`.
 */
export function momentsOf(
  timeline: readonly Step[],
  random: Random,
  exactMs: readonly (readonly [number, string])[] = [],
): Moment[] {
  const moments: Moment[] = []
  for (const [i, step] of timeline.entries()) {
    if (typeof step.at_s === 'string') continue
    const exact = exactMs[i]?.[0]
    const at = exact === undefined ? drawSpan(step.at_s, random) : exact / MILLI
    moments.push({ at, step })
  }
  return moments.sort((a, b) => a.at - b.at)
}

/** Runs follow one another on one cluster, unless the file says that each had its own. */
export function isEachAnew({ sequence = '' }: { readonly sequence?: string | undefined }): boolean {
  return /(each|every) run\b.* (new|own) cluster/.test(sequence)
}

/** Steps that wait for the producer to have ended and given up on its last record. */
export function lateSteps(timeline: readonly Step[]): Step[] {
  return timeline.filter((step) => typeof step.at_s === 'string')
}
