// Quantities as people write them: '250ms', '1KiB', '5000/s', '100Mbit', '1%'. Each parser returns
// an integer in the model's unit, or null when the text is no such quantity or out of bounds.

import { z } from 'zod'
import type { Micros } from '../sim/time.ts'

const MICROS: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
}
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_000,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
}
const BITS: Readonly<Record<string, number>> = {
  bit: 1,
  kbit: 1_000,
  Kbit: 1_000,
  Mbit: 1_000_000,
  Gbit: 1_000_000_000,
  bps: 1,
  kbps: 1_000,
  Mbps: 1_000_000,
  Gbps: 1_000_000_000,
}
const DURATION_MAX: Micros = 30 * 86_400_000_000
const SIZE_MAX = 1_099_511_627_776
const RATE_MAX = 10_000_000
const BANDWIDTH_MAX = 10_000_000_000_000

const AMOUNT = String.raw`(\d{1,15}(?:\.\d{1,9})?)`
const DURATION_PART = new RegExp(`^${AMOUNT} ?(us|µs|ms|s|min|m|h|d) ?`)
const SIZE = new RegExp(`^${AMOUNT} ?(B|kB|KB|MB|GB|KiB|MiB|GiB)$`)
const RATE = new RegExp(`^${AMOUNT} ?/ ?(s|sec|second|min|minute|h|hour)$`)
const BANDWIDTH = new RegExp(`^${AMOUNT} ?(bit|kbit|Kbit|Mbit|Gbit|bps|kbps|Mbps|Gbps)(?:/s)?$`)
const BYTES_PER_SECOND = new RegExp(`^${AMOUNT} ?(B|kB|KB|MB|GB|KiB|MiB|GiB)/s$`)
const PERCENT = new RegExp(`^${AMOUNT} ?%$`)

/** '14.2s', '250ms', '1m30s', '0' → micros; at most 30 days. */
export function parseDuration(text: string): Micros | null {
  if (text === '0') return 0
  let rest = text.trim()
  let total = 0
  if (rest === '' || rest.length > 60) return null
  while (rest !== '') {
    const match = DURATION_PART.exec(rest)
    if (match === null) return null
    total += Number(match[1]) * (MICROS[match[2] ?? ''] ?? Number.NaN)
    rest = rest.slice(match[0].length)
  }
  return bounded(total, DURATION_MAX)
}

/** '1KiB', '500B', '10MB' → bytes; at most 1 TiB. */
export function parseSize(text: string): number | null {
  const match = SIZE.exec(text.trim())
  return match === null ? null : bounded(Number(match[1]) * (BYTES[match[2] ?? ''] ?? 0), SIZE_MAX)
}

/** '5000/s', '6/min' → events a second, not rounded; at most 10 million. */
export function parseRate(text: string): number | null {
  const match = RATE.exec(text.trim())
  if (match === null) return null
  const unit = match[2] ?? 's'
  const seconds = unit.startsWith('s') ? 1 : unit.startsWith('m') ? 60 : 3600
  const rate = Number(match[1]) / seconds
  return rate <= RATE_MAX ? rate : null
}

/** '100Mbit', '1 Gbit/s', '12.5MB/s' → bits a second; at most 10 Tbit. */
export function parseBandwidth(text: string): number | null {
  const trimmed = text.trim()
  const bits = BANDWIDTH.exec(trimmed)
  if (bits !== null) return bounded(Number(bits[1]) * (BITS[bits[2] ?? ''] ?? 0), BANDWIDTH_MAX)
  const bytes = BYTES_PER_SECOND.exec(trimmed)
  if (bytes === null) return null
  return bounded(Number(bytes[1]) * (BYTES[bytes[2] ?? ''] ?? 0) * 8, BANDWIDTH_MAX)
}

/** '1%' → 10 000 parts per million; at most 100 %. */
export function parsePpm(text: string): number | null {
  const match = PERCENT.exec(text.trim())
  return match === null ? null : bounded(Number(match[1]) * 10_000, 1_000_000)
}

function bounded(value: number, max: number): number | null {
  const rounded = Math.floor(value + 0.5)
  return rounded >= 0 && rounded <= max ? rounded : null
}

function quantity(what: string, example: string, parse: (text: string) => number | null) {
  const fix = `write ${what} such as ${example}`
  return z
    .union([z.string().max(80), z.literal(0)], { error: `expected ${what} such as ${example}` })
    .meta({ description: `${what}, such as ${example}` })
    .transform((input, context): number => {
      const value = input === 0 ? 0 : parse(input)
      if (value !== null) return value
      context.issues.push({ code: 'custom', message: `not ${what}`, input, params: { fix } })
      return z.NEVER
    })
}

/** A duration in micros. */
export const duration = quantity('a duration', '"250ms", "14.2s" or "2m"', parseDuration)
/** A size in bytes. */
export const size = quantity('a size', '"1KiB", "500B" or "10MB"', parseSize)
/** Records a second. */
export const rate = quantity('a rate', '"5000/s"', parseRate)
/** Bits a second. */
export const bandwidth = quantity('a bandwidth', '"100Mbit" or "1Gbit"', parseBandwidth)
/** Parts per million. */
export const share = quantity('a percentage', '"1%"', parsePpm)
