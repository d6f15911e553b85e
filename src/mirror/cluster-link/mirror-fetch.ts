// Models: how far a link's fetcher is with one mirror partition.
// Leaves out: nothing; the thread is link-fetcher.ts.
// Source: kafka.server.PartitionFetchState; the phases follow KIP-320's validation of positions.

import type { LeaderEpoch, Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { Micros } from '../../sim/time.ts'
import type { SourcePartition } from './source-client.ts'

/**
 * `starting`: an empty mirror asks where its source begins. `validating`: the source is asked where
 * the mirror's last epoch ended in its log. `fetching`: from the mirror's end. `held`: the topic's
 * state decides whether it goes on.
 */
export type MirrorPhase = 'starting' | 'validating' | 'fetching' | 'held'

/** What was last heard of the source; it stays when the source falls silent. */
export interface SourceSight {
  /** -1 before the first answer. */
  highWatermark: Offset
  /** Of the last answer; -1 before the first. */
  at: Micros
  /** Of the last answer that named the partition: an idle one is left out. -1 before the first. */
  toldAt: Micros
  /** Answers with an error since the last one without. */
  failures: number
}

/**
 * Made anew whenever the partition's epoch here or its leader there changes; only `sight` goes on
 * from one to the next.
 */
export class MirrorFetch {
  /** Of the destination. */
  readonly index: PartitionIndex
  readonly topic: string
  readonly source: SourcePartition
  readonly sight: SourceSight
  phase: MirrorPhase
  /** The source has no record of the time at which the mirror was to begin. */
  startsAtEnd = false
  delayedUntil: Micros = 0
  /** Since when the source answers with errors; null while it does not. */
  failingSince: Micros | null = null
  readonly leaderEpoch: LeaderEpoch

  constructor(
    at: { readonly index: PartitionIndex; readonly topic: string; readonly leaderEpoch: number },
    source: SourcePartition,
    sight: SourceSight,
    phase: MirrorPhase,
  ) {
    this.index = at.index
    this.topic = at.topic
    this.leaderEpoch = at.leaderEpoch
    this.source = source
    this.sight = sight
    this.phase = phase
  }

  /** Whether it is in that phase and its wait after an error is over. */
  isReady(phase: MirrorPhase, now: Micros): boolean {
    return this.phase === phase && now >= this.delayedUntil
  }
}
