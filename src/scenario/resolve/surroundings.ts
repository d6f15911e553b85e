// What the clients of a scenario are resolved against: the parts that stand before them in a file.

import type { ClusterSpec, EndpointSpec, RegionSpec } from '../model.ts'
import type { RegistrySpec } from '../registries.ts'
import type { KnownTopic } from './links/remote-topics.ts'
import type { Release } from './release.ts'

/** What links are resolved against. */
export type LinkSurroundings = Pick<Surroundings, 'regions' | 'release' | 'clusters'>

export interface Surroundings {
  readonly regions: readonly RegionSpec[]
  /** Those of the file, and those that links will create. */
  readonly topics: readonly KnownTopic[]
  readonly release: Release
  readonly clusters: readonly [ClusterSpec, ...ClusterSpec[]]
  readonly endpoints: readonly EndpointSpec[]
  readonly registries: readonly RegistrySpec[]
  /** End of the load. */
  readonly duration: number
}
