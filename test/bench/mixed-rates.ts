// How fast linked clusters run by what is written to them: their links and consumers cost by the
// batch, so that a figure says little without its rate.

import { withNumber } from './scenario-line.ts'
import { medianTiming, readScenario, scenarioText, timedRun } from './timed-run.ts'

/** Records a second of the library's topologies, and up to what the mixed scenario itself has. */
export const MIXED_RATES: readonly number[] = [100, 200, 300]

const RATE = /^ *rate: (\d+)/m

/** Simulated seconds a second of the mixed scenario, by records a second: medians of `rounds`. */
export function speedOfMixed(rounds: number): Readonly<Record<string, number>> {
  const text = scenarioText('mixed')
  const speeds = MIXED_RATES.map((rate) => {
    const scenario = readScenario(withNumber(text, RATE, () => rate))
    timedRun(scenario, 'bench')
    const timings = Array.from({ length: rounds }, () => timedRun(scenario, 'bench'))
    const { simSeconds, seconds } = medianTiming(timings)
    return [String(rate), simSeconds / seconds] as const
  })
  return Object.fromEntries(speeds)
}
