// The fault that a run's figures are counted from where nothing points to another one.

import type { History } from '../history.ts'

/** When the first fault struck, micros; null in a run without one. */
export function firstFaultAt(history: History): number | null {
  let first: number | null = null
  for (const fault of history.faults) {
    if (first === null || fault.from < first) first = fault.from
  }
  return first
}
