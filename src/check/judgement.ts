// The judge's words: what each claim about a run yields. Types only. Times are milliseconds with
// micros as fraction, since the start of the run or as lengths; a null says "not decided when the
// run ended" or "nothing to measure".

import type { LatencyPhases, RpoOfPartition } from './figures.ts'
import type { Conflict, LinkJudgement } from './links/judgement.ts'

export type Verdict = 'met' | 'missed' | 'unknown'

export type Unit = 'ms' | 'records' | 'bytes' | 'ratio' | 'usd'

/** What a scenario promises: a measure held at or below a limit, or at or above it. */
export interface Objective {
  /** A key of the list of objectives, e.g. 'rto.produce'. */
  readonly id: string
  readonly comparison: 'at-most' | 'at-least'
  readonly limit: number
}

export interface ObjectiveResult extends Objective {
  readonly measured: number | null
  readonly unit: Unit
  readonly verdict: Verdict
  /** One sentence that a reader can check. */
  readonly evidence: string
}

/**
 * Fates of all records, by id. safe + delayed + lost = acked; the flags duplicated, reordered and
 * phantom lie beside that. Not acked is counted apart and is never loss.
 */
export interface Fates {
  readonly sent: number
  readonly acked: number
  readonly safe: number
  /** Acked, absent from the log at its promotion, back later or in the old primary's log. */
  readonly delayed: number
  /** Acked and absent for good. */
  readonly lost: number
  /** Ids at more than one offset of a surviving log. */
  readonly duplicated: number
  /** Ids that stand behind a later one of their stream. */
  readonly reordered: number
  /** Ids that a group consumed and that no surviving log holds. */
  readonly phantom: number
  readonly failed: number
  /** Legal: the error came back, the record stayed. */
  readonly failedButPresent: number
  readonly failedAbsent: number
  readonly unknown: number
  readonly unknownButPresent: number
  readonly unknownAbsent: number
  /** Still open when the run ended. */
  readonly pending: number
}

/** Records of one producer, next to one another in its partition, that met one fate. */
export interface RecordRange {
  readonly partition: string
  readonly producer: string
  readonly firstRecordId: number
  /** Of the first one, among the producer's records of the partition, from 0. */
  readonly firstNumber: number
  readonly count: number
  /** The event that brought it about; null where none was seen. */
  readonly cause: number | null
}

/** Recovery point: what was acknowledged and is gone. Worst partition's times, summed counts. */
export interface Rpo {
  readonly records: number
  readonly bytes: number
  /** Fault minus the acknowledgement of the first lost record, at least 0. */
  readonly windowMs: number
  /** Last acknowledgement minus that of the newest record in the surviving unbroken prefix. */
  readonly ageMs: number
  /** How long after the fault acknowledgements of records that are lost went on. */
  readonly splitBrainMs: number
  readonly acked: number
  /** Partitions with a loss, worst first. */
  readonly byPartition: readonly RpoOfPartition[]
  /** Partitions without a leader at the end: what they hold may still come back or be lost. */
  readonly undecided: readonly string[]
  /**
   * Ranges of lost records for a closer look, at most a hundred. Their cause is the truncation that
   * removed them, or the leader's mistake by which they were not written.
   */
  readonly lostRanges: readonly RecordRange[]
}

/** detect + decide + elect + client = ms. All null while the outage lasts beyond the run's end. */
export interface RtoSplit {
  /** 0 where nothing stopped; null where it had not come back when the run ended. */
  readonly ms: number | null
  /** Fault to the first record or decision about it; null where nobody decided anything. */
  readonly detectMs: number | null
  /** The operator's time; 0 inside one cluster. */
  readonly decideMs: number | null
  readonly electMs: number | null
  readonly clientMs: number | null
}

export interface RtoOfPartition extends RtoSplit {
  readonly partition: string
  /** The clock's start: the fault that the outage is counted from. */
  readonly faultAtMs: number
  readonly backAtMs: number | null
}

export interface RtoOfClient {
  readonly client: string
  readonly ms: number | null
}

