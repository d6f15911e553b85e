// The anomalies that the model must show and must stop showing, case by case: what each is, what
// prevents it, and the test that plays it. `left` says why a case has no test here.

import type { GuardName } from '../../src/kafka/version.ts'
import type { Mm2GuardName } from '../../src/mirror/mirror-maker2/guards.ts'

export interface AnomalyCase {
  readonly id: string
  readonly title: string
  /** Switched off it appears, switched on it does not; null where no repair of Kafka decides. */
  readonly guard: GuardName | Mm2GuardName | null
  /** What prevents it beside or instead of a guard: a setting, a layout, nothing. */
  readonly prevention: string
  readonly source: string
  /** Below test/. */
  readonly test: string | null
  readonly left: string | null
}

interface Facts {
  readonly guard?: GuardName | Mm2GuardName
  readonly prevention?: string
  readonly source: string
}

/** The file's name begins with the case's number. */
function played(file: string, title: string, facts: Facts): AnomalyCase {
  const { guard = null, prevention = '', source } = facts
  const id = (file.split('-')[0] ?? '').toUpperCase()
  const test = `anomalies/${file}.test.ts`
  return { id, title, guard, prevention, source, test, left: null }
}

/** Tested already where its reference data are. */
function elsewhere(id: string, title: string, test: string, facts: Facts): AnomalyCase {
  const { guard = null, prevention = '', source } = facts
  return { id, title, guard, prevention, source, test, left: null }
}

function left(id: string, title: string, source: string, reason: string): AnomalyCase {
  return { id, title, guard: null, prevention: '', source, test: null, left: reason }
}

const REPLICATION: readonly AnomalyCase[] = [
  played(
    'r01-truncation-to-high-watermark',
    'A follower cuts a committed record at its watermark',
    {
      guard: 'epochBasedTruncation',
      source: 'KIP-101 scenario 1, KAFKA-1211',
    },
  ),
  played('r02-divergence-after-power-loss', 'Two logs differ below both high watermarks', {
    guard: 'epochBasedTruncation',
    source: 'KIP-101 scenario 2',
  }),
  played('r04-unclean-ping-pong', 'One round of truncation leaves the logs different', {
    guard: 'truncationIteratesEpochs',
    source: 'KIP-279',
  }),
  played('r05-no-common-epoch', 'Nobody can tell where an old epoch ended', {
    guard: 'epochKnownFromElection',
    source: 'KAFKA-7415',
  }),
  played('r08-isr-before-epoch-start', 'A replica joins the ISR without a committed record', {
    guard: 'isrExpandNeedsEpochStart',
    source: 'KAFKA-7128',
  }),
  played('r09-high-watermark-over-committed-isr', 'Records commit without a new ISR member', {
    guard: 'maximalIsrForHighWatermark',
    source: 'KIP-497',
  }),
  played('r11-fenced-replica-in-isr', 'A fenced broker is in the ISR', {
    guard: 'fencedReplicaBarredFromIsr',
    source: 'KIP-841',
  }),
  played('r12-stale-fetch-of-an-emptied-follower', 'An old fetch takes an empty log into the ISR', {
    guard: 'brokerEpochOnIsrAdd',
    source: 'KIP-903, KAFKA-15221',
  }),
  played('r13-watermark-before-truncation', 'A consumer reads what is about to be cut', {
    guard: 'truncateBeforeHighWatermark',
    source: 'KAFKA-14704',
  }),
  played('r15-removed-and-added-again', 'A leader trusts what it knew of a deleted log', {
    guard: 'isrExpandNeedsFetchInEpoch',
    source: 'Replica.resetReplicaState',
  }),
  played('r16-epoch-bump-on-isr-shrink', 'A follower is fenced by an epoch it cannot hear of', {
    guard: 'bumpLeaderEpochOnIsrShrink',
    prevention: 'here the repair is that the guard ends',
    source: 'KAFKA-9212, KAFKA-15021',
  }),
]

