// A thread of the sweep: so many runs of one scenario, each with a seed of its own, or so many
// turns of a loop.

import { parentPort } from 'node:worker_threads'
import type { SweepAnswer, SweepOrder } from './sweep.ts'
import { readScenario, timedRun } from './timed-run.ts'

parentPort?.on('message', (order: SweepOrder) => {
  const work = 'turns' in order ? () => turn(order.turns) : runsOf(order.text, order.runs)
  const start = performance.now()
  work()
  const answer: SweepAnswer = { seconds: (performance.now() - start) / 1_000 }
  parentPort?.postMessage(answer)
})

function runsOf(text: string, runs: number): () => void {
  const scenario = readScenario(text)
  return () => {
    for (let seed = 0; seed < runs; seed++) timedRun(scenario, String(seed))
  }
}

/** Arithmetic in registers, each step of which needs the one before it. */
function turn(turns: number): number {
  let word = 1
  for (let i = 0; i < turns; i++) word = (Math.imul(word, 1_664_525) + i) | 0
  return word
}