/** Recovery time of one direction: the worst partition, and how the others spread. */
export interface Rto extends RtoSplit {
  /** The partition that decided, null where nothing stopped. */
  readonly worst: string | null
  readonly faultAtMs: number | null
  readonly backAtMs: number | null
  /** Until half, and until 95 % of the partitions were back. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  /** Until throughput and latency were as before the fault for good; null if never. */
  readonly steadyMs: number | null
  /** Only partitions that stopped, worst first. */
  readonly byPartition: readonly RtoOfPartition[]
  readonly byClient: readonly RtoOfClient[]
}

/** Longest time out of each plane; null while it is still out at the end. */
export interface Planes {
  readonly controlMs: number | null
  readonly dataMs: number | null
  readonly clientsMs: number | null
  /** Until every in-sync set was at its strength before the fault again. */
  readonly redundancyMs: number | null
}

export interface Availability {
  /** Share of partition-time in which writes went through, 0 to 1. */
  readonly produceRatio: number
  readonly unavailableMs: number
  readonly byPartition: readonly { readonly partition: string; readonly unavailableMs: number }[]
}

export interface ConsumerView {
  readonly delivered: number
  /** Delivered again to the same group, whose application worked on it again. */
  readonly redelivered: number
  /** Delivered again, and dropped by an application that remembered it. */
  readonly suppressed: number
  /** In the surviving log, passed over by a group. */
  readonly skipped: number
  /** Times that a group's position moved back, and by how many offsets. */
  readonly rewinds: number
  readonly rewoundOffsets: number
  readonly phantom: number
  /** Records whose send had failed for sure and that were delivered all the same. */
  readonly abortedReads: number
}

/** Burrow's, from good to bad. */
export type LagState = 'ok' | 'slow' | 'stopped' | 'stalled' | 'rewound'

/** A partition's commits against what was there to read; worst and at the end. */
export interface GroupLag {
  readonly partition: string
  readonly committed: number
  readonly records: number
  /** Age of the first record that is not committed. */
  readonly ageMs: number
  readonly recordsMax: number
  readonly ageMsMax: number
  /** As Burrow calls it, at the end. */
  readonly state: LagState
}

/** How far readers were behind what the producers of a region had written; worst and at the end. */
export interface RegionLag {
  /** The group, or a consumer that belongs to none. */
  readonly group: string
  readonly region: string
  /** Acknowledged there and not handed to the group yet, in whichever cluster it reads. */
  readonly records: number
  /** How long the oldest of them has been acknowledged. */
  readonly ageMs: number
  readonly recordsMax: number
  readonly ageMsMax: number
}

/** How far a group was on a partition over time, on the grid of the charts; null before it was. */
export interface GroupTrack {
  readonly group: string
  readonly partition: string
  readonly committed: readonly (number | null)[]
  readonly records: readonly (number | null)[]
  readonly ageMs: readonly (number | null)[]
}

/** A group went on in another cluster; offsets and records are those of the target's log. */
export interface GroupMove {
  readonly partition: string
  readonly atMs: number
  /** Where it went on, and where it should have. */
  readonly offset: number
  readonly trueOffset: number
  /** Never handed to it, and handed again. */
  readonly skip: number
  readonly redo: number
}

/** What became of a consumer group; the same name in several clusters is one application. */
export interface GroupJudgement extends ConsumerView {
  /** With its cluster where another one of the same name works in another cluster. */
  readonly group: string
  /** `replicator`: nobody of the application is in it; its members carry a link. */
  readonly kind: 'application' | 'replicator'
  readonly moves: readonly GroupMove[]
  readonly rebalances: number
  /** Time in which the group was dealing its partitions, in all. */
  readonly rebalancingMs: number
  /** Members that were taken out: silent, late, or gone of themselves. */
  readonly removed: number
  /** Committed offsets of partitions, as the members were told. */
  readonly commits: { readonly ok: number; readonly failed: number }
  readonly lags: readonly GroupLag[]
}

export interface Divergence {
  /** Offsets below both log ends that hold different records on two replicas. */
  readonly offsets: number
  /** Those below both high watermarks: a broken promise, never legal in a clean run. */
  readonly committedOffsets: number
  readonly evidence: string | null
}

/** A month's traffic of one kind; null where it is not known. */
export interface EgressPart {
  readonly gb: number | null
  readonly usd: number | null
}