const DURABILITY: readonly AnomalyCase[] = [
  played('d01-acks-one-leader-crash', 'acks=1 loses the tail that nobody fetched', {
    prevention: 'acks=all',
    source: 'Kafka documentation, Replication',
  }),
  played('d02-acks-zero', 'acks=0 writes into a silent host and is told nothing', {
    prevention: 'acks=1 or all',
    source: 'ProducerConfig acks',
  }),
  played('d03-isr-of-one', 'acks=all is worth one copy', {
    prevention: 'min.insync.replicas 2',
    source: 'Kafka documentation, Availability and Durability; UncleanLeaderElectionTest',
  }),
  played('d04-unclean-election-by-assignment-order', 'The shorter log is elected', {
    prevention: 'unclean.leader.election.enable=false',
    source: 'PartitionChangeBuilder.electAnyLeader',
  }),
  played('d08-high-watermark-below-min-isr', 'Records are visible on too few copies', {
    guard: 'minIsrGatesHighWatermark',
    source: 'KAFKA-15583',
  }),
  played('d09-power-loss-of-a-domain', 'The page caches of all replicas are lost at once', {
    prevention: 'flush.messages=1, or replicas in several domains',
    source: 'KIP-966',
  }),
  played('d10-refused-before-or-after-append', 'A write fails and is in the log', {
    guard: 'minIsrGatesHighWatermark',
    prevention: 'idempotence keeps the retry from being a second record',
    source: 'Partition.appendRecordsToLeader, checkEnoughReplicasReachOffset',
  }),
  played('d11-metadata-voter-without-memory', 'A committed metadata record is lost', {
    prevention: 'the log survives what kills the process; a lost disk is a new voter (KIP-853)',
    source: 'RaftEventSimulationTest.canRecoverFromSingleNodeCommittedDataLoss',
  }),
  played('d12-preferred-leader-failback', 'Going home costs an epoch, and acks=1 its tail', {
    prevention: 'acks=all; auto.leader.rebalance.enable=false',
    source: 'ReplicationControlManager.maybeBalancePartitionLeaders',
  }),
]

const CONTROLLER: readonly AnomalyCase[] = [
  played('q01-dead-leader-quiet-controller', 'A dead leader costs the rest of its session', {
    guard: 'staleCheckEveryEighth',
    prevention: 'a controlled shutdown; the session is the price of not being sure',
    source: 'KRaftConfigs, BrokerHeartbeatManager',
  }),
  played('q03-two-dc-quorum-loss', 'With its majority of voters a site takes the quorum along', {
    prevention: 'a voter in a third site (Q04)',
    source: 'KIP-595; Cloudera documentation on stretch clusters',
  }),
  played('q04-witness-site', 'A site lost with the active controller costs a whole session', {
    prevention: 'three sites for the quorum; three are not enough for two losses',
    source: 'ClusterControlManager.activate; Confluent multi-region tutorial',
  }),
  played('q05-min-isr-over-two-sites', 'The ISR shrinks to one site and still acknowledges', {
    prevention: 'min.insync.replicas above the number of replicas in a site',
    source: 'Partition.isUnderMinIsr',
  }),
  played('q06-two-metadata-leaders', 'Two voters lead the quorum at once', {
    guard: 'checkQuorum',
    source: 'KAFKA-15489',
  }),
  played('q07-disruptive-rejoin', 'A voter that comes back deposes a healthy leader', {
    guard: 'preVote',
    source: 'KIP-996',
  }),
  played('q08-leader-cut-from-followers', 'A leader without followers is not replaced', {
    prevention: 'nothing in Kafka',
    source: 'BrokerLifecycleManager, Partition.maybeShrinkIsr',
  }),
  played('q12-serial-fencing', 'Leadership passes through brokers that are dead', {
    prevention: 'nothing in Kafka; each hop costs an epoch and no record',
    source: 'ReplicationControlManager.maybeFenceOneStaleBroker',
  }),
]

