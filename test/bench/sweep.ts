// What a second thread brings to a sweep: two long-lived workers against one.

import { Worker } from 'node:worker_threads'
import { THREAD } from '../../src/cli/thread.ts'
import { scenarioText } from './timed-run.ts'

/** What a worker is asked to do, and what it answers. */
export interface SweepOrder {
  readonly text: string
  readonly runs: number
}
export interface SweepAnswer {
  readonly seconds: number
}

const RUNS_WARM = 60
const RUNS = 120

/**
 * Runs a second with two workers over runs a second with one, the median of so many rounds. Every
 * worker is warm before the first round: at the start two compilers share the machine as well.
 */
export async function workerSpeedup(rounds: number): Promise<number> {
  const workers = [startWorker(), startWorker()]
  const text = scenarioText('small')
  const all = (runs: number) => Promise.all(workers.map((worker) => sweep(worker, text, runs)))
  try {
    await all(RUNS_WARM)
    const speedups: number[] = []
    for (let round = 0; round < rounds; round++) {
      const alone = await sweep(workers[round % 2] as Worker, text, RUNS)
      const together = Math.max(...(await all(RUNS)))
      speedups.push((2 * alone) / together)
    }
    speedups.sort((a, b) => a - b)
    return speedups[Math.floor(rounds / 2)] ?? 0
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** Seconds that one worker takes for so many runs. */
function sweep(worker: Worker, text: string, runs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (answer: SweepAnswer) => {
      worker.off('error', reject)
      resolve(answer.seconds)
    }
    worker.once('message', done)
    worker.once('error', reject)
    worker.postMessage({ text, runs } satisfies SweepOrder)
  })
}

/** As built beside this one: see engine.ts for why not through tsx. */
function startWorker(): Worker {
  return new Worker(new URL('./sweep-worker.js', import.meta.url), THREAD)
}
