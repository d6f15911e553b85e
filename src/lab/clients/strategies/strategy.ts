// What a consumer's application does before it joins its group in a cluster to which it has come
// from another one: it finds out where the group is to go on. One file a strategy.

import type { CommittedOffset } from '../../../kafka/group-messages.ts'
import type { Network } from '../../../sim/network.ts'
import type { Process } from '../../../sim/process.ts'
import type { LiveCluster } from '../../live-cluster.ts'

/** Who arrives where. */
export interface Arrival {
  readonly process: Process
  readonly network: Network
  /** Name of the cluster that it comes from. */
  readonly from: string
  readonly live: LiveCluster
  readonly group: string
  readonly topics: readonly string[]
}

export interface FailoverStrategy {
  /** Partitions that are not among the offsets go on as the group would without a strategy. */
  offsetsFor(arrival: Arrival, onFound: (offsets: readonly CommittedOffset[]) => void): void
}
