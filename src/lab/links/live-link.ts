// A link of a simulation, whatever system carries it.

import type { History } from '../../history.ts'
import type { RecordIds } from '../../kafka/internal-record-ids.ts'
import type { Scenario } from '../../scenario/model.ts'
import type { World } from '../../sim/world.ts'
import type { LiveCluster } from '../live-cluster.ts'
import type { Causes } from '../record/causes.ts'
import type { Clock } from '../record/clock.ts'

/** What links are built from. */
export interface LinkSurroundings {
  readonly world: World
  readonly scenario: Scenario
  readonly history: History
  readonly causes: Causes
  readonly clock: Clock
  readonly recordIds: RecordIds
  clusterOf(name: string): LiveCluster
}

export interface LiveLink {
  readonly name: string
  /** Its processes, by name. */
  readonly workers: readonly string[]
  /** Starts its processes, at their time; called once, when the clusters are up. */
  start(): void
  /** It copies, or there is nothing to copy; true for one that starts later. */
  isReady(): boolean
}
