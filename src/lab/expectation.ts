// Whether a run showed what its file says it is meant to show.

import type { ObjectiveResult } from '../check/judgement.ts'
import { judgeObjectives } from '../check/objectives.ts'
import type { RunResult } from '../contract.ts'
import type { Expectation, FigureRange } from '../scenario/model.ts'
import { MS } from '../sim/time.ts'
import { promisesOf } from './promises.ts'

/**
 * What of `expect` does not hold for `result`, a sentence each; empty where all of it does.
 * A figure that the run leaves undecided is in no range.
 */
export function unmetExpectations(expect: Expectation, result: RunResult): string[] {
  const unmet: string[] = []
  if (expect.verdict !== null && result.verdict !== expect.verdict) {
    unmet.push(`verdict: expected ${expect.verdict}, got ${result.verdict}`)
  }
  for (const { name, verdict } of expect.objectives) {
    const judged = result.objectives.find(({ id }) => id === name)
    if (judged?.verdict === verdict) continue
    unmet.push(`${name}: expected ${verdict}, got ${judged?.verdict} (${judged?.measured})`)
  }
  for (const range of expect.figures) {
    const { measured, unit } = measure(range, result)
    if (measured !== null && isWithin(range, measured)) continue
    unmet.push(`${range.figure}: expected ${range.text}, got ${measured} ${unit}`)
  }
  return unmet
}

function isWithin({ unit, min, max }: FigureRange, measured: number): boolean {
  const scale = unit === 'micros' ? MS : 1
  return measured * scale >= min && measured * scale <= max
}

/** Measured as an objective of that name would be, whether or not the file has one. */
function measure({ figure, unit }: FigureRange, result: RunResult): ObjectiveResult {
  const promise = promisesOf({ name: figure, direction: 'at-most', limit: 0, unit, text: '' })
  const { faultAtMs, endMs } = result.clock
  const sinceFault = faultAtMs === null ? 0 : endMs - faultAtMs
  const [judged] = judgeObjectives([promise], result, { sinceFault })
  return judged
}
