// What a month of undisturbed operation sends between places, and its price, in a line.

import type { RunResult } from '../contract.ts'
import { count, dollars } from './quantity.ts'

/** '97,000 GB between regions and 0 GB between zones a month: $1,940'. */
export function egressText({ egress: { regions, zones, usd } }: RunResult): string {
  const gb = (part: typeof regions) => `${count(Math.round(part.gb ?? 0))} GB`
  const price = usd === null ? 'no list price' : dollars(usd)
  return `${gb(regions)} between regions and ${gb(zones)} between zones a month: ${price}`
}

/** Whether a run sends anything from place to place. */
export function hasEgress({ egress: { regions, zones } }: RunResult): boolean {
  return (regions.gb ?? 0) + (zones.gb ?? 0) > 0
}