const CLIENTS: readonly AnomalyCase[] = [
  played('p01-lost-acknowledgement', 'A batch whose acknowledgement is lost stands twice', {
    prevention: 'enable.idempotence=true',
    source: 'SenderTest.testRetries, testCanRetryWithoutIdempotence',
  }),
  played('p02-reordered-retry', 'A retried batch stands behind a younger one', {
    prevention: 'enable.idempotence=true, or one request in flight',
    source: 'SenderTest.testIdempotenceWithMultipleInflightsRetriedInOrder',
  }),
  played('p03-delivery-timeout', 'A write whose fate the producer does not know', {
    prevention: 'idempotence keeps it to one copy; unknown it stays',
    source: 'SenderTest.testInflightBatchesExpireOnDeliveryTimeout',
  }),
  played('p04-timeout-below-isr-stall', 'acks=all waits longer than the request lives', {
    prevention: 'enable.idempotence=true, or replica.lag.time.max.ms well below the time-out',
    source: 'DelayedProduce; defaults of request.timeout.ms and replica.lag.time.max.ms',
  }),
  played('p05-duplicate-after-failover', 'A retry meets another leader', {
    prevention: 'enable.idempotence=true: producers are known to every replica',
    source: 'ProducerStateEntry.NUM_BATCHES_TO_RETAIN, ProducerAppendInfo.checkSequence',
  }),
  played('p06-duplicates-with-idempotence', 'Duplicates in spite of idempotence', {
    prevention: 'a broker that never answers an appended batch with such an error',
    source: 'KAFKA-14034; redpanda issue 5355',
  }),
  played('p07-consumer-after-truncation', 'A consumer skips what replaced what it had read', {
    guard: 'consumerValidatesPosition',
    source: 'KIP-320; SubscriptionStateTest.testTruncationDetection',
  }),
  played('p09-committed-offsets-lost', 'Committed offsets fall back', {
    prevention: 'unclean.leader.election.enable=false, at the price of the coordinator',
    source: 'GroupCoordinatorConfig; __consumer_offsets takes min.insync.replicas of the brokers',
  }),
  played('p10-auto-commit', 'A crash delivers a poll again', {
    prevention: 'nothing: auto-commit is at least once for a consumer of one thread',
    source: 'ConsumerCoordinator.maybeAutoCommitOffsetsAsync; Jepsen, Bufstream report',
  }),
  played('p11-consumer-on-a-zombie', 'A consumer is cut off with a deposed leader', {
    prevention: 'nothing to prevent: it is late and reads nothing that is lost',
    source: 'PartitionTest, leader epoch validation',
  }),
]

const OBSERVERS: readonly AnomalyCase[] = [
  elsewhere('O00', 'Leader, ISR and observers as published', 'oracles/confluent-mrc.test.ts', {
    prevention: 'a table of states, not a fault',
    source: 'Confluent multi-region tutorial',
  }),
  played(
    'o01-unclean-failover-to-observer',
    'An observer leads and the acknowledged rest is lost',
    {
      prevention: 'observerPromotionPolicy under-min-isr, for losses one after the other',
      source: 'Confluent multi-region tutorial',
    },
  ),
  played('o02-automatic-promotion', 'Below min.insync.replicas writes stop', {
    prevention: 'observerPromotionPolicy under-min-isr',
    source: 'Confluent multi-region tutorial, automatic observer promotion',
  }),
  played('o03-region-at-once', 'A region lost at once leaves no leader to promote anybody', {
    prevention: 'replicas, not only observers, in both regions',
    source: 'derived: promotion is the leader’s AlterPartition',
  }),
  played('o04-near-and-far', 'What distance costs writers and readers', {
    prevention: 'observers and RackAwareReplicaSelector; a ratio, not a fault',
    source: 'Confluent multi-region tutorial; KIP-392',
  }),
]

/** What Kafka's other repairs prevent, as far as no numbered case shows it. */
const REPAIRS: readonly AnomalyCase[] = [
  played('g01-last-replica-standing', 'The last of the ISR leads with what its disk kept', {
    guard: 'elr',
    source: 'KIP-966',
  }),
  played('g02-unclean-member-of-elr', 'An eligible replica has lost a part of its log', {
    guard: 'uncleanReplicaLeavesElr',
    source: 'KIP-966',
  }),
  played('g03-end-offset-goes-back', 'The end of a partition goes back', {
    guard: 'offsetNotAvailableGate',
    source: 'KIP-207',
  }),
  played('g04-isr-change-taken-back', 'A leader takes back what the controller has accepted', {
    guard: 'pendingIsrStaysOnVersionError',
    source: 'KIP-497',
  }),
  played('g05-fetch-of-an-old-epoch', 'A late fetch commits what its sender has not', {
    guard: 'epochFencingOfFetch',
    prevention: 'or epochFencingOfHighWatermark alone',
    source: 'KIP-320',
  }),
  played('g06-truncation-by-an-old-leader', 'A follower cuts by the log of an earlier epoch', {
    guard: 'epochFencingOfTruncation',
    source: 'KIP-320',
  }),
]

const TRANSACTIONS = 'no transactions yet'

