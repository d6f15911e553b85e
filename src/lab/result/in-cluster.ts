// What belongs to a cluster says so where there are several.

import type { Scenario } from '../../scenario/model.ts'

/** 'eu broker' in a scenario of several clusters, 'broker' in one of one. */
export function inCluster({ clusters }: Scenario, cluster: string, text: string): string {
  return clusters.length > 1 ? `${cluster} ${text}` : text
}
