// What a gigabyte costs on its way between two places, at list prices.

import type { RegionSpec } from '../scenario/model.ts'
import table from './egress-prices.json' with { type: 'json' }

type Cloud = RegionSpec['cloud']

interface Prices {
  readonly prices: readonly { readonly prefix: string; readonly usdPerGb: number }[]
}

/** US dollars for 1e9 bytes from one zone to another; null where no list price is known. */
export function usdPerGb(from: RegionSpec, to: RegionSpec): number | null {
  if (from.name === to.name) return priceOf(table.betweenZones, from.cloud)
  const provider = providerOf(from.cloud)
  if (provider === null || providerOf(to.cloud) === null) return null
  const isSame = provider === providerOf(to.cloud)
  return priceOf(isSame ? table.interRegion : table.betweenClouds, from.cloud)
}

function priceOf({ prices }: Prices, cloud: Cloud): number | null {
  return prices.find(({ prefix }) => cloud?.startsWith(prefix))?.usdPerGb ?? null
}

/** 'aws' of 'aws:us-east-1'. */
function providerOf(cloud: Cloud): string | null {
  return cloud?.split(':')[0] ?? null
}
