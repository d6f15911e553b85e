// The kernel beside C++ `std::priority_queue` and npm's flatqueue, by turns in one run.

import { type Hold, holdOfPeer, holdOfWheel, withCppHold } from './kernel-hold.ts'

/** Medians, in millions of operations a second. */
export interface HoldRatio {
  /** Events that wait at any time. */
  readonly n: number
  readonly ours: number
  /** Null where there is no C++ compiler. */
  readonly cpp: number | null
  readonly peer: number
  /** `ours` over `cpp`. */
  readonly ratio: number | null
}

const PENDING = [1_000, 10_000, 1_000_000]
const OPERATIONS = 2_000_000
const ROUNDS = 7

/** Rounds are short and many, as a single sample on a shared machine is off by up to two. */
export function kernelHold(): HoldRatio[] {
  return withCppHold((holdOfCpp) => PENDING.map((n) => holdAt(n, holdOfCpp)))
}

function holdAt(n: number, holdOfCpp: ((n: number, ops: number) => Hold) | null): HoldRatio {
  const rounds: { ours: Hold; cpp: Hold | null; peer: Hold }[] = []
  for (let round = -1; round < ROUNDS; round++) {
    const ours = holdOfWheel(n, OPERATIONS)
    const cpp = holdOfCpp === null ? null : holdOfCpp(n, OPERATIONS)
    const peer = holdOfPeer(n, OPERATIONS)
    if (cpp !== null && cpp.orderHash !== ours.orderHash) {
      throw new Error(`at ${n} pending the kernel and std::priority_queue fire in other orders`)
    }
    // The first warms up: compiled code, caches, page tables.
    if (round >= 0) rounds.push({ ours, cpp, peer })
  }
  const ours = median(rounds.map((round) => round.ours.opsPerMicrosecond))
  const peer = median(rounds.map((round) => round.peer.opsPerMicrosecond))
  const cpps = rounds.flatMap(({ cpp }) => (cpp === null ? [] : [cpp.opsPerMicrosecond]))
  const cpp = cpps.length === 0 ? null : median(cpps)
  return { n, ours, cpp, peer, ratio: cpp === null ? null : ours / cpp }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
