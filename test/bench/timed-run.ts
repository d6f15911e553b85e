// One run of a bench scenario under the clock.

import { readFileSync } from 'node:fs'
import type { Scenario } from '../../src/scenario/model.ts'
import { run, scenarioOf } from './engine.ts'

/** The reference scenarios, by the size of their clusters. */
export const SIZES = ['small', 'medium', 'large', 'mixed'] as const
export type Size = (typeof SIZES)[number]

export interface Timing {
  readonly seconds: number
  readonly simSeconds: number
  /** Events that the run fired: a message is one, when it is delivered, and so is a timer. */
  readonly events: number
}

/** The YAML text of a reference scenario. */
export function scenarioText(size: Size): string {
  const file = new URL(`../../test/bench/scenarios/${size}.yaml`, import.meta.url)
  return readFileSync(file, 'utf8')
}

/** A scenario of the bench, read whole; a UsageError where its text is wrong. */
export function readScenario(text: string): Scenario {
  return scenarioOf(text, 'bench')
}

/** Runs `scenario` once; parsing is no part of it, judging and the result are. */
export function timedRun(scenario: Scenario, seed: string): Timing {
  const start = performance.now()
  const { clock } = run(scenario, seed)
  const seconds = (performance.now() - start) / 1_000
  return { seconds, simSeconds: (clock.endMs - clock.startMs) / 1_000, events: clock.events }
}

/** The middle one; of an even number the faster of the middle two. */
export function medianTiming(timings: readonly Timing[]): Timing {
  const sorted = [...timings].sort((a, b) => a.seconds - b.seconds)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  if (middle === undefined) throw new Error('a median needs at least one timing')
  return middle
}
