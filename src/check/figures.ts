// Figures that judgements of clusters and of links have in common. Types only; milliseconds as in
// judgement.ts.

/** The part of one partition in a recovery point. */
export interface RpoOfPartition {
  readonly partition: string
  readonly records: number
  readonly bytes: number
  readonly windowMs: number
  readonly ageMs: number
}

/** Nearest-rank percentiles; null without a record. */
export interface LatencySummary {
  readonly records: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly maxMs: number | null
}

/** A record belongs to the phase in which it was sent. Without a fault all are `before`. */
export interface LatencyPhases {
  readonly all: LatencySummary
  readonly before: LatencySummary
  readonly during: LatencySummary
  readonly after: LatencySummary
  /** Non-empty buckets of all: upper bound in ms, records. */
  readonly buckets: readonly (readonly [number, number])[]
}
