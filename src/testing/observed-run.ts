// A run together with all that happened in it: what a claim about runs is judged by.

import type { RunResult } from '../contract.ts'
import type { History } from '../history.ts'
import { run } from '../lab/run.ts'
import type { Simulation } from '../lab/simulation.ts'
import type { ProducerSpec, Scenario } from '../scenario/model.ts'

export interface ObservedRun {
  readonly scenario: Scenario
  readonly seed: string
  readonly result: RunResult
  readonly history: History
  /** The world as it stood when the run was over. */
  readonly simulation: Simulation
}

/** Events between two looks at all state: often enough to be near what broke it. */
const CHECK_EVERY = 211

/** Runs a scenario and keeps what a result leaves out. */
export function observe(scenario: Scenario, seed: string = scenario.seed): ObservedRun {
  const seen: Simulation[] = []
  const result = run(scenario, seed, {
    checkEvery: CHECK_EVERY,
    onEnd: (simulation) => seen.push(simulation),
  })
  const [simulation] = seen
  if (simulation === undefined) throw new Error('a run ended without telling so')
  return { scenario, seed, result, history: simulation.history, simulation }
}

/** Who wrote a stream. */
export function producerOf({ scenario, history }: ObservedRun, stream: number): ProducerSpec {
  const name = history.streams[stream]?.producer
  const found = scenario.producers.find((producer) => producer.name === name)
  if (found === undefined) throw new Error(`stream ${stream} has no producer`)
  return found
}

/** Whether it is told only of what the whole ISR has: `acks` of 'all' or '-1'. */
export function waitsForAll({ config }: ProducerSpec): boolean {
  return config.acks === 'all' || config.acks === '-1'
}
