// The judge's words for links between clusters. Types only; milliseconds as in judgement.ts.

import type { LatencyPhases, RpoOfPartition } from '../figures.ts'

/** What acknowledged records a link's target did not have at one instant. */
export interface LinkPoint {
  readonly atMs: number
  /** Acknowledged at the source by then. */
  readonly acked: number
  readonly records: number
  readonly bytes: number
  /** The fault (else the instant) minus the acknowledgement of the first missing record. */
  readonly windowMs: number
  /** Last acknowledgement minus that of the newest record before the first missing one. */
  readonly ageMs: number
  /** How long after the fault missing records were acknowledged. */
  readonly splitBrainMs: number
  /** Partitions of the source with a missing record, worst first. */
  readonly byPartition: readonly RpoOfPartition[]
}

/** Records that never come, though later ones of their partition have (passed-over.ts). */
export interface PassedOver {
  readonly records: number
  /** Partitions of the source, most first. */
  readonly byPartition: readonly { readonly partition: string; readonly records: number }[]
}

/** What a monitor would have foretold: the lag it scraped last before an instant. */
export interface PredictedPoint {
  readonly scrapedAtMs: number
  readonly records: number
  /** At the rate of acknowledgements since the scrape before; null without any. */
  readonly ms: number | null
}

/** Four answers to "how long does replication take", over the records that arrived. */
export interface LinkLatency {
  /** Handed over by the application -> in the target's log, as MirrorMaker's metric has it. */
  readonly record: LatencyPhases
  /** In the source's log -> in the target's log: what the link itself takes. */
  readonly log: LatencyPhases
  /** Acknowledged -> in the target's log, 0 where it was there first: how long it was at risk. */
  readonly risk: LatencyPhases
  /** Handed over by the application -> delivered at the target for the first time. */
  readonly delivered: LatencyPhases
}

/** The target took over. */
export interface LinkFailover {
  /** Null where nothing had struck: a planned switch. */
  readonly faultAtMs: number | null
  readonly promotedAtMs: number
  /** When the old primary was promoted in its turn. */
  readonly backAtMs: number | null
  /** detect + decide + execute = the fault to the promotion; null without a fault. */
  readonly detectMs: number | null
  readonly decideMs: number | null
  readonly executeMs: number | null
  /** Promotion to the first acknowledgement at the target of a client of the source. */
  readonly clientMs: number | null
  /** The last acknowledgement at the source before that one, to that one. */
  readonly switchMs: number | null
  /** Acknowledged by the old primary and absent at the promotion. */
  readonly missing: LinkPoint
  /** Of the missing: reached those who read, later. */
  readonly late: number
  /** Of the missing: only in the old primary's log at the end. */
  readonly stranded: number
  /** Of the missing: in no surviving log. late + stranded + gone = missing. */
  readonly gone: number
  /** Of the missing: no longer in the source's own log at the promotion, so no link could help. */
  readonly lostInSource: number
  /** The longest wait for a late one, from the promotion. */
  readonly lateMsMax: number | null
  /** What the old primary had and the target had not, acknowledged or not, and of it what its own
   * truncations removed afterwards. */
  readonly tail: { readonly records: number; readonly cut: number }
}

/** How long records took: those that came last, and over the half minute before each instant; null
 * where nothing has come. */
export interface TimingTrack {
  readonly lastMs: readonly (number | null)[]
  readonly minMs: readonly (number | null)[]
  readonly maxMs: readonly (number | null)[]
  readonly meanMs: readonly (number | null)[]
}

/** What of a link a partition of its target has got over time, on the grid of the charts. */
export interface LinkTrack {
  readonly link: string
  /** Of the target. */
  readonly partition: string
  /** Up to each instant. */
  readonly records: readonly number[]
  readonly bytes: readonly number[]
  /** Handed over by the application -> in the target's log. */
  readonly latency: TimingTrack
  /** Handed over by the application -> with a task of MirrorMaker 2, which alone measures it. */
  readonly age: TimingTrack
  /** At the source and acknowledged, and not here. */
  readonly behind: readonly number[]
}

/** What a link wrote into its target. */
export interface Copied {
  readonly records: number
  readonly bytes: number
  /** Of the records those that stood in the target before. */
  readonly again: number
}

export interface LinkJudgement {
  readonly link: string
  readonly system: string
  readonly from: string
  readonly to: string
  /** Appended at the target, also what the target's own clients had written there. */
  readonly copied: Copied
  readonly latency: LinkLatency
  /** The most that was acknowledged and not copied, and the longest that a record was so. */
  readonly lag: { readonly recordsMax: number; readonly msMax: number }
  /** When the first fault struck, or when the load ended. */
  readonly atFault: LinkPoint | null
  readonly atLoadEnd: LinkPoint
  readonly predicted: PredictedPoint | null
  readonly failovers: readonly LinkFailover[]
  /** Partitions of the source with acknowledged records of which the target never had one. */
  readonly neverCopied: readonly string[]
  readonly passedOver: PassedOver
  /** Records of the source's clients that stand on one side only when the run ends. */
  readonly onlyAtSource: number
  readonly onlyAtTarget: number
}

/** Two clusters that both take writes of one topic's keys: how often they contradict each other. */
export interface Conflict {
  readonly topic: string
  readonly between: readonly [string, string]
  /** Written on both sides. */
  readonly keys: number
  /** Pairs of writes of one key, one of each side, neither of which had come before the other. */
  readonly crossed: number
  /** Keys with such a pair. */
  readonly keysCrossed: number
  /** Keys that end with another value on each side for whoever applies writes as they come. */
  readonly keysApart: number
}
