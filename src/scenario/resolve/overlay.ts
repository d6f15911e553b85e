// Gateways and tunnels of an overlay: how many, on which machines, between which regions.

import { type OverlayDocument, overlay } from '../document/overlay.ts'
import type { GatewaySpec, OverlaySpec, RegionLink, RegionSpec, TunnelModel } from '../model.ts'
import { Findings } from './findings.ts'

const PATH = ['network', 'overlay']

/** What a gateway does to a packet and how fast, where the file says nothing. */
const GATEWAYS = {
  /**
   * 20 IPv4, 8 UDP, 4 opcode and peer, 32 HMAC-SHA-256, 16 initialisation vector, 12 packet number
   * and padding of a full packet. It works on one core: a few hundred Mbit/s, an estimate.
   */
  openvpn: { overhead: 92, bandwidthBps: 300_000_000 },
  /** 20 IPv4, 8 UDP, 16 header and counter, 16 tag; the kernel uses all cores. */
  wireguard: { overhead: 60, bandwidthBps: 0 },
} as const

/**
 * Bandwidths are bits a second, delays micros. Where the file says nothing, bandwidth and bytes of
 * encapsulation are those of the gateway's type.
 */
export function resolveOverlay(
  document: OverlayDocument,
  regions: readonly RegionSpec[],
  links: readonly RegionLink[],
  findings: Findings,
): OverlaySpec {
  const { gatewayType, gatewayPairs, gatewayNodes, ceiling, guaranteed } = document
  const members = membersOf(document, regions, findings)
  const spec = {
    slice: document.slice,
    regions: members.map(({ name }) => name),
    gatewayType,
    gatewayPairs,
    gatewayNodes: Math.min(gatewayNodes ?? gatewayPairs, gatewayPairs),
    ceilingBps: ceiling,
    gatewayBandwidthBps: document.gatewayBandwidth ?? GATEWAYS[gatewayType].bandwidthBps,
    hopDelay: document.hopDelay,
    hopJitter: document.hopJitter,
    mtu: document.mtu,
    encapsulationBytes: document.overhead ?? GATEWAYS[gatewayType].overhead,
    failover: document.failover,
    establish: document.establish,
  }
  if (gatewayNodes !== undefined && gatewayNodes > gatewayPairs) {
    const fix = `write gatewayNodes: ${gatewayPairs}, or more gatewayPairs`
    const message = 'a node would hold no gateway'
    findings.error([...PATH, 'gatewayNodes'], message, fix, gatewayNodes)
  }
  if (guaranteed !== undefined) checkGuarantee(guaranteed, ceiling, findings)
  checkSize(spec, links, findings)
  return { ...spec, tunnels: tunnelsOf(members, spec) }
}

/** What an overlay is whose file names its ceiling only: none, and no regions. */
export function defaultOverlay(gatewayType: OverlaySpec['gatewayType']): OverlaySpec {
  return resolveOverlay(overlay.parse({ ceiling: 0, gatewayType }), [], [], new Findings())
}

/** A link of the underlay as packets inside a tunnel see it. */
export function overlaid(link: RegionLink, spec: OverlaySpec): RegionLink {
  if (!isMember(link, spec)) return link
  const { hopDelay, hopJitter, mtu } = spec
  return { ...link, delay: link.delay + hopDelay, jitter: link.jitter + hopJitter, mtu }
}

function isMember({ from, to }: RegionLink, { regions }: Pick<OverlaySpec, 'regions'>): boolean {
  return regions.includes(from) && regions.includes(to)
}

function membersOf(
  { regions: names }: OverlayDocument,
  regions: readonly RegionSpec[],
  findings: Findings,
): readonly RegionSpec[] {
  for (const [index, name] of (names ?? []).entries()) {
    const path = [...PATH, 'regions', index]
    const known = regions.map((region) => region.name)
    if (!known.includes(name)) findings.unknown(path, 'region', name, known)
    else if (names?.indexOf(name) !== index) {
      findings.error(path, `region ${name} is named twice`, 'name each region once', name)
    }
  }
  if (names === undefined && regions.length < 2) {
    const fix = 'add a region, or take overlay out'
    findings.error(PATH, 'an overlay needs two regions to join', fix)
  }
  return names === undefined ? regions : regions.filter(({ name }) => names.includes(name))
}

function checkGuarantee(guaranteed: number, ceiling: number, findings: Findings): void {
  const path = [...PATH, 'guaranteed']
  if (ceiling > 0 && guaranteed > ceiling) {
    const fix = 'lower it, or raise the ceiling'
    findings.error(path, 'it guarantees more than the ceiling lets through', fix)
    return
  }
  const message = 'no effect: one slice has its gateways’ interfaces to itself'
  findings.note(path, message)
}

/** Fragments of packets that are too large once they are wrapped are not modelled. */
function checkSize(
  spec: Pick<OverlaySpec, 'regions' | 'mtu' | 'encapsulationBytes'>,
  links: readonly RegionLink[],
  findings: Findings,
): void {
  const { mtu, encapsulationBytes } = spec
  const tight = links.find((link) => isMember(link, spec) && link.mtu < mtu + encapsulationBytes)
  if (tight === undefined) return
  const whole = mtu + encapsulationBytes
  const message = `wrapped it has ${whole} bytes; ${tight.from} -> ${tight.to} takes ${tight.mtu}`
  const fix = `write mtu: ${tight.mtu - encapsulationBytes} or less`
  findings.error([...PATH, 'mtu'], message, fix, mtu)
}

/** Each pair of regions has its own gateways; they take turns on the region's gateway nodes. */
function tunnelsOf(
  members: readonly RegionSpec[],
  { gatewayPairs, gatewayNodes }: Pick<OverlaySpec, 'gatewayPairs' | 'gatewayNodes'>,
): TunnelModel[] {
  const tunnels: TunnelModel[] = []
  for (const [index, a] of members.entries()) {
    for (const b of members.slice(index + 1)) {
      for (let pair = 0; pair < gatewayPairs; pair++) {
        const gateway = (at: RegionSpec, peer: RegionSpec): GatewaySpec => {
          const node = pair % gatewayNodes
          return {
            name: `gateway-${at.name}-${peer.name}-${pair + 1}`,
            host: `gateways-${at.name}-${node + 1}`,
            region: at.name,
            zone: at.zones[node % at.zones.length] ?? '',
          }
        }
        const name = `${a.name}-${b.name}-${pair + 1}`
        tunnels.push({ name, ends: [gateway(a, b), gateway(b, a)] })
      }
    }
  }
  return tunnels
}
