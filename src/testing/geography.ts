// Where things stand: one to five regions with zones, and the paths between them.

import fc from 'fast-check'
import type { ScenarioInput } from '../scenario/document/document.ts'
import { filled, filledRecord, seldom, sometimes, time } from './plain.ts'

const REGIONS_MAX = 5
const ZONES = ['a', 'b', 'c'] as const

const latency = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 3, arbitrary: fc.integer({ min: 20, max: 120 }) },
  { weight: 1, arbitrary: fc.integer({ min: 120, max: 280 }) },
)
const lossPerMille = fc.integer({ min: 1, max: 20 })
const megabits = fc.integer({ min: 50, max: 1_000 })

const inside = fc.record({
  rttMicros: sometimes(fc.integer({ min: 100, max: 3_000 })),
  jitterMicros: seldom(fc.integer({ min: 10, max: 500 })),
  lossPerMille: seldom(lossPerMille),
  megabits: seldom(megabits),
})
type Inside = typeof inside extends fc.Arbitrary<infer T> ? T : never

/** Slow to encrypt or not, and quick to fail over, so that a short run sees all of it. */
const overlay = fc.record({
  gatewayType: fc.constantFrom('openvpn', 'wireguard'),
  gatewayPairs: fc.integer({ min: 1, max: 3 }),
  ceilingMegabits: fc.integer({ min: 10, max: 100 }),
  failoverSeconds: fc.integer({ min: 1, max: 20 }),
  establishSeconds: fc.integer({ min: 0, max: 20 }),
})

/** Choices about regions and the network. */
export const geography = fc.record({
  /** Zones of each region. */
  zones: fc.array(fc.integer({ min: 1, max: ZONES.length }), {
    minLength: 1,
    maxLength: REGIONS_MAX,
  }),
  /** Round trips by pair of regions. */
  rtts: fc.array(latency, { minLength: 10, maxLength: 10 }),
  jitterMs: seldom(fc.integer({ min: 1, max: 20 })),
  lossPerMille: seldom(lossPerMille),
  megabits: seldom(megabits),
  mtu: seldom(fc.constantFrom(1_400, 9_000)),
  /** The path from the second region to the first, where it differs from the way back. */
  wayBack: seldom(fc.record({ delayMs: latency, jitterMs: fc.integer({ min: 0, max: 10 }) })),
  intraZone: seldom(inside),
  intraRegion: seldom(inside),
  overlay: seldom(overlay),
})
export type Geography = typeof geography extends fc.Arbitrary<infer T> ? T : never

/** 'r1', 'r2', … */
export function regionNames({ zones }: Geography): string[] {
  return zones.map((_, index) => `r${index + 1}`)
}

/** World-wide names, 'r1/a'. */
export function zoneNames(of: Geography): string[] {
  return regionNames(of).flatMap((region, index) =>
    ZONES.slice(0, of.zones[index]).map((zone) => `${region}/${zone}`),
  )
}

/** The `regions:` block; a region of one zone names none. */
export function regionsOf(of: Geography): ScenarioInput['regions'] {
  const entries = regionNames(of).map((name, index): [string, { zones?: string[] }] => {
    const count = of.zones[index] ?? 1
    return [name, count === 1 ? {} : { zones: ZONES.slice(0, count) }]
  })
  return Object.fromEntries(entries)
}

/** The `network:` block: a round trip for each pair of regions, and whatever else was chosen. */
export function networkOf(of: Geography): ScenarioInput['network'] {
  return filled({
    rtt: filledRecord(Object.fromEntries(roundTrips(of))),
    links: wayBackOf(of),
    jitter: of.jitterMs === undefined ? undefined : time(of.jitterMs),
    loss: percent(of.lossPerMille),
    bandwidth: of.megabits === undefined ? undefined : `${of.megabits}Mbit`,
    mtu: of.mtu,
    intraZone: insideOf(of.intraZone),
    intraRegion: insideOf(of.intraRegion),
    overlay: overlayOf(of),
  })
}

function overlayOf({ overlay: of, zones }: Geography) {
  if (of === undefined || zones.length < 2) return undefined
  const failover: [string, string] = ['0', `${of.failoverSeconds}s`]
  return {
    gatewayType: of.gatewayType,
    gatewayPairs: of.gatewayPairs,
    ceiling: `${of.ceilingMegabits}Mbit`,
    failover,
    establish: `${of.establishSeconds}s`,
  }
}

function roundTrips(of: Geography): [string, string][] {
  const names = regionNames(of)
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => `${a} ~ ${b}`))
  return pairs.map((pair, index) => [pair, time(of.rtts[index % of.rtts.length] ?? 1)])
}

function wayBackOf(of: Geography) {
  if (of.wayBack === undefined || of.zones.length < 2) return undefined
  const { delayMs, jitterMs } = of.wayBack
  return { 'r2 -> r1': { delay: time(delayMs), jitter: time(jitterMs) } }
}

function insideOf(of: Inside | undefined) {
  if (of === undefined) return undefined
  return filled({
    rtt: of.rttMicros === undefined ? undefined : `${of.rttMicros}us`,
    jitter: of.jitterMicros === undefined ? undefined : `${of.jitterMicros}us`,
    loss: percent(of.lossPerMille),
    bandwidth: of.megabits === undefined ? undefined : `${of.megabits}Mbit`,
  })
}

/** As scenarios write it: 5 per mille is '0.5%'; what was not chosen stays undefined. */
export function percent(perMille: number | undefined): string | undefined {
  return perMille === undefined ? undefined : `${perMille / 10}%`
}