/** What a month of undisturbed operation sends between zones and regions, and its list price. */
export interface Egress {
  readonly zones: EgressPart
  readonly regions: EgressPart
  readonly usd: number | null
}

/** Records of a topic in a place where they may not be. */
export interface ResidencyBreach {
  /** To which they were written. */
  readonly topic: string
  readonly region: string
  /** 'us:eu.orders-0 on broker 7', 'consumer report'. */
  readonly place: string
  readonly records: number
  readonly firstMs: number
}

export interface ResidencyJudgement {
  /** Topics whose records may not go everywhere. */
  readonly rules: number
  /** Kept or read elsewhere, each once. */
  readonly records: number
  readonly breaches: readonly ResidencyBreach[]
}

export interface Judgement {
  readonly verdict: Verdict
  readonly objectives: readonly ObjectiveResult[]
  readonly rpo: Rpo
  readonly rto: { readonly produce: Rto; readonly consume: Rto }
  readonly planes: Planes
  readonly fates: Fates
  /**
   * What the producers' own retries have put into a log twice; the first 100. Their cause is the
   * error for which they were sent again.
   */
  readonly repeatedRanges: readonly RecordRange[]
  readonly latency: { readonly produce: LatencyPhases; readonly endToEnd: LatencyPhases }
  readonly availability: Availability
  readonly consumerView: ConsumerView
  /** By name; empty where nobody belongs to a group. */
  readonly groups: readonly GroupJudgement[]
  /** By group and region of origin, of all who were handed anything. */
  readonly regionLags: readonly RegionLag[]
  readonly divergence: Divergence
  readonly egress: Egress
  readonly residency: ResidencyJudgement
  /** Links between clusters, in the order of the scenario. */
  readonly links: readonly LinkJudgement[]
  /** Of clusters that both take writes of the same keys; empty elsewhere. */
  readonly conflicts: readonly Conflict[]
}

/** Values on an even grid: value i belongs to startMs + i * stepMs. */
export interface Series {
  readonly id: string
  readonly label: string
  readonly unit: Unit | 'records/s' | 'partitions' | 'replicas'
  readonly values: readonly (number | null)[]
}

export interface SeriesGrid {
  readonly startMs: number
  readonly stepMs: number
  readonly points: number
  readonly series: readonly Series[]
}

/** A stretch of time in which something held: a leader, an in-sync set, a controller. */
export interface Span {
  readonly fromMs: number
  readonly untilMs: number
  /** Node id, -1 for none. */
  readonly node: number
  readonly epoch: number
  readonly label: string
}

/** A stretch of time in which a cluster had an active controller, or none. */
export interface ControllerSpan extends Span {
  readonly cluster: string
}

/** One replica's log over time, on its own even grid. */
export interface ReplicaTrack {
  readonly broker: number
  readonly role: 'replica' | 'observer'
  readonly logStart: readonly (number | null)[]
  readonly highWatermark: readonly (number | null)[]
  readonly logEnd: readonly (number | null)[]
}

export interface TruncationMark {
  readonly atMs: number
  readonly broker: number
  readonly fromOffset: number
  readonly toOffset: number
  readonly event: number | null
}

/** All that the partition view draws. */
export interface PartitionView {
  readonly partition: string
  readonly topic: string
  readonly number: number
  readonly replicas: readonly number[]
  /** What it asked for since when, in the order of time. */
  readonly minIsr: readonly { readonly fromMs: number; readonly replicas: number }[]
  readonly leaders: readonly Span[]
  /** In-sync sets over time; `node` is their size. */
  readonly isr: readonly Span[]
  /** Where each leader epoch begins in the log. */
  readonly epochs: readonly { readonly epoch: number; readonly startOffset: number }[]
  readonly startMs: number
  readonly stepMs: number
  readonly tracks: readonly ReplicaTrack[]
  readonly truncations: readonly TruncationMark[]
}

/** Something that happened to a record. */
export interface RecordMoment {
  readonly atMs: number
  readonly text: string
}

/** What became of one record. */
export interface RecordLife {
  /** In the order of time. */
  readonly moments: readonly RecordMoment[]
  /** Timeline event of what took it; null where nothing did. */
  readonly cause: number | null
  /** Where it is in the end. */
  readonly place: string
}
