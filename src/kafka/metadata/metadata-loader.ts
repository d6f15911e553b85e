// Models: a broker's loader: replays committed records in order and tells the broker what changed.
// Leaves out: snapshots, controller-side publishers. A record of a topic that nobody knows costs
// Kafka all that the same publication brings; here it is left out alone.
// Source: org.apache.kafka.image.loader.MetadataLoader, BrokerMetadataPublisher.

import type { MetadataOffset, NodeId, QuorumEpoch } from '../ids.ts'
import type { QuorumStore } from '../raft/quorum-store.ts'
import type { RaftListener } from '../raft/raft-node.ts'
import { MetadataDelta } from './metadata-delta.ts'
import { MetadataImage } from './metadata-image.ts'
import type { MetadataRecord } from './records.ts'
import { ReplayFault } from './replay-fault.ts'

/** Whoever acts on new metadata: the broker. */
export interface MetadataPublisher {
  /** `image` already holds what `delta` names. */
  onMetadata(image: MetadataImage, delta: MetadataDelta): void
}

/**
 * One commit is one publication, whatever number of records it brings: a broker that lags sees
 * only the last state of a partition that changed several times.
 */
export class MetadataLoader implements RaftListener {
  readonly image = new MetadataImage()
  leaderId: NodeId = -1
  /** Who led when this node first knew of a leader; -1 until then. */
  firstLeaderId: NodeId = -1
  #publisher: MetadataPublisher | null = null
  /** Waits for the first commit that this process hears of. */
  #onCaughtUp: (() => void) | null = null
  readonly #onFault: ((fault: ReplayFault) => void) | null
  /** Changes since the last publication; kept while nobody listens yet. */
  #delta = new MetadataDelta()

  /** @param onFault hears of a record that does not fit; without it the record is left out */
  constructor(onFault: ((fault: ReplayFault) => void) | null = null) {
    this.#onFault = onFault
  }

  /** Offset of the last record replayed; heartbeats report it. */
  get lastAppliedOffset(): MetadataOffset {
    return this.image.offset
  }

  /**
   * Calls `fn` when all is replayed that is known to be committed, at once where it is already.
   * That takes one answer of the quorum, and no word of the controller (`stillNeedToCatchUp`).
   */
  whenCaughtUp(fn: () => void): void {
    if (this.image.offset >= 0) fn()
    else this.#onCaughtUp = fn
  }

  /** From now on `publisher` hears of changes; first of all that have come before. */
  install(publisher: MetadataPublisher): void {
    this.#publisher = publisher
    this.#publish()
  }

  /** Nobody hears of changes any more: the broker has shut down and the controller has not. */
  uninstall(): void {
    this.#publisher = null
  }

  /**
   * Replays [from, to) and publishes once. After a record that does not fit, with `onFault`, the
   * rest stays unread and nothing is published: the node is about to end.
   */
  onCommit({ log }: QuorumStore, from: MetadataOffset, to: MetadataOffset): void {
    for (let offset = from; offset < to; offset++) {
      if (!this.#replay(log.entryAt(offset).record, offset)) return
    }
    const onCaughtUp = this.#onCaughtUp
    this.#onCaughtUp = null
    onCaughtUp?.()
    this.#publish()
  }

  /** @returns whether the node goes on */
  #replay(record: MetadataRecord, offset: MetadataOffset): boolean {
    try {
      this.image.replay(record, offset, this.#delta)
    } catch (fault) {
      if (!(fault instanceof ReplayFault)) throw fault
      this.#onFault?.(fault)
      return this.#onFault === null
    }
    return true
  }

  /** Notes who leads the quorum, -1 for nobody; requests to the controller go there. */
  onLeaderChange(leaderId: NodeId, _epoch: QuorumEpoch): void {
    this.leaderId = leaderId
    if (this.firstLeaderId < 0) this.firstLeaderId = leaderId
  }

  #publish(): void {
    if (this.#publisher === null || this.#delta.isEmpty) return
    const delta = this.#delta
    this.#delta = new MetadataDelta()
    this.#publisher.onMetadata(this.image, delta)
  }
}
