// What the clients of a scenario are resolved against: the parts that stand before them in a file.

import type { BrokerSettings } from '../../kafka/settings/modelled.ts'
import type { RegionSpec, TopicSpec } from '../model.ts'
import type { Release } from './release.ts'

export interface Surroundings {
  readonly regions: readonly RegionSpec[]
  readonly topics: readonly TopicSpec[]
  readonly release: Release
  /** The cluster's own settings, and how many brokers it has. */
  readonly brokerSettings: BrokerSettings
  readonly brokers: number
  /** End of the load. */
  readonly duration: number
}