/** Those that need more than one cluster, or transactions. */
const TO_COME: readonly AnomalyCase[] = [
  played('m01-mirrors-in-a-loop', 'Mirrors in both directions copy for ever', {
    prevention: 'names that tell where a copy came from',
    source: 'MirrorMaker',
  }),
  played('m02-key-in-another-partition', 'A key moves to another partition', {
    prevention: 'as many partitions on both sides, or a handler that keeps them',
    source: 'MirrorMaker default handler',
  }),
  played('m03-identity-names-loop', 'Identity names let a mirror loop', {
    prevention: 'a policy that names the source, or a filter',
    source: 'MirrorSourceConnector.isCycle',
  }),
  played('m04-translation-rewinds', 'A translated offset rewinds', {
    guard: 'translationStopsAfterSync',
    prevention: 'the guard ends skipping; offset.lag.max and the intervals bound the rest',
    source: 'OffsetSyncStore, KAFKA-12468',
  }),
  played('m06-checkpoint-without-sync', 'A checkpoint without a mapping', {
    guard: 'noCheckpointWithoutSync',
    source: 'KAFKA-13452, KAFKA-12635',
  }),
  played('m07-stuck-at-one', 'A translated offset is stuck at 1', {
    guard: 'delayedSyncs',
    source: 'KAFKA-15144, KAFKA-15906',
  }),
  played('m09-checkpoints-after-a-start', 'A restart translates with old syncs', {
    guard: 'keepsSyncsOverRestart',
    prevention: 'before it waitsForSyncs and monotonicCheckpoints',
    source: 'KAFKA-13659, KAFKA-14666, KAFKA-15905',
  }),
  played('m10-offset-zero', 'Offset 0 has no checkpoint', {
    guard: 'checkpointsOffsetZero',
    source: 'KAFKA-10048',
  }),
  played('m11-missing-at-failover', 'What was not mirrored is missing after failover', {
    prevention: 'nothing but a shorter pipeline; acks at the source do not help',
    source: 'derived',
  }),
  played('m12-mirrored-again', 'A restarted task mirrors again', {
    prevention: 'offset.flush.interval.ms bounds it; exactly-once delivery is not modelled',
    source: 'MirrorSourceTask, KAFKA-14021',
  }),
  played('m13-failback-leaves-two-histories', 'Failback leaves two histories', {
    prevention: 'DefaultReplicationPolicy, and a mirror that goes on',
    source: 'KIP-382, IdentityReplicationPolicy',
  }),
  played('m14-retention-overtakes', 'Retention overtakes the mirror', {
    prevention: 'retention longer than any outage of the mirror',
    source: 'MirrorConnectorConfig.sourceConsumerConfig',
  }),
  played('m15-weaker-settings-of-a-copy', 'Writers move to a copy with weaker settings', {
    prevention: 'min.insync.replicas out of config.properties.exclude, or set at the target',
    source: 'DefaultConfigPropertyFilter, MirrorSourceConfig',
  }),
  played('l01-failover-of-a-mirror', 'A group is beyond the end of a failed-over mirror', {
    guard: 'consumerValidatesPosition',
    prevention: 'offsets that come down to the mirror’s end at failover',
    source: 'Confluent',
  }),
  played('l02-truncate-and-restore', 'A restored mirror is truncated', {
    prevention: 'nothing: the tail that never crossed is deleted',
    source: 'Confluent',
  }),
  played('l03-epochs-behind-the-source', 'A mirror’s epochs are behind its source’s', {
    prevention: 'a leader epoch of the mirror that is raised to its source’s',
    source: 'KIP-1279',
  }),
  played('l04-two-active-sites', 'Two active sites disagree on a key', {
    prevention: 'one owner a key, or values that merge',
    source: 'Kafka documentation, active/active flows',
  }),
  played('l05-open-transaction', 'A transaction is cut by a failover', {
    prevention: 'a mirror that is cut back to its last stable offset when it stops',
    source: 'Confluent, KIP-1279',
  }),
  left('J01', 'A late end of one transaction ends the next', 'KIP-890', TRANSACTIONS),
]

/** Guards that no case switches: each changes a delay or an order, and no record's fate. */
export const GUARDS_WITHOUT_CASE: readonly GuardName[] = [
  'fetchSessions',
  'highWatermarkPush',
  'readReplicaFromIsrOnly',
  'producerIdRefusedWithoutBlock',
  'newLeaderInErrorResponse',
  'lastKnownLeaderMustBeActive',
  'heartbeatRetriedEveryInterval',
  'duplicateRegistrationAfterControlledShutdown',
  'sessionsRestartAtActivation',
  'raftHighWatermarkPush',
  'coordinatorOnRuntime',
]

/** In the order of their numbers. */
export const CASES: readonly AnomalyCase[] = [
  ...REPLICATION,
  ...DURABILITY,
  ...CONTROLLER,
  ...CLIENTS,
  ...OBSERVERS,
  ...REPAIRS,
  ...TO_COME,
]
