// What must hold in every run, and when. A row's number is the one that reports, tests and the
// fidelity page use; the rules that look are the other files of this folder.

import type { GuardName, Guards } from '../../kafka/version.ts'

export type InvariantNumber =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I11'
  | 'I12'
  | 'I13'
  | 'I14'
  | 'I15'
  | 'I16'
  | 'I17'
  | 'I18'
  | 'I19'
  | 'I20'
  | 'I23'

export interface ModelInvariant {
  readonly number: InvariantNumber
  readonly sentence: string
  /** Only in a cluster with (without) eligible leader replicas; absent: in both. */
  readonly elr?: boolean
  /** Ends for a partition with its clean run: WatchedPartition.endedBecause says why. */
  readonly needsCleanRun: boolean
  /** Repairs of Kafka that it rests on; without one of them the anomaly is the model's answer. */
  readonly guards: readonly GuardName[]
  /** Those that it rests on only where eligible leader replicas are on. */
  readonly guardsWithElr: readonly GuardName[]
  /** The moment at which it is looked at. */
  readonly checked: string
  readonly source: string
}

/** What keeps every member of an ISR complete. */
const COMPLETENESS: readonly GuardName[] = [
  'epochBasedTruncation',
  'truncationIteratesEpochs',
  'epochKnownFromElection',
  'truncateBeforeHighWatermark',
  'epochFencingOfFetch',
  'epochFencingOfTruncation',
  'epochFencingOfHighWatermark',
  'isrExpandNeedsEpochStart',
  'isrExpandNeedsFetchInEpoch',
  'maximalIsrForHighWatermark',
  'pendingIsrStaysOnVersionError',
  'fencedReplicaBarredFromIsr',
  'brokerEpochOnIsrAdd',
]
const ELR_COMPLETENESS: readonly GuardName[] = [
  'minIsrGatesHighWatermark',
  'uncleanReplicaLeavesElr',
]

const ALWAYS = { needsCleanRun: false, guards: [], guardsWithElr: [] } as const
const CLEAN_RUN = {
  needsCleanRun: true,
  guards: COMPLETENESS,
  guardsWithElr: ELR_COMPLETENESS,
} as const

