// Bytes between regions during the whole run.

import type { LinkTraffic, Traffic } from '../../contract.ts'
import type { Simulation } from '../simulation.ts'

/** With the price of a month, which is the judge's. */
export function trafficOf({ history, world }: Simulation, monthlyUsd: number | null): Traffic {
  const regionOf = (zone: string) => world.zones.get(zone)?.region.name ?? zone
  const links = betweenRegions(history.linkBytes, regionOf)
  const crossRegionBytes = links.reduce((sum, { bytes }) => sum + bytes, 0)
  return { links, crossRegionBytes, monthlyUsd }
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
