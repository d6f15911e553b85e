// Several runs on threads under a progress line, which Ctrl-C ends early.

import type { Job, Outcome } from './job.ts'
import { runJobs } from './pool.ts'
import { progressLine } from './progress.ts'
import type { Edge } from './terminal.ts'

/** Runs the jobs and tells each outcome once; true when Ctrl-C ended them before all were done. */
export async function watchedRuns(
  { terminal }: Edge,
  jobs: readonly Job[],
  onDone: (index: number, outcome: Outcome) => void,
): Promise<boolean> {
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.once('SIGINT', interrupt)
  const progress = progressLine(terminal, jobs.length)
  let done = 0
  try {
    await runJobs(
      jobs,
      (index, outcome) => {
        onDone(index, outcome)
        progress.update(++done)
      },
      stop.signal,
    )
  } finally {
    progress.end()
    process.off('SIGINT', interrupt)
  }
  return stop.signal.aborted
}
