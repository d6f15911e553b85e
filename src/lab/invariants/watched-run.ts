// What all rules share: the partitions as they are known from outside, and where to report.

import type { NodeId, PartitionIndex } from '../../kafka/ids.ts'
import type { PartitionLog } from '../../kafka/log/partition-log.ts'
import type { Guards } from '../../kafka/version.ts'
import type { Violations } from './violations.ts'
import { WatchedPartition } from './watched-partition.ts'

/** What a rule may ask of the cluster that it watches. */
export interface WatchedCluster {
  partitionName(partition: PartitionIndex): string
  /** As it lies on the broker's disk, whether the broker runs or not. */
  logOn(broker: NodeId, partition: PartitionIndex): PartitionLog | undefined
  /** Its port is open: an unregistered broker may lead by old metadata, and nobody hears it. */
  isServing(broker: NodeId): boolean
  /** How many unclean elections an operator has ordered up to now. */
  uncleanElectionsOrdered(): number
}

/**
 * Partitions that nobody has named yet are made when they are asked for, and those of lower index
 * with them.
 */
export class WatchedRun {
  readonly guards: Guards
  readonly violations: Violations
  readonly cluster: WatchedCluster
  /** By partition index; a partition is known from its first record or role on. */
  readonly partitions: WatchedPartition[] = []

  constructor(guards: Guards, violations: Violations, cluster: WatchedCluster) {
    this.guards = guards
    this.violations = violations
    this.cluster = cluster
  }

  /** Its name is asked for now, so the cluster must know the partition. */
  partition(index: PartitionIndex): WatchedPartition {
    const known = this.partitions[index]
    if (known !== undefined) return known
    for (let i = this.partitions.length; i <= index; i++) {
      this.partitions.push(new WatchedPartition(i, this.cluster.partitionName(i)))
    }
    return this.partition(index)
  }
}
