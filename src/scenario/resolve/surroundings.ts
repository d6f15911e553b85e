// What the clients of a scenario are resolved against: the parts that stand before them in a file.

import type { ClusterSpec, RegionSpec, TopicSpec } from '../model.ts'
import type { Release } from './release.ts'

export interface Surroundings {
  readonly regions: readonly RegionSpec[]
  readonly topics: readonly TopicSpec[]
  readonly release: Release
  readonly clusters: readonly [ClusterSpec, ...ClusterSpec[]]
  /** End of the load. */
  readonly duration: number
}
