// All that leaves a run, as types: what the command line prints, the server sends, the page draws
// and a saved file holds. Times are milliseconds (micros as fraction), sizes bytes, counts records.
// A null says that the run ended before it was decided.

import type {
  ControllerSpan,
  GroupTrack,
  Judgement,
  PartitionView,
  SeriesGrid,
  Verdict,
} from './check/judgement.ts'

import type { LinkTrack } from './check/links/judgement.ts'
import type { MirrorDescription } from './contract/mirrors.ts'

export type { LatencyPhases, LatencySummary } from './check/figures.ts'

export type {
  Availability,
  ConsumerView,
  ControllerSpan,
  Divergence,
  Egress,
  EgressPart,
  Fates,
  GroupTrack,
  ObjectiveResult,
  PartitionView,
  Planes,
  RecordLife,
  RecordRange,
  ReplicaTrack,
  ResidencyBreach,
  ResidencyJudgement,
  Rpo,
  Rto,
  RtoSplit,
  Series,
  SeriesGrid,
  Span,
  TruncationMark,
  Unit,
  Verdict,
} from './check/judgement.ts'

export type {
  Conflict,
  LinkFailover,
  LinkJudgement,
  LinkPoint,
  LinkTrack,
  TimingTrack,
} from './check/links/judgement.ts'

export type {
  ComparedDesign,
  ComparedMeasure,
  ComparedObjective,
  ComparedPair,
  Comparison,
  DesignDifference,
  MeasureCell,
  PairedMeasure,
  Relation,
  Tally,
} from './contract/comparison.ts'
export type { MirrorDescription, MirrorStateShown } from './contract/mirrors.ts'

/** Grows when a field changes its meaning or goes; new fields do not count. */
export const SCHEMA_VERSION = 2

export interface RunResult extends Judgement {
  readonly schemaVersion: number
  readonly scenario: string
  readonly question: string | null
  /** The scenario's own sentence about what to expect. */
  readonly answer: string | null
  /** Kafka's version that picked the guards, e.g. '4.1'. */
  readonly kafkaVersion: string
  readonly flavour: 'apache' | 'confluent'
  readonly seed: string
  /** Of what passed between machines, and of faults: equal digests are equal runs. */
  readonly digest: string
  readonly traffic: Traffic
  readonly clock: RunClock
  readonly topology: Topology
  readonly faults: readonly FaultBand[]
  readonly timeline: readonly TimelineEvent[]
  readonly series: SeriesGrid
  /** Who was the active controller of each cluster, when. */
  readonly controllers: readonly ControllerSpan[]
  readonly partitions: readonly PartitionView[]
  /** Groups and links on these partitions over time, on the grid of `series`. */
  readonly groupTracks: readonly GroupTrack[]
  readonly linkTracks: readonly LinkTrack[]
  /** The tables of each cluster when the run ended. */
  readonly clusters: readonly ClusterState[]
  readonly config: readonly EffectiveSetting[]
  /** What the scenario says, Kafka acts on and the model does not. */
  readonly notModelled: readonly Note[]
  /** Traps in the scenario, and what has no effect in Kafka either. */
  readonly notes: readonly Note[]
  readonly knobs: Readonly<Record<string, number | string>>
  readonly limits: Limits
  /** One line to paste that gives this run again. */
  readonly replay: string
  /** The scenario as its user named it: a file's path, or a name of the library. */
  readonly file: string
  /** Where the run was told to stop early; null where it was not. */
  readonly untilMs: number | null
}

export interface RunClock {
  /** When the clients' load began; measures start here. */
  readonly startMs: number
  /** First fault, null without one. */
  readonly faultAtMs: number | null
  /** When the load stopped and the settling began. */
  readonly loadEndMs: number
  readonly endMs: number
  /** Fired by the simulation. */
  readonly events: number
}

export interface Traffic {
  readonly links: readonly LinkTraffic[]
  readonly crossRegionBytes: number
  /** 730 h at the rate before the first fault, at list prices; null where a price is unknown. */
  readonly monthlyUsd: number | null
}

export interface LinkTraffic {
  readonly from: string
  readonly to: string
  readonly bytes: number
}

export interface Topology {
  readonly regions: readonly {
    readonly name: string
    /** 'aws:us-east-1', null for a region without a cloud. */
    readonly cloud: string | null
  }[]
  readonly brokers: readonly {
    readonly id: number
    readonly cluster: string
    readonly region: string
    readonly zone: string
    readonly roles: readonly ('broker' | 'controller')[]
  }[]
  readonly links: readonly { readonly a: string; readonly b: string; readonly rttMs: number }[]
  readonly clients: readonly {
    readonly name: string
    readonly kind: 'producer' | 'consumer'
    readonly region: string
    /** '5,000 rec/s acks=all'. */
    readonly text: string
  }[]
}

export interface FaultBand {
  readonly id: number
  readonly kind: string
  readonly target: string
  readonly text: string
  readonly fromMs: number
  /** Where it healed, or the run's end; `fromMs` for what is done at once, as a command is. */
  readonly untilMs: number
}

export interface TimelineEvent {
  readonly id: number
  readonly atMs: number
  readonly actor: string
  readonly kind: string
  readonly text: string
  /** Id of the event that led to this one. */
  readonly cause: number | null
  readonly partition: string | null
  readonly values: Readonly<Record<string, number | string>>
}

