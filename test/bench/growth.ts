// How the time of the medium scenario grows when one thing doubles: 2 is linear.

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

/**
 * Time of the doubled run over the time of the plain one, the median of so many rounds. The two
 * alternate, so that what else the machine does meets both.
 */
export function growthOfMedium(rounds: number): Growth {
  const base = scenarioText('medium')
  return {
    partitions: growthOf(base, doubled(base, DOUBLED.partitions), rounds),
    rate: growthOf(base, doubled(base, DOUBLED.rate), rounds),
    duration: growthOf(base, doubled(base, DOUBLED.duration), rounds),
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

/** `text` with twice the number that `line` finds; a text without it is a bug of the bench. */
export function doubled(text: string, line: RegExp): string {
  const found = line.exec(text)
  if (found === null) throw new Error(`the scenario has no line ${line}`)
  const [whole, number] = found
  const twice = whole.slice(0, -(number?.length ?? 0)) + String(Number(number) * 2)
  return text.slice(0, found.index) + twice + text.slice(found.index + whole.length)
}
