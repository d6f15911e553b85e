// From a scenario's places to the kernel's: regions, zones, hosts, links, processes.

import type { DiskModel, LinkModel, Scenario } from '../scenario/model.ts'
import type { Host, Zone } from '../sim/host.ts'
import type { LinkSpec } from '../sim/link.ts'
import type { Process } from '../sim/process.ts'
import type { World } from '../sim/world.ts'
import { buildOverlay } from './overlay.ts'

/** Lays out regions, zones and every link between them. */
export function buildPlaces(world: World, scenario: Scenario): void {
  world.network.congestionControl = scenario.network.congestionControl
  for (const region of scenario.regions) {
    const place = world.addRegion(region.name)
    for (const zone of region.zones) world.addZone(zone, place)
  }
  for (const from of world.zones.values()) {
    for (const to of world.zones.values()) {
      world.network.setLink(from, to, linkSpec(linkBetween(scenario, from, to)))
    }
  }
  if (scenario.network.overlay !== null) buildOverlay(world, scenario.network.overlay)
}

/** Names of the programs at the ends of the overlay's tunnels. */
export function gatewaysOf({ network }: Scenario): string[] {
  const tunnels = network.overlay?.tunnels ?? []
  return tunnels.flatMap(({ ends }) => ends.map(({ name }) => name))
}

/** The process of that name, on its host; both are made where they do not exist yet. */
export function processAt(
  world: World,
  at: { readonly name: string; readonly host: string; readonly zone: string },
  disk: DiskModel,
): Process {
  const known = world.processes.get(at.name)
  return known ?? world.addProcess(at.name, hostAt(world, at.host, at.zone, disk))
}

function hostAt(
  world: World,
  name: string,
  zoneName: string,
  { bytesPerSecond, fsyncMicros }: DiskModel,
): Host {
  const known = world.hosts.get(name)
  if (known !== undefined) return known
  const zone = world.zones.get(zoneName)
  if (zone === undefined) throw new Error(`no zone ${zoneName}`)
  return world.addHost(name, zone, {
    bytesPerSecond,
    fsyncLatency: fsyncMicros[0],
    fsyncJitter: fsyncMicros[1] - fsyncMicros[0],
  })
}

function linkBetween(scenario: Scenario, from: Zone, to: Zone): LinkModel {
  if (from === to) return scenario.network.intraZone
  if (from.region === to.region) return scenario.network.intraRegion
  const { links } = scenario.network
  const link = links.find((l) => l.from === from.region.name && l.to === to.region.name)
  if (link === undefined) throw new Error(`no link ${from.region.name} -> ${to.region.name}`)
  return link
}

/** Jitter is drawn evenly from 0 to its bound, on top of the delay. */
function linkSpec(model: LinkModel): LinkSpec {
  return {
    delay: model.delay,
    jitter: model.jitter,
    jitterModel: 'uniform',
    lossPpm: model.lossPpm,
    bandwidthBps: model.bandwidthBps,
    mtu: model.mtu,
  }
}
