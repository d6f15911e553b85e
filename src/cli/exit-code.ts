// What the shell learns from a run. Bad input is worst, then a missed objective, then one that
// could not be decided; a run without objectives has met all of them.

/** The exit codes of every verb. */
export const EXIT = {
  met: 0,
  missed: 1,
  badInput: 2,
  unknown: 3,
  bug: 70,
  interrupted: 130,
} as const

const WORST_FIRST: readonly number[] = [EXIT.badInput, EXIT.missed, EXIT.unknown, EXIT.met]

/** The exit code of one run's verdict. */
export function exitCodeOf(verdict: 'met' | 'missed' | 'unknown'): number {
  return EXIT[verdict]
}

/** The exit code of several runs: the worst of theirs, 0 when there is none. */
export function worstExitCode(codes: readonly number[]): number {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.met
}
