// How the time of the medium scenario grows when one thing doubles: 2 is linear.

import { withNumber } from './scenario-line.ts'
import { medianTiming, readScenario, scenarioText, type Timing, timedRun } from './timed-run.ts'

export interface Growth {
  readonly partitions: number
  readonly rate: number
  readonly duration: number
}

/** What is doubled, and the line of the scenario that says it. */
const DOUBLED: Record<keyof Growth, RegExp> = {
  partitions: /^ *partitions: (\d+)/m,
  rate: /^ *rate: (\d+)/m,
  duration: /^ *duration: (\d+)/m,
}

const twice = (number: number) => number * 2

/**
 * Time of the doubled run over the time of the plain one, the median of so many rounds. The two
 * alternate, so that what else the machine does meets both.
 */
export function growthOfMedium(rounds: number): Growth {
  const base = scenarioText('medium')
  return {
    partitions: growthOf(base, withNumber(base, DOUBLED.partitions, twice), rounds),
    rate: growthOf(base, withNumber(base, DOUBLED.rate, twice), rounds),
    duration: growthOf(base, withNumber(base, DOUBLED.duration, twice), rounds),
  }
}

function growthOf(base: string, more: string, rounds: number): number {
  const [small, large] = [readScenario(base), readScenario(more)]
  const before: Timing[] = []
  const after: Timing[] = []
  for (let round = 0; round < rounds; round++) {
    before.push(timedRun(small, 'bench'))
    after.push(timedRun(large, 'bench'))
  }
  return medianTiming(after).seconds / medianTiming(before).seconds
}
