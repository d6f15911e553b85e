// A thread of the sweep: so many runs of one scenario, each with a seed of its own.

import { parentPort } from 'node:worker_threads'
import type { SweepAnswer, SweepOrder } from './sweep.ts'
import { readScenario, timedRun } from './timed-run.ts'

parentPort?.on('message', ({ text, runs }: SweepOrder) => {
  const scenario = readScenario(text)
  const start = performance.now()
  for (let seed = 0; seed < runs; seed++) timedRun(scenario, String(seed))
  const answer: SweepAnswer = { seconds: (performance.now() - start) / 1_000 }
  parentPort?.postMessage(answer)
})
