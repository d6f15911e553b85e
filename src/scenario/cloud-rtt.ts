// Measured round-trip times between cloud regions. Each provider's table says when and how it was
// measured; a pair that is in none is unknown, never guessed.

import aws from './data/aws-rtt.json' with { type: 'json' }
import azure from './data/azure-rtt.json' with { type: 'json' }
import gcp from './data/gcp-rtt.json' with { type: 'json' }

interface RttTable {
  readonly provider: string
  readonly unit: string
  readonly measured: string
  readonly source: string
  readonly pairs: readonly (readonly (string | number)[])[]
}

const TABLES: readonly RttTable[] = [aws, azure, gcp]

export interface MeasuredRtt {
  readonly rttMicros: number
  /** Provider, date and unit of the measurement. */
  readonly source: string
}

/** The RTT between two cloud regions, 'aws:us-east-1', or null where nobody measured it. */
export function cloudRtt(a: string, b: string): MeasuredRtt | null {
  const [x, y] = [split(a), split(b)]
  if (x === null || y === null || x.provider !== y.provider) return null
  const table = TABLES.find(({ provider }) => provider === x.provider)
  const pair = table?.pairs.find(
    ([from, to]) =>
      (from === x.region && to === y.region) || (from === y.region && to === x.region),
  )
  if (table === undefined || pair === undefined) return null
  const { provider, unit, measured } = table
  const rttMicros = Math.floor(Number(pair[2]) * 1_000 + 0.5)
  return { rttMicros, source: `${provider} ${unit}, measured ${measured}` }
}

/** Every cloud region that a table knows: 'aws:us-east-1', … */
export function cloudRegions(): string[] {
  return TABLES.flatMap(({ provider, pairs }) => {
    const names = new Set(pairs.flatMap(([from, to]) => [String(from), String(to)]))
    return [...names].map((region) => `${provider}:${region}`)
  })
}

/** The spelling of the tables: 'azure:East US 2' is 'azure:eastus2'. */
export function normaliseCloud(cloud: string): string {
  const parts = split(cloud)
  return parts === null ? cloud : `${parts.provider}:${parts.region}`
}

function split(cloud: string): { readonly provider: string; readonly region: string } | null {
  const at = cloud.indexOf(':')
  if (at < 0) return null
  const region = cloud
    .slice(at + 1)
    .trim()
    .toLowerCase()
    .replaceAll(' ', '')
  return { provider: cloud.slice(0, at).trim().toLowerCase(), region }
}
