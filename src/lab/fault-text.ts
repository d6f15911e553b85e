// Whom a fault hit, in words: whole regions by their name, everything else by its own.

import type { FaultNotice } from '../faults/inject.ts'
import type { Region } from '../sim/host.ts'
import type { World } from '../sim/world.ts'

/** Names before the rest is only counted. */
const NAMES_MAX = 4

/** 'region us-east', 'broker-1, broker-2', 'region us-east, broker-4 and 3 more'. */
export function hitText(world: World, notice: FaultNotice): string {
  const regions = [...world.regions.values()].filter((region) => isWhole(region, notice))
  const inside = new Set<string>()
  const lost = regions.flatMap(hostsOf)
  for (const { name } of [...lost, ...world.processesOn(lost)]) inside.add(name)
  const each = notice.processes.length > 0 ? notice.processes : notice.hosts
  const names = [
    ...regions.map((region) => `region ${region.name}`),
    ...each.filter((name) => !inside.has(name)),
  ]
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : ''
  return names.slice(0, NAMES_MAX).join(', ') + more
}

/** Whether a fault hit every host of a region that has more than one process to lose. */
function isWhole(region: Region, { hosts }: FaultNotice): boolean {
  const own = hostsOf(region)
  return own.length > 1 && own.every((host) => hosts.includes(host.name))
}

function hostsOf(region: Region) {
  return region.zones.flatMap((zone) => zone.hosts)
}
