// The argument of `tc qdisc … netem` as a link specification: 'delay 100ms 20ms 20% loss 1%'.
// The delay's correlation is read and ignored, as are words that have no meaning for a flow.

import { z } from 'zod'
import type { Micros } from '../sim/time.ts'
import { parseBandwidth, parseDuration, parsePpm } from './quantity.ts'
import { parseTcRate } from './tc-rate.ts'

export interface NetemSpec {
  /** The least delay, one way. */
  readonly delay?: Micros
  /** Added uniformly, 0 to this. */
  readonly jitter?: Micros
  readonly lossPpm?: number
  readonly bandwidthBps?: number
}

const SHAPE = 'delay <time> [<jitter> [<correlation>]] | loss [random] <percent> | rate <bandwidth>'

/** The link's figures, or the sentence that says what is wrong with the text. */
export function parseNetem(text: string): NetemSpec | string {
  const words = text
    .trim()
    .replace(/^netem\s+/, '')
    .split(/\s+/)
  let spec: NetemSpec = {}
  for (let i = 0; i < words.length; ) {
    const word = words[i] ?? ''
    const next = readClause(word, words.slice(i + 1, i + 4))
    if (typeof next === 'string') return next
    spec = { ...spec, ...next.spec }
    i += 1 + next.used
  }
  return spec
}

interface Clause {
  readonly spec: NetemSpec
  /** Words after the keyword. */
  readonly used: number
}

function readClause(word: string, rest: readonly string[]): Clause | string {
  if (word === 'delay') return readDelay(rest)
  if (word === 'loss') {
    const at = rest[0] === 'random' ? 1 : 0
    const lossPpm = parsePpm(rest[at] ?? '')
    if (lossPpm === null) return `netem: "${rest[at] ?? ''}" after "loss" is no percentage`
    return { spec: { lossPpm }, used: at + 1 + (isPercent(rest[at + 1]) ? 1 : 0) }
  }
  if (word === 'rate') {
    const bandwidthBps = rateOf(rest[0] ?? '')
    if (bandwidthBps === null) return `netem: "${rest[0] ?? ''}" after "rate" is no bandwidth`
    return { spec: { bandwidthBps }, used: 1 }
  }
  if (word === 'distribution') return { spec: {}, used: 1 }
  return `netem: "${word}" is not understood; the shape is ${SHAPE}`
}

function readDelay(rest: readonly string[]): Clause | string {
  const delay = parseDuration(rest[0] ?? '')
  if (delay === null) return `netem: "${rest[0] ?? ''}" after "delay" is no time`
  const spread = parseDuration(rest[1] ?? '')
  if (spread === null) return { spec: { delay }, used: 1 }
  // netem draws from delay ± jitter; a link adds 0 to jitter to its delay.
  const half = Math.min(delay, spread)
  const spec = { delay: delay - half, jitter: 2 * half }
  return { spec, used: isPercent(rest[2]) ? 3 : 2 }
}

/** As tc reads it; what tc cannot read ('12.5MB/s') as the rest of a scenario does. */
function rateOf(word: string): number | null {
  const bps = parseTcRate(word)
  return parseBandwidth(bps === null ? word : `${bps}bit`)
}

function isPercent(word: string | undefined): boolean {
  return word !== undefined && parsePpm(word) !== null
}

/** A netem string in a file. */
export const netem = z
  .string({ error: 'expected a netem string such as "delay 100ms 20ms loss 1%"' })
  .max(200)
  .meta({ description: 'tc netem argument, such as "delay 100ms 20ms 20% loss 1%"' })
  .transform((input, context): NetemSpec => {
    const spec = parseNetem(input)
    if (typeof spec !== 'string') return spec
    context.issues.push({ code: 'custom', message: spec, input, params: { fix: SHAPE } })
    return z.NEVER
  })
