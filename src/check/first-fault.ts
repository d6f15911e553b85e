// The fault that a run's figures are counted from where nothing points to another one.

import type { Fault } from '../history/facts.ts'
import type { History } from '../history.ts'

/** When the first fault struck, micros; null in a run without one. */
export function firstFaultAt(history: History): number | null {
  let first: number | null = null
  for (const fault of struck(history.faults)) {
    if (first === null || fault.from < first) first = fault.from
  }
  return first
}

/**
 * What went wrong. A timetable has orders to mirrors beside it (promote, fail over, restore): they
 * are answers to a fault, or a planned switch, and count as one only where there is nothing else.
 */
export function struck(faults: readonly Fault[]): readonly Fault[] {
  const wrong = faults.filter(({ kind }) => !kind.startsWith('mirror-'))
  return wrong.length > 0 ? wrong : faults
}
