// Claim: what a month of undisturbed operation sends between places, and what that costs.
//
// month    730 h at the rate from the load's start to the first fault: a region that is down sends
//          nothing, and an outage must not make a design look cheap.
// zones    between zones of one region; inside a zone nothing is counted.
// regions  between regions, whatever their zones.
// price    at list prices; none where something that was sent has none, or no time passed.

import type { SteadyBytes } from '../history/facts.ts'
import type { History } from '../history.ts'
import type { Egress, EgressPart } from './judgement.ts'

const SECONDS_PER_MONTH = 730 * 3600
const BYTES_PER_GB = 1e9

/**
 * Bytes and US dollars of a month of 730 h; `usd` is null as soon as one of the two parts has no
 * price.
 */
export function egressOf({ steadyLinkBytes, steadyUntil, startAt }: History): Egress {
  const seconds = (steadyUntil - startAt) / 1e6
  const of = (between: SteadyBytes['between']) =>
    partOf(
      steadyLinkBytes.filter((link) => link.between === between),
      seconds,
    )
  const [zones, regions] = [of('zones'), of('regions')]
  const isKnown = zones.usd !== null && regions.usd !== null
  return { zones, regions, usd: isKnown ? (zones.usd ?? 0) + (regions.usd ?? 0) : null }
}

function partOf(links: readonly SteadyBytes[], seconds: number): EgressPart {
  if (seconds <= 0) return { gb: null, usd: null }
  let gb = 0
  let usd: number | null = 0
  for (const { bytes, usdPerGb } of links) {
    const monthly = ((bytes / BYTES_PER_GB) * SECONDS_PER_MONTH) / seconds
    gb += monthly
    usd = usd === null || usdPerGb === null ? null : usd + monthly * usdPerGb
  }
  return { gb, usd }
}