export interface ClusterState {
  readonly name: string
  readonly atMs: number
  readonly topics: readonly TopicDescription[]
  readonly quorum: QuorumDescription
  /** By name. */
  readonly groups: readonly GroupDescription[]
  /** Mirror topics of cluster links, also those that were stopped. */
  readonly mirrors: readonly MirrorDescription[]
}

/** What `kafka-topics --describe` knows. */
export interface TopicDescription {
  readonly name: string
  readonly topicId: string
  readonly replicationFactor: number
  /** In the order in which they are printed. */
  readonly configs: readonly (readonly [string, string])[]
  readonly partitions: readonly {
    readonly number: number
    /** -1 for none. */
    readonly leader: number
    readonly replicas: readonly number[]
    readonly isr: readonly number[]
    readonly elr: readonly number[]
    readonly lastKnownElr: readonly number[]
    /** Replicas on brokers that are fenced or gone. */
    readonly offline?: readonly number[]
    /** Null with Apache Kafka, which has none. */
    readonly observers: readonly number[] | null
    readonly minIsr: number
  }[]
}

/** What `kafka-consumer-groups --describe` knows. */
export interface GroupDescription {
  readonly group: string
  readonly members: number
  readonly state: GroupState
  readonly rows: readonly {
    readonly topic: string
    readonly partition: number
    /** Null where nothing is committed. */
    readonly currentOffset: number | null
    /** Null while the partition has no leader. */
    readonly logEndOffset: number | null
    /** Null where no member has the partition. */
    readonly member: {
      readonly consumerId: string
      readonly host: string
      readonly clientId: string
    } | null
  }[]
}

export type GroupState =
  | 'Empty'
  | 'PreparingRebalance'
  | 'CompletingRebalance'
  | 'Stable'
  | 'Assigning'
  | 'Reconciling'

/** What `kafka-metadata-quorum describe` knows. */
export interface QuorumDescription {
  readonly clusterId: string
  /** -1 for none. */
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly highWatermark: number
  readonly replicas: readonly {
    readonly id: number
    readonly role: 'Leader' | 'Follower' | 'Observer'
    readonly directoryId: string
    /** 'CONTROLLER://10.77.0.4:9093'; only voters have one. */
    readonly endpoint: string | null
    readonly logEndOffset: number
    /** Milliseconds of the run, -1 where never. */
    readonly lastFetchMs: number
    readonly lastCaughtUpMs: number
  }[]
}

export interface EffectiveSetting {
  /** 'broker', 'broker 4', 'topic orders', 'producer eu'. */
  readonly scope: string
  readonly name: string
  readonly value: string
  readonly source: 'scenario' | 'default'
}

/** A place in the scenario, and what is to be said of it. */
export interface Note {
  readonly subject: string
  readonly text: string
}

export interface Limits {
  readonly events: number
  readonly memoryMb: number
}

/** Fifth, fiftieth and ninety-fifth percentile; infinite outages count as worst and print null. */
export interface Spread {
  readonly p5: number | null
  readonly p50: number | null
  readonly p95: number | null
}

export interface SweepSummary {
  readonly scenario: string
  readonly seeds: readonly string[]
  readonly runs: number
  /** Missed before unknown before met. */
  readonly verdict: Verdict
  readonly verdicts: { readonly met: number; readonly missed: number; readonly unknown: number }
  readonly rpo: {
    readonly records: Spread
    readonly bytes: Spread
    readonly windowMs: Spread
    readonly ageMs: Spread
  }
  readonly rto: { readonly produceMs: Spread; readonly consumeMs: Spread }
  readonly objectives: readonly {
    readonly id: string
    readonly met: number
    readonly missed: number
    readonly unknown: number
    /** A seed that shows the worst case, for a replay. */
    readonly worstSeed: string
  }[]
}

/** What several runs print: the runs in the order of their seeds, and how they spread. */
export interface RunsDocument {
  readonly runs: readonly RunResult[]
  readonly summary: SweepSummary
}

/** A line of a list of scenarios. */
export interface ScenarioSummary {
  readonly name: string
  readonly question: string | null
  readonly answer: string | null
  readonly kafkaVersion: string
  readonly durationMs: number
  readonly regions: readonly string[]
  readonly objectives: readonly string[]
  readonly faults: readonly string[]
}

export interface ScenarioDocument {
  readonly summary: ScenarioSummary
  /** The file as it was written. */
  readonly yaml: string
  readonly seed: string
}

export interface ApiProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly path: string
  readonly message: string
  readonly fix: string | null
}

export interface ApiError {
  readonly error: string
  readonly problems: readonly ApiProblem[]
}

/** Names a scenario of the library, or brings its own text. */
export interface RunRequest {
  readonly scenario?: string
  readonly yaml?: string
  readonly seed?: string
}

/** Route to what goes in and what comes out; a failure answers 4xx or 5xx with an ApiError. */
export interface Api {
  readonly 'GET /api/scenarios': { readonly in: null; readonly out: readonly ScenarioSummary[] }
  readonly 'GET /api/scenarios/:name': { readonly in: null; readonly out: ScenarioDocument }
  readonly 'GET /api/schema': { readonly in: null; readonly out: Readonly<Record<string, unknown>> }
  readonly 'POST /api/validate': {
    readonly in: { readonly yaml: string }
    readonly out: { readonly problems: readonly ApiProblem[]; readonly notes: readonly Note[] }
  }
  readonly 'POST /api/run': { readonly in: RunRequest; readonly out: RunResult }
}
