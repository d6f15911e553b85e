// What leaves a run of mirror topics: of cluster links, and of cluster mirrors.

/** What `kafka-mirrors --describe` knows. */
export interface MirrorDescription {
  readonly topic: string
  readonly link: string
  readonly sourceTopic: string
  readonly sourceCluster: string
  readonly state: MirrorStateShown
  /** Since when. */
  readonly stateAtMs: number
  /** Why it has failed, or one of its partitions; null where nothing has. */
  readonly failure: string | null
  readonly partitions: readonly {
    readonly number: number
    readonly destLogEndOffset: number
    /** -1 before the first fetch; it stays when the source falls silent, and the lag with it. */
    readonly lastFetchSourceHighWatermark: number
    /** -1 before the first fetch; negative where the source has come back with less. */
    readonly lag: number
    /** Since the source last told something new; null before. */
    readonly timeSinceLastFetchMs: number | null
  }[]
}

/** As Confluent's API names them, and KIP-1279 those of its mirrors. */
export type MirrorStateShown =
  | 'ACTIVE'
  | 'PAUSED'
  | 'LINK_PAUSED'
  | 'SOURCE_UNAVAILABLE'
  | 'FAILED'
  | 'PENDING_MIRROR'
  | 'PENDING_SYNCHRONIZE'
  | 'PENDING_STOPPED'
  | 'STOPPED'
  | 'PENDING_SETUP_FOR_RESTORE'
  | 'PENDING_RESTORE'
  | 'LOG_ALIGNMENT'
  | 'MIRRORING'
  | 'STOPPING'
