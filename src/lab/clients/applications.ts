// What the applications of a scenario's consumers do of their own: how a process that comes to
// another cluster finds out where to go on, and what it remembers of its work.

import { ADMIN_DEFAULTS } from '../../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { CommittedOffset } from '../../kafka/group-messages.ts'
import type { ConsumerSpec, DedupSpec, FailoverSpec, Scenario } from '../../scenario/model.ts'
import { DedupWindow } from '../../workload/dedup-window.ts'
import type { LiveCluster } from '../live-cluster.ts'
import { ProgressNotes } from './progress-notes.ts'
import type { Arrival, FailoverStrategy } from './strategies/strategy.ts'
import { timestampSeek } from './strategies/timestamp-seek.ts'
import { translatedOffsets } from './strategies/translated-offsets.ts'

/** Hears of the offsets that were committed for the group, and with what answer. */
export type OnTaken = (offsets: readonly CommittedOffset[], error: string) => void

/**
 * One for a run: what the members of a group share outlives their processes and the regions that
 * they are in.
 */
export class Applications {
  readonly notes = new ProgressNotes()
  readonly #scenario: Scenario
  readonly #clusterOf: (name: string) => LiveCluster
  /** State that the processes of a group share, wherever they run. */
  readonly #shared = new Map<string, DedupWindow>()

  constructor(scenario: Scenario, clusterOf: (name: string) => LiveCluster) {
    this.#scenario = scenario
    this.#clusterOf = clusterOf
  }

  /** What a new process of a consumer remembers; null where it works on whatever it is handed. */
  memoryOf(group: string, { dedup }: ConsumerSpec): DedupWindow | null {
    if (dedup === undefined) return null
    return dedup.state === 'memory' ? new DedupWindow(dedup.window) : this.#sharedBy(group, dedup)
  }

  #sharedBy(group: string, { window }: DedupSpec): DedupWindow {
    const memory = this.#shared.get(group) ?? new DedupWindow(window)
    this.#shared.set(group, memory)
    return memory
  }

  /**
   * Finds out where the group goes on and commits that for it, as an administrator does: of a group
   * whose other members are here already Kafka does not take it, and then their progress counts.
   */
  takeOver(spec: FailoverSpec, arrival: Arrival, onTaken: OnTaken): void {
    const { process, network, live, group } = arrival
    this.#strategyOf(spec).offsetsFor(arrival, (offsets) => {
      if (offsets.length === 0) {
        onTaken(offsets, 'NONE')
        return
      }
      const { bootstrapNodes, directory } = live.port
      const options = { config: ADMIN_DEFAULTS, bootstrapNodes }
      const admin = new KafkaAdminClient(process, network, directory, options)
      admin.alterConsumerGroupOffsets(group, offsets, (error) => {
        admin.close()
        onTaken(offsets, error)
      })
    })
  }

  #strategyOf(spec: FailoverSpec): FailoverStrategy {
    switch (spec.strategy) {
      case 'translated-offsets':
        return translatedOffsets(this.#scenario, this.#clusterOf, spec.timeout)
      case 'timestamp':
        return timestampSeek(this.notes, spec.margin)
    }
  }
}
