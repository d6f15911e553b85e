// A fact of a scenario: a subject, and what is said of it in short words.

import { exactText } from '../../sim/long-text.ts'
import { NEVER } from '../../sim/time.ts'

export type Fact = readonly [subject: string, text: string]

/** Names of fields that hold micros, or a span of them. */
const MICROS = new Set([
  ...['duration', 'settle', 'delay', 'jitter', 'start', 'stop', 'processTime'],
  ...['processTimePerRecord', 'thinkTime', 'at', 'every', 'timeout', 'ttl', 'hop', 'restart'],
])

/** The fields of a thing as facts about it; nested ones as JSON, which hides nothing. */
export function fields(subject: string, thing: object): Fact[] {
  return Object.entries(thing).flatMap(([name, value]) =>
    value === undefined ? [] : [[`${subject} ${name}`.trim(), textOf(name, value)] as const],
  )
}

function textOf(name: string, value: unknown): string {
  if (MICROS.has(name)) {
    if (typeof value === 'number') return timeText(value)
    if (isSpan(value)) return spanText(value)
  }
  return typeof value === 'object' ? JSON.stringify(value) : exactText(value)
}

function isSpan(value: unknown): value is readonly [number, number] {
  const isPair = Array.isArray(value) && value.length === 2
  return isPair && value.every((end) => typeof end === 'number')
}

/** '5 s', or '5 s to 8 s' for what is drawn. */
export function spanText([from, to]: readonly [number, number]): string {
  return from === to ? timeText(from) : `${timeText(from)} to ${timeText(to)}`
}

/** In seconds from one second on, else in milliseconds. */
export function timeText(micros: number): string {
  if (micros === NEVER) return 'not by itself'
  return micros < 1_000_000 ? `${micros / 1_000} ms` : `${micros / 1_000_000} s`
}
