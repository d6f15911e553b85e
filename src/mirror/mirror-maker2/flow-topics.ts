// Models: how the checkpoint task reads MirrorMaker's own topics back: from the beginning to the
// end, and the offset syncs from then on.
// Leaves out: what compaction has removed; reading all of it gives the same.
// Source: CheckpointStore.readCheckpoints, OffsetSyncStore (connect.util.KafkaBasedLog).

import { invariant } from '../../sim/invariant.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { WorkerContext } from '../connect/connector.ts'
import { TopicLog } from '../connect/topic-log.ts'
import { WorkerAdmin } from '../connect/worker-admin.ts'
import type { Flow } from './flow.ts'
import {
  type CheckpointRecord,
  type CheckpointTopics,
  isCheckpoint,
  type TopicReader,
} from './mirror-checkpoint-task.ts'
import { isOffsetSync, type OffsetSync } from './offset-sync.ts'
import type { TranslationObserver } from './translation-observer.ts'

/**
 * Given to a checkpoint task by its worker. The state of the task is in these two topics, so that
 * it can start anywhere: from its own checkpoints it knows how far it has carried each group, from
 * the pairs how to go on. It makes neither of them: its connectors do, and are given half a minute.
 */
export class FlowTopics implements CheckpointTopics {
  readonly #flow: Flow
  readonly #context: WorkerContext
  readonly #unread: TranslationObserver

  constructor(flow: Flow, context: WorkerContext, unread: TranslationObserver) {
    this.#flow = flow
    this.#context = context
    this.#unread = unread
  }

  /**
   * From the target. Before KAFKA-15905 nobody read them, and a task began as one does now that
   * cannot: what it had translated is unknown, so that older syncs could take a group back.
   */
  readCheckpoints(
    onRecord: (checkpoint: CheckpointRecord) => void,
    onEnd: (isRead: boolean) => void,
  ): TopicReader {
    const { target, checkpointsTopic, guards } = this.#flow
    if (!guards.keepsSyncsOverRestart) {
      onEnd(false)
      return { close: () => {} }
    }
    const take = (value: object) => {
      invariant(isCheckpoint(value), 'the checkpoints topic holds checkpoints')
      onRecord(value)
    }
    const reader = this.#read(target, checkpointsTopic, take, (reason) => {
      reader.close()
      if (reason !== null) this.#unread.onCheckpointsUnread(reason)
      onEnd(reason === null)
    })
    return reader
  }

  /** From the source or the target, wherever offset-syncs.topic.location puts them. */
  readSyncs(onSync: (sync: OffsetSync) => void, onEnd: (isRead: boolean) => void): TopicReader {
    const { syncsCluster, syncsTopic } = this.#flow
    const take = (value: object) => {
      invariant(isOffsetSync(value), 'the offset-syncs topic holds offset syncs')
      onSync(value)
    }
    return this.#read(syncsCluster, syncsTopic, take, (reason) => {
      if (reason !== null) this.#unread.onSyncsUnread(reason)
      onEnd(reason === null)
    })
  }

  /** `onEnd` hears why it could not be read, null where it was; never before this returns. */
  #read(
    cluster: ClusterPort,
    name: string,
    onRecord: (value: object) => void,
    onEnd: (reason: string | null) => void,
  ): TopicReader {
    const { process, network } = this.#context
    const admin = new WorkerAdmin(process, network, cluster)
    const { recordIds } = this.#flow
    const topic = { name, making: null }
    const log = new TopicLog({ process, network, cluster, admin, recordIds, topic, onRecord })
    log.start(() => onEnd(null), onEnd)
    return {
      close: () => {
        log.close()
        admin.close()
      },
    }
  }
}
