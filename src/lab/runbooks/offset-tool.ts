// kafka-consumer-groups --reset-offsets --execute: looks the offsets up at the leaders, and commits
// them for a group without members, over the network from beside the cluster.

import { ADMIN_DEFAULTS } from '../../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { CommittedOffset } from '../../kafka/group-messages.ts'
import { NO_OFFSET, type PartitionIndex } from '../../kafka/ids.ts'
import type { OffsetAt } from '../../kafka/messages.ts'
import type { OffsetGoal } from '../../runbook/step.ts'
import type { World } from '../../sim/world.ts'
import { processAt } from '../geography.ts'
import type { LiveCluster } from '../live-cluster.ts'

/** Its process runs on a host of its own, in the zone of the cluster's first node. */
export class OffsetTool {
  readonly #world: World
  readonly #live: LiveCluster
  readonly #admin: KafkaAdminClient

  /** @param who names its process */
  constructor(world: World, live: LiveCluster, who: string) {
    this.#world = world
    this.#live = live
    const zone = live.spec.nodes[0]?.zone ?? ''
    const at = { name: `tool-${who}-${live.name}`, host: `tool-${who}-${live.name}`, zone }
    const process = processAt(world, at, live.spec.disk)
    const { cluster } = live
    const options = { config: ADMIN_DEFAULTS, bootstrapNodes: cluster.brokerIds }
    process.start()
    this.#admin = new KafkaAdminClient(process, world.network, cluster, options)
  }

  /**
   * A time ago counts from now; a partition with no record as young goes to its end. `onDone` hears
   * Kafka's error, of looking up or of committing.
   */
  reset(
    group: string,
    topics: readonly string[],
    goal: OffsetGoal,
    onDone: (error: string) => void,
  ): void {
    const at: OffsetAt =
      typeof goal === 'string' ? goal : { timestampMs: this.#world.now / 1_000 - goal.agoMs }
    const of = (
      at: OffsetAt,
      partitions: readonly { topic: string; partition: PartitionIndex }[],
    ) => partitions.map((one) => ({ ...one, at }))
    const all = topics.flatMap((topic) =>
      this.#live.cluster.topics.partitionsOf(topic).map((partition) => ({ topic, partition })),
    )
    this.#admin.listOffsets(of(at, all), (error, found) => {
      if (error !== 'NONE') {
        onDone(error)
        return
      }
      // Where nothing is that young, the tool goes to the end.
      const none = all.filter(({ partition }) => found.get(partition)?.offset === NO_OFFSET)
      this.#admin.listOffsets(of('latest', none), (_error, ends) => {
        const offsets = all.flatMap(({ partition }): CommittedOffset[] => {
          const listed = ends.get(partition) ?? found.get(partition)
          return listed === undefined ? [] : [{ partition, ...listed }]
        })
        this.#admin.alterConsumerGroupOffsets(group, offsets, onDone)
      })
    })
  }
}
