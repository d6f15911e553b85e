// kafka-consumer-groups --reset-offsets --execute: looks the offsets up at the leaders, and commits
// them for a group without members, over the network from beside the cluster.

import { ADMIN_DEFAULTS } from '../../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { CommittedOffset } from '../../kafka/group-messages.ts'
import { NO_OFFSET, type PartitionIndex } from '../../kafka/ids.ts'
import type { OffsetAt } from '../../kafka/messages.ts'
import type { OffsetGoal } from '../../runbook/step.ts'
import type { Process } from '../../sim/process.ts'
import type { World } from '../../sim/world.ts'
import { processAt } from '../geography.ts'
import type { LiveCluster } from '../live-cluster.ts'

/** Its process runs on a host of its own, in the zone of the cluster's first node. */
export class OffsetTool {
  readonly #world: World
  readonly #live: LiveCluster
  readonly #process: Process

  /** @param who names its process */
  constructor(world: World, live: LiveCluster, who: string) {
    this.#world = world
    this.#live = live
    const zone = live.spec.nodes[0]?.zone ?? ''
    const at = { name: `tool-${who}-${live.name}`, host: `tool-${who}-${live.name}`, zone }
    this.#process = processAt(world, at, live.spec.disk)
  }

  /** A client in the tool's process, which may have to start: before that it can send nothing. */
  #withClient(act: (admin: KafkaAdminClient) => void): void {
    const process = this.#process
    const { cluster } = this.#live
    const options = { config: ADMIN_DEFAULTS, bootstrapNodes: cluster.brokerIds }
    const build = () => act(new KafkaAdminClient(process, this.#world.network, cluster, options))
    process.onBoot = build
    if (process.state === 'stopped') process.start()
    else build()
  }

  /**
   * A time ago counts from now; a partition with no record as young goes to its end. `onDone` hears
   * Kafka's error, of looking up or of committing: after the first nothing is committed.
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
    this.#withClient((admin) => {
      admin.listOffsets(of(at, all), (error, found) => {
        if (error !== 'NONE') {
          onDone(error)
          return
        }
        // Where nothing is that young, the tool goes to the end.
        const none = all.filter(({ partition }) => found.get(partition)?.offset === NO_OFFSET)
        admin.listOffsets(of('latest', none), (failed, ends) => {
          // An end that is not known cannot be committed: the tool gives up before it commits any.
          if (failed !== 'NONE') {
            onDone(failed)
            return
          }
          const offsets = all.flatMap(({ partition }): CommittedOffset[] => {
            const listed = ends.get(partition) ?? found.get(partition)
            return listed === undefined ? [] : [{ partition, ...listed }]
          })
          admin.alterConsumerGroupOffsets(group, offsets, onDone)
        })
      })
    })
  }
}
