// The kernel beside C++ `std::priority_queue`, the two by turns in one run.

import { holdOfCpp, holdOfWheel } from './kernel-hold.ts'

export interface HoldRatio {
  readonly n: number
  readonly ours: number
  readonly cpp: number | null
  readonly ratio: number | null
}

const PENDING = [1_000, 10_000, 1_000_000]
const OPERATIONS = 3_000_000
const ROUNDS = 5

export function kernelHold(): HoldRatio[] {
  return PENDING.map((n) => {
    const ours: number[] = []
    const cpp: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(holdOfWheel(n, OPERATIONS).opsPerMicrosecond)
      const native = holdOfCpp(n, OPERATIONS)
      if (native !== null) cpp.push(native.opsPerMicrosecond)
    }
    const [a, b] = [median(ours), cpp.length === 0 ? null : median(cpp)]
    return { n, ours: a, cpp: b, ratio: b === null ? null : a / b }
  })
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
