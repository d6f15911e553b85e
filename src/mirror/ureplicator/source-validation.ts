// Models: a controller's comparison of the source's topics with its own: those that have grown are
// expanded where that is switched on.
// Leaves out: topics and partitions that went; counting in metrics; ZooKeeper, where the observer
// reads its list: it knows the source's topics when it reads.
// Source: com.uber.stream.kafka.mirrormaker: controller.validation.
// SourceKafkaClusterValidationManager, common.core.KafkaBrokerTopicObserver, ControllerInstance.

import type { Process } from '../../sim/process.ts'
import { type Micros, SECOND } from '../../sim/time.ts'

/** A topic that an operator has put on the whitelist, as POST /topics takes it. */
export interface WhitelistedTopic {
  readonly topic: string
  readonly numPartitions: number
}

/** The job's first run, and how far apart the others are. */
const FIRST: Micros = 120 * SECOND
const PERIOD: Micros = 600 * SECOND
/** So old may be what the observer knows. */
const REFRESH: Micros = 300 * SECOND

/** Runs for as long as the process lives. */
export class SourceValidation {
  #observed: readonly WhitelistedTopic[] = []

  /** @param onLook hears what the source had when it was last listed */
  constructor(
    process: Process,
    topics: () => readonly WhitelistedTopic[],
    onLook: (observed: readonly WhitelistedTopic[]) => void,
  ) {
    const refresh = process.timer(() => {
      this.#observed = topics()
      refresh.arm(REFRESH)
    })
    refresh.arm(0)
    const job = process.timer(() => {
      job.arm(PERIOD)
      onLook(this.#observed)
    })
    job.arm(FIRST)
  }
}