/** In the order of their numbers; the three left out speak of sequences and consumer groups. */
export const INVARIANTS: readonly ModelInvariant[] = [
  {
    number: 'I1',
    sentence: 'At most one broker acts as leader of a partition in a leader epoch.',
    ...ALWAYS,
    checked: 'a broker takes up a role',
    source: 'KIP-101; Partition.makeLeader',
  },
  {
    number: 'I2',
    sentence: 'A broker’s view of a partition never goes back, and a leader epoch has its change.',
    ...ALWAYS,
    checked: 'a broker takes up a role or an ISR',
    source: 'PartitionRegistration.merge',
  },
  {
    number: 'I3',
    sentence: 'The ISR is a part of the assignment with the leader in it; no stranger is eligible.',
    ...ALWAYS,
    checked: 'a partition’s registration changes',
    source: 'PartitionChangeBuilder; KIP-966',
  },
  {
    number: 'I4',
    sentence: 'A partition whose ISR has min.insync.replicas members has an empty ELR.',
    elr: true,
    ...ALWAYS,
    checked: 'a partition’s registration changes',
    source: 'PartitionChangeBuilder.maybePopulateTargetElr; KIP-966',
  },
  {
    number: 'I5',
    sentence: 'Without eligible leader replicas an ISR is never empty.',
    elr: false,
    ...ALWAYS,
    checked: 'a partition’s registration changes',
    source: 'PartitionChangeBuilder',
  },
  {
    number: 'I6',
    sentence: 'No fenced broker is in an ISR, except without ELR as its only member.',
    ...ALWAYS,
    guards: ['fencedReplicaBarredFromIsr'],
    guardsWithElr: ['lastKnownLeaderMustBeActive'],
    checked: 'a registration or a broker changes',
    source: 'KIP-841; ReplicationControlManager.handleBrokerFenced',
  },
  {
    number: 'I7',
    sentence: 'On every replica the log’s start, its high watermark and its end are in this order.',
    ...ALWAYS,
    checked: 'a replica’s log or high watermark changes',
    source: 'UnifiedLog.updateHighWatermark',
  },
  {
    number: 'I8',
    sentence: 'A leader’s high watermark never falls while its leader epoch lasts.',
    ...ALWAYS,
    checked: 'a leader appends or moves its high watermark',
    source: 'UnifiedLog.maybeIncrementHighWatermark',
  },
  {
    number: 'I9',
    sentence: 'A leader that has caught up with its epoch’s start shows all that was committed.',
    ...CLEAN_RUN,
    checked: 'a broker that serves takes over or moves its high watermark',
    source: 'KIP-207; Partition.fetchOffsetForTimestamp',
  },
  {
    number: 'I10',
    sentence:
      'A high watermark moves only while the committed ISR has min.insync.replicas members.',
    ...ALWAYS,
    guards: ['minIsrGatesHighWatermark'],
    checked: 'a leader moves its high watermark',
    source: 'KAFKA-15583; Partition.maybeIncrementLeaderHW',
  },
  {
    number: 'I11',
    sentence: 'A leader’s maximal ISR holds all that the controller may elect from.',
    ...ALWAYS,
    guards: ['pendingIsrStaysOnVersionError'],
    guardsWithElr: ['minIsrGatesHighWatermark'],
    checked: 'an ISR changes, at its leader or at the controller',
    source: 'KIP-497',
  },
  {
    number: 'I12',
    sentence: 'Every member of ISR and ELR holds all that was ever committed.',
    ...CLEAN_RUN,
    checked: 'a leader commits, a member truncates, a registration changes',
    source: 'KIP-966',
  },
  {
    number: 'I13',
    sentence: 'A broker that takes over a partition holds all that was ever committed.',
    ...CLEAN_RUN,
    checked: 'a broker takes over',
    source: 'KIP-101, KIP-966',
  },
  {
    number: 'I14',
    sentence: 'No record that was acknowledged with acks=all is lost (ELR off).',
    elr: false,
    ...CLEAN_RUN,
    checked: 'the run ends',
    source: 'KIP-966, motivation',
  },
  {
    number: 'I15',
    sentence: 'No record that was acknowledged with acks=all is lost (ELR on).',
    elr: true,
    ...CLEAN_RUN,
    checked: 'the run ends',
    source: 'KIP-966',
  },
  {
    number: 'I16',
    sentence: 'What acks=all answers had been fetched by the whole maximal ISR, large enough.',
    ...ALWAYS,
    guards: ['maximalIsrForHighWatermark', 'isrExpandNeedsFetchInEpoch'],
    checked: 'a high watermark moves, an acks=all request is answered',
    source: 'Partition.checkEnoughReplicasReachOffset',
  },
  {
    number: 'I17',
    sentence: 'A replica back from an unclean stop is no candidate until a leader takes it back.',
    ...ALWAYS,
    guards: [
      'isrExpandNeedsEpochStart',
      'isrExpandNeedsFetchInEpoch',
      'fencedReplicaBarredFromIsr',
      'brokerEpochOnIsrAdd',
    ],
    guardsWithElr: ['uncleanReplicaLeavesElr', 'lastKnownLeaderMustBeActive'],
    checked: 'a broker registers again, an ISR grows',
    source: 'KIP-903, KIP-966; ReplicationControlManager.handleUncleanBrokerShutdown',
  },
  {
    number: 'I18',
    sentence: 'Batches of two replicas with the same offset and leader epoch are the same.',
    ...ALWAYS,
    checked: 'a broker takes over, and the run ends, until a leader rewrites what it lost',
    source: 'KIP-101; BrokerServer.startup, GroupCoordinatorService.onElection',
  },
  {
    number: 'I19',
    sentence: 'Replicas agree below both high watermarks, and (always) as far as one has fetched.',
    ...CLEAN_RUN,
    checked: 'a broker takes over, and the run ends, until a leader rewrites what it lost',
    source: 'KIP-101, KIP-279',
  },
  {
    number: 'I20',
    sentence: 'What a consumer has read was committed and is never replaced.',
    ...CLEAN_RUN,
    checked: 'a consumer is handed records, and the run ends',
    source: 'KAFKA-14704; KIP-392',
  },
  {
    number: 'I23',
    sentence: 'What a node has applied of the metadata log is a prefix of what was committed.',
    ...ALWAYS,
    checked: 'a node learns of a commit, until a voter’s disk has lost what was committed',
    source: 'KIP-595; KafkaRaftClient.flushLeaderLog',
  },
]

/** Why a row is not watched in a cluster with these guards; null where it is. */
export function notWatchedBecause(row: ModelInvariant, guards: Guards): string | null {
  if (row.elr !== undefined && row.elr !== guards.elr) {
    return row.elr ? 'eligible leader replicas are off' : 'eligible leader replicas are on'
  }
  const needed = guards.elr ? [...row.guards, ...row.guardsWithElr] : row.guards
  const missing = needed.find((name) => !guards[name])
  return missing === undefined ? null : `${missing} is off`
}
