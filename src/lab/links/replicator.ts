// A link of a simulation that has processes of its own, whatever system it is.

import type { History } from '../../history.ts'
import type { RecordIds } from '../../kafka/internal-record-ids.ts'
import type { ClusterPort } from '../../mirror/cluster-port.ts'
import type { Scenario } from '../../scenario/model.ts'
import type { Micros } from '../../sim/time.ts'
import type { World } from '../../sim/world.ts'
import type { LiveCluster } from '../live-cluster.ts'
import type { Causes } from '../record/causes.ts'
import type { Clock } from '../record/clock.ts'

/** What they are built from. */
export interface ReplicatorSurroundings {
  readonly world: World
  readonly scenario: Scenario
  readonly history: History
  readonly causes: Causes
  readonly clock: Clock
  readonly recordIds: RecordIds
  clusterOf(name: string): ReplicatedCluster
}

/** A cluster, and how the processes of a link see it. */
export interface ReplicatedCluster extends Pick<LiveCluster, 'spec' | 'cluster' | 'operator'> {
  readonly port: ClusterPort
}

export interface Replicator {
  readonly name: string
  /** Scenario time; 0: before the clients start; endless: a runbook starts it. */
  readonly startsAt: Micros
  /** Starts its processes after `delay`; called once, when the clusters are up. */
  start(delay: Micros): void
  /** It has begun to copy, or has found nothing to copy. */
  isReady(): boolean
}
