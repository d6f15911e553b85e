// A run: one scenario and one seed in, one result out. The command line, the server, the tests, the
// sweeps and the browser all call this function.

import { LinkPaths } from '../check/links/path.ts'
import { judge } from '../check/verdict.ts'
import type { RunResult } from '../contract.ts'
import type { History } from '../history.ts'
import { estimateRun } from '../scenario/estimate.ts'
import type { Scenario } from '../scenario/model.ts'
import { usageError } from '../scenario/usage-error.ts'
import { InvariantViolation } from '../sim/invariant.ts'
import type { Scheduler } from '../sim/scheduler.ts'
import { checkStates } from '../sim/state-checks.ts'
import { type Micros, MS } from '../sim/time.ts'
import type { WatchOptions } from './invariants/violations.ts'
import { promisesOf } from './promises.ts'
import { ReplicaSamples } from './record/samples.ts'
import { replayLine } from './replay-line.ts'
import { resultOf } from './result/result.ts'
import { Simulation } from './simulation.ts'

export interface RunOptions {
  /** Scenario time at which to stop, faults and all; absent: after load and settling. */
  readonly until?: Micros
  /** How the user named the scenario, for the replay line. */
  readonly file?: string
  /** Sees each event before its handler runs: finds where two runs part. */
  readonly onFired?: Scheduler['onFired']
  /** Has all state checked each time that so many more events have fired; absent: never. */
  readonly checkEvery?: number
  /** How broken invariants are met; absent: the run throws at the first. */
  readonly watch?: WatchOptions
  /** Told now and then which part of the run's time is over, 0 to 1. */
  readonly onProgress?: (share: number) => void
  /** Sees the world and its history when the run is over: what a property of runs is judged by. */
  readonly onEnd?: (simulation: Simulation) => void
}

/** Charts have about this many points, and none nearer than the finest step. */
const CHART_POINTS = 600
const CHART_STEP_MIN: Micros = 100 * MS

/**
 * Runs `scenario` with `seed`. The same pair gives the same result, byte for byte, in Node, in a
 * worker and in a browser. Throws UsageError where the run would exceed the scenario's limits.
 */
export function run(scenario: Scenario, seed: string, options: RunOptions = {}): RunResult {
  return completed(scenario, seed, options).result
}

/** A run's result with the history that it was judged by. */
export function completed(
  scenario: Scenario,
  seed: string,
  options: RunOptions,
): { readonly result: RunResult; readonly history: History } {
  refuseHopeless(scenario)
  const simulation = new Simulation(scenario, seed, options.watch)
  const history = withReplayLine(scenario, seed, options, () => simulate(simulation, options))
  options.onEnd?.(simulation)
  const paths = new LinkPaths(history)
  const judgement = judge(history, scenario.objectives.map(promisesOf), paths)
  const step = chartStep(scenario)
  return { result: resultOf(simulation, judgement, paths, step, options), history }
}

function simulate(simulation: Simulation, options: RunOptions): History {
  const { scenario } = simulation
  const { until, onFired, checkEvery, onProgress } = options
  simulation.world.scheduler.onFired = onFired ?? null
  if (checkEvery !== undefined) checkStates(simulation.world, checkEvery)
  simulation.boot()
  for (const producer of scenario.producers) simulation.clients.addProducer(producer)
  for (const consumer of scenario.consumers) simulation.clients.addConsumer(consumer)
  simulation.runbooks.start(scenario.runbooks)
  simulation.faults.schedule(scenario.faults, scenario.randomFaults)
  const end = Math.min(scenario.duration + scenario.settle, until ?? Number.MAX_SAFE_INTEGER)
  const loadEnd = Math.min(scenario.duration, end)
  const samples = new ReplicaSamples(simulation)
  const afterStep = () => {
    samples.take()
    onProgress?.(simulation.now / end)
  }
  advance(simulation, afterStep, loadEnd)
  simulation.history.loadEndAt = simulation.now
  simulation.traffic.end()
  if (end > loadEnd) {
    simulation.faults.healAll()
    advance(simulation, afterStep, end)
  }
  return simulation.close()
}

/** A broken invariant ends in the line that shows it again, whoever runs the scenario. */
function withReplayLine<T>(
  scenario: Scenario,
  seed: string,
  { file, until }: RunOptions,
  work: () => T,
): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof InvariantViolation) {
      const again = replayLine(file ?? scenario.name, seed, until === undefined ? null : until / MS)
      error.message += `\nreplay: ${again}`
    }
    throw error
  }
}

/** Step by step along the grid of the charts, within the budget of events. */
function advance(simulation: Simulation, afterStep: () => void, until: Micros): void {
  const { scenario, world } = simulation
  const step = chartStep(scenario)
  while (simulation.now < until) {
    const next = Math.min(until, (Math.floor(simulation.now / step) + 1) * step)
    const left = scenario.limits.events - world.scheduler.fired
    simulation.advance(next, Math.max(1, left))
    if (world.scheduler.fired >= scenario.limits.events && simulation.now < next) {
      overBudget(simulation, `${scenario.limits.events} events`, 'limits.events')
    }
    if (memoryOf(simulation) > scenario.limits.memoryMb) {
      overBudget(simulation, `${scenario.limits.memoryMb} MB`, 'limits.memoryMb')
    }
    afterStep()
  }
}

/** Megabytes, roughly: the history's columns, and as much again for the batches in the logs. */
function memoryOf({ history }: Simulation): number {
  return (2 * history.bytes) / 1e6
}

function overBudget({ now }: Simulation, budget: string, setting: string): never {
  const at = (now / 1e6).toFixed(1)
  const message = `stopped at ${at} s of simulated time: the budget of ${budget} is spent`
  throw usageError(message, `raise ${setting}, or shorten the run or its load`)
}

function refuseHopeless(scenario: Scenario): void {
  const { events, memoryMb } = estimateRun(scenario)
  const { limits } = scenario
  if (events > limits.events) {
    const message = `about ${events} events would exceed the budget of ${limits.events}`
    throw usageError(message, 'raise limits.events, or shorten the run or its load')
  }
  if (memoryMb > limits.memoryMb) {
    const message = `about ${memoryMb} MB would exceed the budget of ${limits.memoryMb} MB`
    throw usageError(message, 'raise limits.memoryMb, or shorten the run or its load')
  }
}

function chartStep({ duration, settle }: Scenario): Micros {
  const even = Math.ceil((duration + settle) / CHART_POINTS / CHART_STEP_MIN) * CHART_STEP_MIN
  return Math.max(CHART_STEP_MIN, even)
}
