// A timetable with its ranges, repetitions and random faults drawn out: which fault strikes when,
// and when it heals. The same seed gives the same strikes, whatever else the run draws.

import type { Random } from '../sim/random.ts'
import type { Micros } from '../sim/time.ts'
import type { FaultSpec } from './catalogue.ts'
import type { FaultEvent, RandomFaults } from './model.ts'

export interface Strike {
  /** 'fault-2', 'fault-2.3' for the third of a repetition, 'random-1'. */
  readonly id: string
  readonly at: Micros
  /** Time until it heals; null = never by itself. */
  readonly for: Micros | null
  readonly fault: FaultSpec
}

/** Strikes in order of time; of equal times, in the order of the file. */
export function expandTimetable(
  events: readonly FaultEvent[],
  randomFaults: RandomFaults | null,
  random: Random,
): Strike[] {
  const strikes = events.flatMap((event) => repeat(event, random))
  if (randomFaults !== null) strikes.push(...scatter(randomFaults, random))
  return strikes
    .map((strike, order) => ({ strike, order }))
    .sort((a, b) => a.strike.at - b.strike.at || a.order - b.order)
    .map(({ strike }) => strike)
}

function repeat(event: FaultEvent, random: Random): Strike[] {
  const first = random.int(event.at[0], event.at[1])
  return Array.from({ length: event.times }, (_, index) => ({
    id: event.times === 1 ? event.id : `${event.id}.${index + 1}`,
    at: first + index * (event.every ?? 0),
    for: event.for === null ? null : random.int(event.for[0], event.for[1]),
    fault: event.fault,
  }))
}

function scatter(faults: RandomFaults, random: Random): Strike[] {
  return Array.from({ length: faults.count }, (_, index) => ({
    id: `random-${index + 1}`,
    at: random.int(faults.between[0], faults.between[1]),
    for: random.int(faults.for[0], faults.for[1]),
    fault: random.pick(faults.faults),
  }))
}
