// Where records were that must stay in some regions, in a line.

import type { RunResult } from '../contract.ts'
import { count } from './quantity.ts'

/** '1,200 records elsewhere: orders in us (us:eu.orders-0 on broker 4), 2 more places'. */
export function residencyText({ residency: { records, breaches } }: RunResult): string {
  const [first] = breaches
  if (first === undefined) return 'kept and read where they may be'
  const place = `${first.topic} in ${first.region} (${first.place})`
  const more = breaches.length === 1 ? '' : `, ${count(breaches.length - 1)} more places`
  return `${count(records)} records elsewhere: ${place}${more}`
}
