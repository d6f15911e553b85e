// The rules of Burrow's evaluator, each with what makes it true and what does not.

import { describe, expect, it } from 'vitest'
import { type JudgedCommit, lagState } from '../../src/check/burrow.ts'

const SECOND = 1_000_000

/** A commit a second from second 1 on; by default one second has passed since the last. */
function judge(
  commits: readonly (readonly [offset: number, lag: number])[],
  more: {
    readonly later?: number
    readonly ends?: readonly number[]
    readonly lagNow?: number
  } = {},
) {
  const all: JudgedCommit[] = commits.map(([offset, lag], i) => {
    return { offset, lag, at: (i + 1) * SECOND }
  })
  return lagState({
    commits: all,
    ends: more.ends ?? [1_000],
    now: (commits.length + (more.later ?? 1)) * SECOND,
    lagNow: more.lagNow ?? 10,
  })
}

describe('Burrow calls a partition', () => {
  it('ok where nothing is behind the last commit, whatever was before', () => {
    expect(
      judge(
        [
          [50, 5],
          [40, 5],
          [40, 5],
        ],
        { lagNow: 0, later: 99 },
      ),
    ).toBe('ok')
  })

  it('stopped where the silence is longer than the window', () => {
    const commits = [
      [10, 5],
      [20, 5],
      [30, 0],
    ] as const
    expect(judge(commits, { later: 3 })).toBe('stopped')
    expect(judge(commits, { later: 2 })).toBe('ok')
  })

  it('not stopped while a look still knows an end that the group had reached', () => {
    const commits = [
      [10, 5],
      [20, 5],
      [30, 0],
    ] as const
    expect(judge(commits, { later: 3, ends: [90, 60, 30] })).toBe('ok')
    expect(judge(commits, { later: 3, ends: [90, 60, 31] })).toBe('stopped')
  })

  it('ok where the lag was 0 at some commit', () => {
    expect(
      judge([
        [10, 5],
        [20, 0],
        [20, 5],
        [20, 9],
      ]),
    ).toBe('ok')
  })

  it('rewound where an offset goes back, before all else that moves', () => {
    expect(
      judge([
        [10, 5],
        [20, 5],
        [15, 20],
        [30, 20],
      ]),
    ).toBe('rewound')
  })

  it('stalled where offsets stand still, be it one alone', () => {
    expect(
      judge([
        [20, 5],
        [20, 9],
        [20, 12],
      ]),
    ).toBe('stalled')
    expect(judge([[20, 5]], { later: 0 })).toBe('stalled')
  })

  it('slow where offsets go on and the lag never shrinks', () => {
    expect(
      judge([
        [10, 5],
        [20, 5],
        [30, 6],
      ]),
    ).toBe('slow')
    expect(
      judge([
        [10, 5],
        [20, 6],
        [30, 5],
      ]),
    ).toBe('ok')
  })
})
