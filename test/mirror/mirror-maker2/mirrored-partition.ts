import { type Mm2Guards, mm2GuardsFor } from '../../../src/mirror/mirror-maker2/guards.ts'
import { OffsetSyncStore } from '../../../src/mirror/mirror-maker2/offset-sync-store.ts'
import { OffsetSyncWriter } from '../../../src/mirror/mirror-maker2/offset-sync-writer.ts'

export const CURRENT = mm2GuardsFor('4.1')

/** What lies before a record: offsets without a record at the source, at the target. */
export interface Step {
  readonly gapUpstream?: number
  readonly gapDownstream?: number
}

/**
 * One partition from source to target without delay: each record is mirrored and acknowledged at
 * once, and each sync is read at once.
 */
export class MirroredPartition {
  readonly writer: OffsetSyncWriter
  store: OffsetSyncStore
  upstreamEnd = 0
  downstreamEnd = 0
  /** Of each mirrored record: where it lies at the source and at the target. */
  readonly records: { readonly upstream: number; readonly downstream: number }[] = []
  readonly #guards: Mm2Guards
  readonly #syncs: { partition: number; upstream: number; downstream: number }[] = []

  constructor(guards: Mm2Guards, offsetLagMax = 100) {
    this.#guards = guards
    this.writer = new OffsetSyncWriter(guards, offsetLagMax)
    this.store = new OffsetSyncStore(guards, false)
    this.store.loaded()
  }

  mirror(count: number, step: Step = {}): void {
    for (let i = 0; i < count; i++) {
      const upstream = this.upstreamEnd + (step.gapUpstream ?? 0)
      const downstream = this.downstreamEnd + (step.gapDownstream ?? 0)
      this.records.push({ upstream, downstream })
      this.upstreamEnd = upstream + 1
      this.downstreamEnd = downstream + 1
      this.writer.queue(0, upstream, downstream)
      this.#send()
    }
  }

  /** Connect's offset flush. */
  commit(): void {
    this.writer.promoteDelayed()
    this.#send()
  }

  /** The checkpoint task starts again and reads all syncs. */
  restartCheckpointTask(checkpointsRead: boolean): void {
    this.store = new OffsetSyncStore(this.#guards, !checkpointsRead)
    for (const sync of this.#syncs) this.store.handle(sync)
    this.store.loaded()
  }

  translate(upstream: number): number | null {
    return this.store.translate(0, upstream)
  }

  /** Where a group that would read `upstream` next goes on without a skip or a repetition. */
  truth(upstream: number): number {
    const next = this.records.find((record) => record.upstream >= upstream)
    return next?.downstream ?? this.downstreamEnd
  }

  #send(): void {
    for (const sync of this.writer.fire()) {
      this.#syncs.push(sync)
      this.store.handle(sync)
      this.writer.acked()
    }
  }
}
