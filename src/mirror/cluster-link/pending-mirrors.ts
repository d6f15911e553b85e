// Models: what the leader of a mirror partition does in each pending state, and when it is done.
// Leaves out: transitions that fail half way and are retried by hand.
// Source: Confluent's docs name the states; what happens inside each of them is our reading:
// PENDING_SYNCHRONIZE catches up, PENDING_STOPPED stops fetching, PENDING_MIRROR lets the last
// writes be committed, PENDING_RESTORE cuts the log back. KIP-1279 for LOG_ALIGNMENT and STOPPING.

import type { LedMirror, MirrorHost, MirrorLog } from '../../kafka/broker/mirror-port.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { MirrorState } from '../../kafka/metadata/mirror-records.ts'
import type { RpcCaller } from '../../kafka/network/rpc.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, MS } from '../../sim/time.ts'
import type { SourceSight } from './mirror-fetch.ts'

/** How often a leader looks whether it is done, and how long it waits for the controller. */
const LOOK: Micros = 20 * MS
const TELL_AGAIN: Micros = 5_000 * MS

interface Pending {
  readonly led: LedMirror
  /** When the state was entered, as far as this broker knows. */
  readonly since: Micros
  toldAt: Micros | null
}

/**
 * The leaders' part of a transition; the coordinator's is mirror-transitions.ts. Every broker link
 * has one. A leader that is lost half way is no matter: its successor looks for itself whether the
 * partition is done. Tells the controller again after 5 s where the state has not changed by then.
 */
export class PendingMirrors {
  readonly #context: ProcessContext
  readonly #host: MirrorHost
  readonly #sightOf: (index: PartitionIndex) => SourceSight | undefined
  readonly #pending = new Map<PartitionIndex, Pending>()
  readonly #timer: Timer
  readonly #cutsOpenTransactions: boolean

  constructor(
    context: ProcessContext,
    host: MirrorHost,
    sightOf: (index: PartitionIndex) => SourceSight | undefined,
    cutsOpenTransactions = false,
  ) {
    this.#cutsOpenTransactions = cutsOpenTransactions
    this.#context = context
    this.#host = host
    this.#sightOf = sightOf
    this.#timer = context.timer(() => this.#lookAll())
  }

  /** All that is led here of the link, as metadata has it now. */
  look(led: readonly LedMirror[]): void {
    const known = new Map(this.#pending)
    this.#pending.clear()
    for (const one of led) {
      const { state } = one.mirror
      if (!isPending(state) || one.progress.done !== null) continue
      const before = known.get(one.index)
      const isSame =
        before?.led.mirror.state === state && before.led.leaderEpoch === one.leaderEpoch
      // A new state or a new leader epoch is told anew: what was told before was of another log.
      const [since, toldAt] = isSame ? [before.since, before.toldAt] : [this.#context.now, null]
      this.#pending.set(one.index, { led: one, since, toldAt })
    }
    this.#lookAll()
  }

  /** A fetcher has had an answer. */
  onHeard(index: PartitionIndex): void {
    const pending = this.#pending.get(index)
    if (pending !== undefined) this.#lookAt(pending)
  }

  /** Nothing more is told, though an answer may still come. */
  stop(): void {
    this.#timer.cancel()
    this.#pending.clear()
  }

  #lookAll(): void {
    for (const pending of this.#pending.values()) this.#lookAt(pending)
    if (this.#pending.size > 0) this.#timer.arm(LOOK)
    else this.#timer.cancel()
  }

  #lookAt(pending: Pending): void {
    const { toldAt, led } = pending
    const { now } = this.#context
    if (toldAt !== null && now - toldAt < TELL_AGAIN) return
    const endOffset = this.#doneAt(pending)
    if (endOffset === null) return
    pending.toldAt = now
    const { topic, state } = led.mirror
    const request = {
      ...{ api: 'ReportMirror' as const, topic, state, partition: led.index },
      ...{ progress: 'done' as const, endOffset },
    }
    const caller: RpcCaller = {
      onReply: (_request, response) => {
        if (response?.api !== 'Admin') pending.toldAt = null
      },
    }
    this.#host.tellController(request, caller)
  }

  /** The log's end once the partition is done; null while it is not. */
  #doneAt({ led, since }: Pending): Offset | null {
    const log = this.#host.log(led.index)
    if (log === null) return null
    const { logEndOffset, highWatermark } = log
    switch (led.mirror.state) {
      case 'PENDING_SYNCHRONIZE':
        return this.#isSynchronized(led, since, logEndOffset) ? logEndOffset : null
      case 'PENDING_STOPPED':
      case 'STOPPING':
        return this.#stoppedAt(led.index, log)
      // The topic takes no writes any more, but the last ones are still on their way to followers:
      // an end that is told before they are committed may be higher than the log after an election.
      case 'PENDING_MIRROR':
        return highWatermark === logEndOffset ? logEndOffset : null
      case 'PENDING_RESTORE': {
        const { goal } = led.progress
        if (goal === null) return null
        this.#host.truncate(led.index, goal)
        return goal
      }
      case 'LOG_ALIGNMENT':
        return this.#alignedAt(led)
      default:
        return null
    }
  }

  /** Nothing is fetched before the replicas are cut too: one that leads next must not have more. */
  #alignedAt({ index, progress: { goal } }: LedMirror): Offset | null {
    if (goal === null) return null
    this.#host.truncate(index, goal)
    return this.#host.isConverged(index) ? goal : null
  }

  /**
   * A transaction whose end has not crossed will have none: nobody coordinates it here.
   *
   * 1. With its records kept the last stable offset stays before them, whatever comes behind.
   * 2. Who reads committed records only is stuck there, until somebody aborts it by hand.
   * 3. The first drafts of KIP-1279 cut the log back to that offset first: the transaction is gone,
   *    as if aborted, and with it what had come behind.
   */
  #stoppedAt(index: PartitionIndex, { logEndOffset, lastStableOffset }: MirrorLog): Offset {
    if (!this.#cutsOpenTransactions || lastStableOffset >= logEndOffset) return logEndOffset
    this.#host.truncate(index, lastStableOffset)
    return this.#host.log(index)?.logEndOffset ?? lastStableOffset
  }

  /** Reversed, it has all that the source will ever have; else all that the source had just now. */
  #isSynchronized({ index, mirror, progress }: LedMirror, since: Micros, end: Offset): boolean {
    if (mirror.reversal !== null) return progress.goal !== null && end >= progress.goal
    // A sight from before the state was entered may miss records that the source had by then.
    const sight = this.#sightOf(index)
    return sight !== undefined && sight.at > since && end >= sight.highWatermark
  }
}

/** States that end once every partition's leader has done its part. */
function isPending(state: MirrorState): boolean {
  return state.startsWith('PENDING_') || state === 'LOG_ALIGNMENT' || state === 'STOPPING'
}
