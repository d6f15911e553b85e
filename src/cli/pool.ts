// Runs jobs on worker threads, so that the main thread stays free to print, serve and be stopped.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Job, Outcome } from './job.ts'
import { THREAD } from './thread.ts'

/** A thread on worker.ts, either built or, when this file is run as source, through tsx. */
function startWorker(): Worker {
  if (import.meta.url.endsWith('.js')) {
    return new Worker(new URL('./worker.js', import.meta.url), THREAD)
  }
  const entry = JSON.stringify(new URL('./worker.ts', import.meta.url).href)
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${entry}) })`
  return new Worker(load, { ...THREAD, eval: true })
}

/**
 * Runs every job, each on the first free thread, and reports it once, in the order of finishing.
 * After `signal` no job starts, the running ones are dropped, and what was reported stays whole.
 * Rejects when a run throws, that is when it has found a bug.
 */
export async function runJobs(
  jobs: readonly Job[],
  onDone: (index: number, outcome: Outcome) => void,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0
  const take = () => (signal?.aborted || next >= jobs.length ? null : next++)
  const threads = Math.min(jobs.length, availableParallelism())
  const workers = Array.from({ length: threads }, () => startWorker())
  const stop = () => Promise.all(workers.map((worker) => worker.terminate()))
  signal?.addEventListener('abort', stop)
  try {
    await Promise.all(workers.map((worker) => drain(worker, jobs, take, onDone)))
  } finally {
    signal?.removeEventListener('abort', stop)
    await stop()
  }
}

/** Feeds one worker until no job is left or somebody has ended it. */
function drain(
  worker: Worker,
  jobs: readonly Job[],
  take: () => number | null,
  onDone: (index: number, outcome: Outcome) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let current = -1
    const feed = () => {
      const index = take()
      const job = index === null ? undefined : jobs[index]
      if (index === null || job === undefined) return resolve()
      current = index
      worker.postMessage(job)
    }
    worker.on('message', (outcome: Outcome) => {
      onDone(current, outcome)
      feed()
    })
    worker.on('error', reject)
    worker.on('exit', () => resolve())
    feed()
  })
}
