// What a second thread brings to a sweep: two long-lived workers against one.

import { Worker } from 'node:worker_threads'
import { THREAD } from '../../src/cli/thread.ts'
import { scenarioText } from './timed-run.ts'

/** What a worker is asked to do, and what it answers. */
export type SweepOrder =
  | { readonly text: string; readonly runs: number }
  | { readonly turns: number }
export interface SweepAnswer {
  readonly seconds: number
}

const RUNS_WARM = 60
const RUNS = 120
const TURNS = 400_000_000

export interface WorkerSpeedup {
  /** Runs a second with two workers over runs a second with one. */
  readonly ofRuns: number
  /** The same of a loop that touches no memory: what the machine has to give. */
  readonly ofLoops: number
}

/**
 * What two workers bring, the median of so many rounds. Every worker is warm before the first
 * round: at the start two compilers share the machine as well.
 */
export async function workerSpeedup(rounds: number): Promise<WorkerSpeedup> {
  const workers = [startWorker(), startWorker()]
  const text = scenarioText('small')
  try {
    await Promise.all(workers.map((worker) => sweep(worker, { text, runs: RUNS_WARM })))
    const ofRuns = await medianSpeedup(workers, { text, runs: RUNS }, rounds)
    const ofLoops = await medianSpeedup(workers, { turns: TURNS }, rounds)
    return { ofRuns, ofLoops }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

async function medianSpeedup(
  workers: readonly Worker[],
  order: SweepOrder,
  rounds: number,
): Promise<number> {
  const speedups: number[] = []
  for (let round = 0; round < rounds; round++) {
    const alone = await sweep(workers[round % 2] as Worker, order)
    const together = await Promise.all(workers.map((worker) => sweep(worker, order)))
    speedups.push((2 * alone) / Math.max(...together))
  }
  speedups.sort((a, b) => a - b)
  return speedups[Math.floor(rounds / 2)] ?? 0
}

/** Seconds that one worker takes for what it is asked to do. */
function sweep(worker: Worker, order: SweepOrder): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (answer: SweepAnswer) => {
      worker.off('error', reject)
      resolve(answer.seconds)
    }
    worker.once('message', done)
    worker.once('error', reject)
    worker.postMessage(order)
  })
}

/** As built beside this one: see engine.ts for why not through tsx. */
function startWorker(): Worker {
  return new Worker(new URL('./sweep-worker.js', import.meta.url), THREAD)
}
