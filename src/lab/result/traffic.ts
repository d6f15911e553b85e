// Bytes between regions and what they cost at list prices.

import type { LinkTraffic, Traffic } from '../../contract.ts'
import type { Scenario } from '../../scenario/model.ts'
import type { Simulation } from '../simulation.ts'
import prices from './egress-prices.json' with { type: 'json' }

const SECONDS_PER_MONTH = 730 * 3600
const BYTES_PER_GB = 1e9

/**
 * Cross-region bytes of the whole run. The month is 730 h at the rate before the first fault: a
 * region that is down sends nothing, and an outage must not make a design look cheap.
 */
export function trafficOf({ scenario, history, world }: Simulation): Traffic {
  const regionOf = (zone: string) => world.zones.get(zone)?.region.name ?? zone
  const links = betweenRegions(history.linkBytes, regionOf)
  const steady = betweenRegions(history.steadyLinkBytes, regionOf)
  const seconds = (history.steadyUntil - history.startAt) / 1e6
  const crossRegionBytes = links.reduce((sum, { bytes }) => sum + bytes, 0)
  return { links, crossRegionBytes, monthlyUsd: monthlyUsd(scenario, steady, seconds) }
}

/** Bytes by ordered pair of regions; what stays inside one is left out. */
function betweenRegions(
  byZone: readonly LinkTraffic[],
  regionOf: (zone: string) => string,
): LinkTraffic[] {
  const byPair = new Map<string, LinkTraffic>()
  for (const { from, to, bytes } of byZone) {
    const pair = { from: regionOf(from), to: regionOf(to) }
    if (pair.from === pair.to) continue
    const key = `${pair.from}\n${pair.to}`
    byPair.set(key, { ...pair, bytes: bytes + (byPair.get(key)?.bytes ?? 0) })
  }
  return [...byPair.values()]
}

/** Null where a link leaves a region whose price is not known, or where no time passed. */
function monthlyUsd(
  scenario: Scenario,
  links: readonly LinkTraffic[],
  seconds: number,
): number | null {
  if (seconds <= 0) return null
  let usd = 0
  for (const { from, bytes } of links) {
    const cloud = scenario.regions.find(({ name }) => name === from)?.cloud
    const price = prices.interRegion.find(({ prefix }) => cloud?.startsWith(prefix))
    if (price === undefined) return null
    usd += (bytes / BYTES_PER_GB) * price.usdPerGb
  }
  return (usd * SECONDS_PER_MONTH) / seconds
}
