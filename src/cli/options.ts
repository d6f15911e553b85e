// Options that several verbs share, and how their values are read.

import { Option } from 'commander'
import { parseDuration } from '../faults/quantity.ts'
import { usageError } from '../scenario/usage-error.ts'

/** Moments are read in microseconds, and results are in milliseconds. */
export const MICROS_PER_MS = 1_000

/** --seed S: any text; the scenario's own when left out. */
export const seedOption = () =>
  new Option('--seed <seed>', 'seed of the run, any text (default: the one in the file)')

/** A moment of the run as people write it, in microseconds. */
export function readMoment(text: string): number {
  const micros = parseDuration(text)
  if (micros !== null) return micros
  throw usageError('this is no moment of a run', 'write it as 28.9s, 1m30s or 250ms', text)
}

/** An instant of the world's clock, in seconds since 1970: as such, or as an ISO date. */
export function readEpoch(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1_000
  if (Number.isFinite(seconds) && seconds >= 0) return seconds
  throw usageError(
    'this is no instant',
    'write seconds since 1970, or a date as 2026-01-31T12:00:00Z',
    text,
  )
}

/** A count between 1 and `max`. */
export function readCount(text: string, max: number): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= max) return count
  throw usageError('this is no count', `write a whole number from 1 to ${max}`, text)
}

/** `count` seeds from `first` on: 7, 8, 9 after a number; q05, q05+1, q05+2 after another text. */
export function seedsFrom(first: string, count: number): string[] {
  const isNumber = /^\d{1,15}$/.test(first)
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return first
    return isNumber ? String(Number(first) + i) : `${first}+${i}`
  })
}
