// Bad input, told to a person: where it is, what it says, and what to write instead.

import { formatProblem, type Problem } from './problem.ts'

/** Its message tells all problems, one after the other, each with its fix. */
export class UsageError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'))
    this.name = 'UsageError'
    this.problems = problems
  }
}

/** A usage error without a file: a wrong option, an unknown name. */
export function usageError(message: string, fix: string, value = ''): UsageError {
  const place = { file: 'highwater', line: 0, column: 0, path: '' }
  return new UsageError([{ ...place, value, message, fix, severity: 'error' }])
}
