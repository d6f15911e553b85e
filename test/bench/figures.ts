// The figures of the bench, in the order in which they are measured. Absolute times belong to the
// machine; what to compare between machines are ratios.

import { type Growth, growthOfMedium } from './growth.ts'
import { type HoldRatio, kernelHold } from './hold-ratio.ts'
import { speedOfMixed } from './mixed-rates.ts'
import { workerSpeedup } from './sweep.ts'
import {
  medianTiming,
  readScenario,
  type Size,
  scenarioText,
  type Timing,
  timedRun,
} from './timed-run.ts'

export interface BenchFigures {
  /** Hold operations a second over those of C++ `std::priority_queue`, by pending events. */
  readonly kernelHoldRatio: Readonly<Record<string, number>> | null
  /** Of the medium scenario: delivered messages and fired timers, building and judging included. */
  readonly modelEventsPerSecond: number
  readonly simSecondsPerWallSecond: Readonly<Record<Size, number>>
  /** Of the mixed scenario, by records a second that are written. */
  readonly simSecondsPerWallSecondOfMixed: Readonly<Record<string, number>>
  readonly runsPerSecond: Readonly<Record<Size, number>>
  readonly workerSpeedup: number
  /** What two bare loops of arithmetic get of the same machine: no program gets more. */
  readonly workerSpeedupOfLoops: number
  /** Time of the medium scenario with one thing doubled over its time without. */
  readonly growth: Growth
  /** The most that this process held, all of the model's runs before it included. */
  readonly peakMemoryMb: number
}

/** Runs before the clock starts, until the compiler has settled, and runs that are timed. */
const ROUNDS: Readonly<Record<Size, { readonly warm: number; readonly timed: number }>> = {
  small: { warm: 60, timed: 101 },
  medium: { warm: 8, timed: 9 },
  large: { warm: 2, timed: 3 },
  mixed: { warm: 4, timed: 5 },
}
const GROWTH_ROUNDS = 3
const MIXED_ROUNDS = 3
const SWEEP_ROUNDS = 5
const KILOBYTES_PER_MEGABYTE = 1_024

export interface Measured {
  readonly figures: BenchFigures
  /** What stands behind `kernelHoldRatio`, with npm's flatqueue beside. */
  readonly hold: readonly HoldRatio[]
}

/**
 * Measures everything; `say` hears what is measured next. The kernel comes first: its peers are
 * fresh processes, so no collector may be at work on what runs of the model have left.
 */
export async function measure(say: (text: string) => void): Promise<Measured> {
  say('kernel: hold model beside std::priority_queue')
  const hold = kernelHold()
  const timings = timingsBySize(say)
  say('mixed: other rates of its producers')
  const mixed = speedOfMixed(MIXED_ROUNDS)
  say('growth of medium: partitions, rate and duration doubled')
  const growth = growthOfMedium(GROWTH_ROUNDS)
  const peakMemoryMb = process.resourceUsage().maxRSS / KILOBYTES_PER_MEGABYTE
  say('sweep of small: two workers beside one')
  const speedup = await workerSpeedup(SWEEP_ROUNDS)
  const { medium } = timings
  const figures: BenchFigures = {
    kernelHoldRatio: holdRatios(hold),
    modelEventsPerSecond: medium.events / medium.seconds,
    simSecondsPerWallSecond: bySize((size) => timings[size].simSeconds / timings[size].seconds),
    simSecondsPerWallSecondOfMixed: mixed,
    runsPerSecond: bySize((size) => 1 / timings[size].seconds),
    workerSpeedup: speedup.ofRuns,
    workerSpeedupOfLoops: speedup.ofLoops,
    growth,
    peakMemoryMb,
  }
  return { figures, hold }
}

function timingsBySize(say: (text: string) => void): Record<Size, Timing> {
  return bySize((size) => {
    say(`model: ${size}`)
    const scenario = readScenario(scenarioText(size))
    const { warm, timed } = ROUNDS[size]
    for (let round = 0; round < warm; round++) timedRun(scenario, 'bench')
    return medianTiming(Array.from({ length: timed }, () => timedRun(scenario, 'bench')))
  })
}

function bySize<T>(of: (size: Size) => T): Record<Size, T> {
  return { small: of('small'), medium: of('medium'), large: of('large'), mixed: of('mixed') }
}

/** Null where no C++ compiler is found. */
function holdRatios(hold: readonly HoldRatio[]): Record<string, number> | null {
  const ratios: Record<string, number> = {}
  for (const { n, ratio } of hold) {
    if (ratio === null) return null
    ratios[String(n)] = ratio
  }
  return ratios
}
