// Bytes between regions and what they cost at list prices.

import type { LinkTraffic, Traffic } from '../../contract.ts'
import type { Scenario } from '../../scenario/model.ts'
import type { Simulation } from '../simulation.ts'
import prices from './egress-prices.json' with { type: 'json' }

const SECONDS_PER_MONTH = 730 * 3600
const BYTES_PER_GB = 1e9

/** Cross-region bytes of the whole run; the month is this run's rate for 730 h. */
export function trafficOf({ scenario, history, world }: Simulation): Traffic {
  const regionOf = (zone: string) => world.zones.get(zone)?.region.name ?? zone
  const bytesByPair = new Map<string, LinkTraffic>()
  for (const { from, to, bytes } of history.linkBytes) {
    const pair = { from: regionOf(from), to: regionOf(to) }
    if (pair.from === pair.to) continue
    const key = `${pair.from}\n${pair.to}`
    bytesByPair.set(key, { ...pair, bytes: bytes + (bytesByPair.get(key)?.bytes ?? 0) })
  }
  const links = [...bytesByPair.values()]
  const crossRegionBytes = links.reduce((sum, { bytes }) => sum + bytes, 0)
  return { links, crossRegionBytes, monthlyUsd: monthlyUsd(scenario, links, history.endAt / 1e6) }
}

/** null where any link leaves a region whose price is not known. */
function monthlyUsd(
  scenario: Scenario,
  links: readonly LinkTraffic[],
  seconds: number,
): number | null {
  let usd = 0
  for (const { from, bytes } of links) {
    const cloud = scenario.regions.find(({ name }) => name === from)?.cloud
    const price = prices.interRegion.find(({ prefix }) => cloud?.startsWith(prefix))
    if (price === undefined) return null
    usd += (bytes / BYTES_PER_GB) * price.usdPerGb
  }
  return seconds > 0 ? (usd * SECONDS_PER_MONTH) / seconds : null
}
