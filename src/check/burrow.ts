// Claim: in which state a group is on a partition, by the rules of LinkedIn's Burrow over the last
// ten commits (intervals) and what the partition's end was at the last ten looks, 10 s apart
// (offset-refresh). In this order:
//
//   ok       nothing is behind the last commit
//   stopped  since the last commit it is longer than from the first to the last of the window, and
//            no look found an end that the group had reached
//   ok       the lag was 0 at some commit of the window
//   rewound  an offset is below the one before
//   stalled  all offsets are the same
//   slow     the lag never shrank from one commit to the next (Burrow's warning)
//   ok       else
//
// Burrow takes the lag of a commit from its last look, here it is the lag of that instant.
// Source: core/internal/evaluator/caching.go of linkedin/Burrow.

import type { LagState } from './judgement.ts'

/** Commits that Burrow keeps, and looks at a partition's end. */
export const INTERVALS = 10
export const REFRESH_MICROS = 10_000_000

export interface JudgedCommit {
  readonly at: number
  readonly offset: number
  readonly lag: number
}

export interface CommitWindow {
  /** The last `INTERVALS` ones, oldest first. */
  readonly commits: readonly JudgedCommit[]
  /** What a reader may read up to, at the last looks. */
  readonly ends: readonly number[]
  readonly now: number
  readonly lagNow: number
}

/**
 * State by the list above, first match wins; 'ok' where the window holds no commit. Times are
 * micros, lags and offsets records.
 */
export function lagState({ commits, ends, now, lagNow }: CommitWindow): LagState {
  const first = commits[0]
  const last = commits.at(-1)
  if (first === undefined || last === undefined || lagNow === 0) return 'ok'
  const isSilent = now - last.at > last.at - first.at
  if (isSilent && !ends.some((end) => end <= last.offset)) return 'stopped'
  if (commits.some(({ lag }) => lag === 0)) return 'ok'
  if (someStep(commits, (before, commit) => commit.offset < before.offset)) return 'rewound'
  if (!someStep(commits, (before, commit) => commit.offset !== before.offset)) return 'stalled'
  return someStep(commits, (before, commit) => commit.lag < before.lag) ? 'ok' : 'slow'
}

function someStep(
  commits: readonly JudgedCommit[],
  is: (before: JudgedCommit, commit: JudgedCommit) => boolean,
): boolean {
  return commits.some((commit, i) => {
    const before = commits[i - 1]
    return before !== undefined && is(before, commit)
  })
}
