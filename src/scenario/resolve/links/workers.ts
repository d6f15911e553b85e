// The processes of a link: as many as are asked for in each region or zone.

import type { WorkerSpec } from '../../links.ts'
import type { RegionSpec } from '../../model.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'

/** `prefix-1`, `prefix-2`, …, spread over the zones of a region in turn. */
export function resolveWorkers(
  path: Path,
  counts: Readonly<Record<string, number>>,
  prefix: string,
  regions: readonly RegionSpec[],
  findings: Findings,
): WorkerSpec[] {
  const workers: WorkerSpec[] = []
  for (const [place, count] of Object.entries(counts)) {
    const region = regionOf([...path, place], place, regions, findings)
    if (region === null) continue
    for (let i = 0; i < count; i++) {
      const name = `${prefix}-${workers.length + 1}`
      const zone = place === region.name ? region.zones[i % region.zones.length] : place
      workers.push({ name, region: region.name, zone: zone ?? '', host: `host-${name}` })
    }
  }
  if (Object.keys(counts).length === 0) {
    findings.error(path, 'nobody runs it', 'write how many run where: {REGION: 1}')
  }
  return workers
}

/** A service that a link needs, in one place: its region's first zone where no zone is named. */
export function resolveService(
  path: Path,
  place: string,
  name: string,
  regions: readonly RegionSpec[],
  findings: Findings,
): WorkerSpec {
  const region = regionOf(path, place, regions, findings)
  const zone = region === null || place !== region.name ? place : (region.zones[0] ?? place)
  return { name, region: region?.name ?? place, zone, host: `host-${name}` }
}

/** null, and a finding, where there is none of that name, nor a zone of one. */
function regionOf(
  path: Path,
  place: string,
  regions: readonly RegionSpec[],
  findings: Findings,
): RegionSpec | null {
  const region = regions.find(({ name, zones }) => name === place || zones.includes(place))
  if (region !== undefined) return region
  const known = regions.flatMap(({ name, zones }) => [name, ...zones])
  findings.unknown(path, 'region or zone', place, known)
  return null
}
