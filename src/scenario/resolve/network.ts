// Regions and the links between them: measured RTTs where the file gives none.

import { cloudRegions, cloudRtt, normaliseCloud } from '../cloud-rtt.ts'
import type { ScenarioDocument } from '../document/document.ts'
import type { LinkDocument, NetworkDocument } from '../document/network.ts'
import type { LinkModel, NetworkSpec, RegionLink, RegionSpec } from '../model.ts'
import type { Findings } from './findings.ts'
import { overlaid, resolveOverlay } from './overlay.ts'

/** Round trips inside a region where the file says nothing: common figures of public clouds. */
const INTRA_REGION_RTT = 1_000
const INTRA_ZONE_RTT = 200

const PAIR = /^\s*(\S+?)\s*(~|->|<->)\s*(\S+?)\s*$/

/** Zones are named with their region ('us-east/a'); a region without zones has 'a'. */
export function resolveRegions(document: ScenarioDocument, findings: Findings): RegionSpec[] {
  return Object.entries(document.regions).map(([name, region]) => {
    const zones = region?.zones ?? ['a']
    const seen = new Set(zones)
    if (seen.size < zones.length) {
      findings.error(['regions', name, 'zones'], 'a zone is named twice', 'name each zone once')
    }
    const cloud = region?.cloud === undefined ? null : normaliseCloud(region.cloud)
    if (cloud !== null && !cloudRegions().includes(cloud)) {
      findings.unknown(['regions', name, 'cloud'], 'cloud region', cloud, cloudRegions())
    }
    return { name, cloud, zones: zones.map((zone) => `${name}/${zone}`) }
  })
}

/**
 * A link for each ordered pair of regions; delays are half a round trip, in micros. A direction for
 * which neither the file nor the table of clouds knows one has no link, and its pair is a finding.
 */
export function resolveNetwork(
  network: NetworkDocument,
  regions: readonly RegionSpec[],
  findings: Findings,
): NetworkSpec {
  const written = readLinks(network, regions, findings)
  const links: RegionLink[] = []
  for (const from of regions) {
    for (const to of regions) {
      if (from === to) continue
      const link = linkBetween(network, written, from, to)
      if (link !== null) links.push(link)
    }
  }
  for (const [a, b] of pairsOf(regions)) {
    const isKnown = (from: RegionSpec, to: RegionSpec) =>
      links.some((link) => link.from === from.name && link.to === to.name)
    // A delay may be written for one direction alone.
    if (!isKnown(a, b) || !isKnown(b, a)) missingRtt(a, b, findings)
  }
  const { congestionControl, intraRegion, intraZone, mtu } = network
  const overlay =
    network.overlay === undefined ? null : resolveOverlay(network.overlay, regions, links, findings)
  return {
    congestionControl,
    intraZone: { ...insideLink(intraZone, INTRA_ZONE_RTT), mtu },
    intraRegion: { ...insideLink(intraRegion, INTRA_REGION_RTT), mtu },
    links: overlay === null ? links : links.map((link) => overlaid(link, overlay)),
    overlay,
  }
}

interface WrittenLinks {
  /** By 'from>to'. */
  readonly rtt: ReadonlyMap<string, number>
  readonly links: ReadonlyMap<string, LinkDocument>
}

function readLinks(
  network: NetworkDocument,
  regions: readonly RegionSpec[],
  findings: Findings,
): WrittenLinks {
  const rtt = new Map<string, number>()
  for (const [key, value] of Object.entries(network.rtt)) {
    const ends = readPair(['network', 'rtt', key], key, regions, findings)
    if (ends === null) continue
    if (ends.sign === '->') {
      const fix = `write it under links: "${key}": {delay: …}; an RTT belongs to "a ~ b"`
      findings.error(['network', 'rtt', key], 'a round trip has no direction', fix)
    }
    rtt.set(`${ends.a}>${ends.b}`, value)
    rtt.set(`${ends.b}>${ends.a}`, value)
  }
  const links = new Map<string, LinkDocument>()
  for (const [key, value] of Object.entries(network.links)) {
    const ends = readPair(['network', 'links', key], key, regions, findings)
    if (ends === null) continue
    links.set(`${ends.a}>${ends.b}`, value)
    if (ends.sign !== '->') links.set(`${ends.b}>${ends.a}`, value)
  }
  return { rtt, links }
}

function readPair(
  path: readonly string[],
  key: string,
  regions: readonly RegionSpec[],
  findings: Findings,
): { readonly a: string; readonly b: string; readonly sign: string } | null {
  const match = PAIR.exec(key)
  const [a, sign, b] = [match?.[1] ?? '', match?.[2] ?? '', match?.[3] ?? '']
  if (match === null || a === b) {
    findings.error(
      path,
      'not a pair of regions',
      'write "a ~ b", or "a -> b" for one direction',
      key,
    )
    return null
  }
  const names = regions.map(({ name }) => name)
  const unknown = [a, b].filter((name) => !names.includes(name))
  for (const name of unknown) findings.unknown(path, 'region', name, names)
  return unknown.length > 0 ? null : { a, b, sign }
}

function linkBetween(
  network: NetworkDocument,
  written: WrittenLinks,
  from: RegionSpec,
  to: RegionSpec,
): RegionLink | null {
  const key = `${from.name}>${to.name}`
  const link = written.links.get(key)
  const rtt = written.rtt.get(key)
  const measured = from.cloud !== null && to.cloud !== null ? cloudRtt(from.cloud, to.cloud) : null
  const known = link?.delay ?? half(rtt) ?? half(measured?.rttMicros)
  if (known === undefined) return null
  const isOwn = link?.delay !== undefined || rtt !== undefined || measured === null
  return {
    from: from.name,
    to: to.name,
    delay: known,
    jitter: link?.jitter ?? network.jitter,
    lossPpm: link?.loss ?? network.loss,
    bandwidthBps: link?.bandwidth ?? network.bandwidth,
    mtu: link?.mtu ?? network.mtu,
    source: isOwn ? 'scenario' : measured.source,
  }
}

function half(rtt: number | undefined): number | undefined {
  return rtt === undefined ? undefined : Math.floor(rtt / 2)
}

function insideLink(inside: NetworkDocument['intraZone'], rtt: number): Omit<LinkModel, 'mtu'> {
  return {
    delay: Math.floor((inside.rtt ?? rtt) / 2),
    jitter: inside.jitter ?? 0,
    lossPpm: inside.loss ?? 0,
    bandwidthBps: inside.bandwidth ?? 0,
  }
}

/** Each pair once, in the order of the file. */
function pairsOf(regions: readonly RegionSpec[]): [RegionSpec, RegionSpec][] {
  return regions.flatMap((a, at) =>
    regions.slice(at + 1).map((b): [RegionSpec, RegionSpec] => [a, b]),
  )
}

function missingRtt(from: RegionSpec, to: RegionSpec, findings: Findings): void {
  const why =
    from.cloud === null || to.cloud === null
      ? 'no cloud region is named for both'
      : 'nobody measured that pair in the tables that come along'
  const message = `the round trip between ${from.name} and ${to.name} is unknown: ${why}`
  findings.error(['network'], message, `write rtt: {"${from.name} ~ ${to.name}": 50ms}`)
}
