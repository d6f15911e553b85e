// From a scenario's overlay to the kernel's tunnels: machines for gateways, a program for each, and
// the queues that what they carry has to pass.

import type { GatewaySpec, OverlaySpec } from '../scenario/model.ts'
import type { Process } from '../sim/process.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import type { TunnelSpec } from '../sim/tunnels.ts'
import { Wire } from '../sim/wire.ts'
import type { World } from '../sim/world.ts'

/** Packets that wait for a capped interface: Linux’s txqueuelen, HTB’s own queue. */
const CEILING_QUEUE_PACKETS = 1_000
/** Packets that wait for a gateway to encrypt them: txqueuelen of KubeSlice’s OpenVPN. */
const GATEWAY_QUEUE_PACKETS = 5_000

/** Joins every two regions of the overlay; their links must be laid out. */
export function buildOverlay(world: World, overlay: OverlaySpec): void {
  const ceilings = new Map<string, Wire>()
  const byPair = new Map<string, TunnelSpec[]>()
  for (const { name, ends } of overlay.tunnels) {
    const gateways = [gatewayAt(world, ends[0]), gatewayAt(world, ends[1])] as const
    const both = wireOf(overlay, overlay.gatewayBandwidthBps, GATEWAY_QUEUE_PACKETS)
    const wires = gateways.map(({ host }) => {
      const known = ceilings.get(host.name)
      const ceiling = known ?? wireOf(overlay, overlay.ceilingBps, CEILING_QUEUE_PACKETS)
      ceilings.set(host.name, ceiling)
      return [both, ceiling].filter(({ bandwidthBps }) => bandwidthBps > 0)
    })
    const pair = `${ends[0].region}\n${ends[1].region}`
    const tunnel = { name, gateways, wires: [wires[0] ?? [], wires[1] ?? []] as const }
    byPair.set(pair, [...(byPair.get(pair) ?? []), tunnel])
  }
  const { failover, establish, encapsulationBytes } = overlay
  const settings = { withdraw: failover, establish, encapsulationBytes }
  for (const tunnels of byPair.values()) {
    const [first] = tunnels
    if (first === undefined) continue
    const [a, b] = first.gateways
    world.network.tunnelBetween([a.host.zone.region, b.host.zone.region], tunnels, settings)
  }
}

/** A gateway runs from the start of the world. */
function gatewayAt(world: World, { name, host, zone }: GatewaySpec): Process {
  const place = world.zones.get(zone)
  if (place === undefined) throw new Error(`no zone ${zone}`)
  const gateway = world.addProcess(name, world.hosts.get(host) ?? world.addHost(host, place))
  gateway.start()
  return gateway
}

/** A queue of so many full packets. */
function wireOf(overlay: OverlaySpec, bandwidthBps: number, packets: number): Wire {
  const bits = packets * (overlay.mtu + overlay.encapsulationBytes) * 8
  const queueMax: Micros = bandwidthBps === 0 ? 0 : Math.floor((bits * SECOND) / bandwidthBps)
  return new Wire(bandwidthBps, queueMax)
}
