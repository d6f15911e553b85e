// The names under which dashboards that people already have ask for Kafka's figures, and which
// figure of a run each of them shows. Where exporters spell one figure differently it has all
// those names. Names: confluentinc/jmx-monitoring-stacks (9707c1a), strimzi-kafka-operator
// (8541da1e, packaging/examples/metrics), danielqsj/kafka_exporter (953e2f1),
// seglo/kafka-lag-exporter, redpanda-data/docs (shadow-link-metrics).

import type { Family } from './exposition.ts'

/** A figure that a run may hold. */
export type Figure =
  | `cluster.${'under-replicated' | 'under-min-isr' | 'leaderless'}`
  | `controller.${'active' | 'leader' | 'epoch' | 'high-watermark'}`
  | `controller.${'active-brokers' | 'fenced-brokers' | 'preferred-imbalance'}`
  | 'controller.unclean-elections'
  | `broker.${'leaders' | 'partitions' | 'isr-expands'}`
  | `partition.${'leader' | 'leader-is-preferred' | 'replicas' | 'in-sync'}`
  | `partition.${'under-replicated' | 'high-watermark' | 'log-start'}`
  | `led.${'replicas' | 'in-sync' | 'observers-in-sync' | 'under-min-isr' | 'at-min-isr'}`
  | `replica.${'log-end' | 'log-start'}`
  | 'topic.partitions'
  | `group.${'committed' | 'lag' | 'lag-of-topic' | 'lag-seconds' | 'lag-seconds-max'}`
  | 'group.members'
  | LinkFigure

/** Labels of mirror figures are target, topic and partition; of the others the link's name. */
export type LinkFigure =
  | `link.mirror.replication-latency${Statistic}`
  | `link.mirror.record-age${Statistic}`
  | `link.mirror.${'record-count' | 'record-rate' | 'byte-count' | 'byte-rate'}`
  | `link.cluster.${'lag-max' | 'under-replicated' | 'topics'}`

type Statistic = '' | '-min' | '-max' | '-avg'

/** One figure under its names. */
export interface StockName extends Pick<Family, 'type' | 'help'> {
  readonly figure: Figure
  readonly names: readonly string[]
}

const gauge = (figure: Figure, help: string, ...names: string[]): StockName => ({
  ...{ figure, names, help, type: 'gauge' },
})

const REPLICA_MANAGER = 'kafka_server_replicamanager'
const CONTROLLER = 'kafka_controller_kafkacontroller'
const PARTITION = 'kafka_topic_partition'
const LED = 'kafka_cluster_partition'

const OF_CLUSTERS: readonly StockName[] = [
  gauge(
    'cluster.under-replicated',
    'Partitions with a replica out of sync.',
    `${REPLICA_MANAGER}_underreplicatedpartitions`,
  ),
  gauge(
    'cluster.under-min-isr',
    'Partitions with fewer in sync than min.insync.replicas.',
    `${REPLICA_MANAGER}_underminisrpartitioncount`,
  ),
  gauge(
    'cluster.leaderless',
    'Partitions without a leader.',
    `${CONTROLLER}_offlinepartitionscount`,
  ),
  gauge('controller.active', 'Active controllers.', `${CONTROLLER}_activecontrollercount`),
  gauge(
    'controller.active-brokers',
    'Brokers that are registered and not fenced.',
    `${CONTROLLER}_activebrokercount`,
    'kafka_brokers',
  ),
  gauge('controller.fenced-brokers', 'Fenced brokers.', `${CONTROLLER}_fencedbrokercount`),
  gauge(
    'controller.preferred-imbalance',
    'Partitions that are not led by their first replica.',
    `${CONTROLLER}_preferredreplicaimbalancecount`,
  ),
  {
    figure: 'controller.unclean-elections',
    names: ['kafka_controller_controllerstats_uncleanleaderelections'],
    ...{ type: 'counter', help: 'Leaders elected from outside the in-sync set.' },
  },
  {
    figure: 'controller.unclean-elections',
    names: ['kafka_controller_controllerstats_uncleanleaderelectionspersec'],
    ...{ type: 'unknown', help: 'The count of the meter; its rate is the figure.' },
  },
  ...raft('controller.leader', 'current_leader', 'Active controller, -1 for none.'),
  ...raft('controller.epoch', 'current_epoch', 'Epoch of the quorum.'),
  ...raft('controller.high-watermark', 'high_watermark', 'High watermark of the metadata log.'),
]

/** Kafka's MBean is raft-metrics, which the exporters' rules turn into two names. */
function raft(figure: Figure, name: string, help: string): StockName[] {
  return [
    gauge(figure, help, `kafka_server_raft_metrics_${name}`, `kafka_server_raftmetrics_${name}`),
  ]
}

const OF_BROKERS: readonly StockName[] = [
  gauge('broker.leaders', 'Partitions that the broker leads.', `${REPLICA_MANAGER}_leadercount`),
  gauge('broker.partitions', 'Replicas of the broker.', `${REPLICA_MANAGER}_partitioncount`),
  {
    figure: 'broker.isr-expands',
    names: [`${REPLICA_MANAGER}_isrexpands`],
    ...{ type: 'counter', help: 'In-sync sets that the leader has let a replica into.' },
  },
  {
    figure: 'broker.isr-expands',
    names: [`${REPLICA_MANAGER}_isrexpandspersec`],
    ...{ type: 'unknown', help: 'The count of the meter; its rate is the figure.' },
  },
  gauge('replica.log-end', 'Log end offset of a replica.', 'kafka_log_log_logendoffset'),
  gauge('replica.log-start', 'Log start offset of a replica.', 'kafka_log_log_logstartoffset'),
]

const OF_PARTITIONS: readonly StockName[] = [
  gauge('topic.partitions', 'Partitions of a topic.', 'kafka_topic_partitions'),
  gauge('partition.leader', 'Leader, -1 for none.', `${PARTITION}_leader`),
  gauge(
    'partition.leader-is-preferred',
    '1 where the first replica leads.',
    `${PARTITION}_leader_is_preferred`,
  ),
  gauge('partition.replicas', 'Replicas.', `${PARTITION}_replicas`),
  gauge('partition.in-sync', 'In-sync replicas.', `${PARTITION}_in_sync_replica`),
  gauge(
    'partition.under-replicated',
    '1 where a replica is out of sync.',
    `${PARTITION}_under_replicated_partition`,
  ),
  gauge('partition.high-watermark', 'What a reader may read up to.', `${PARTITION}_current_offset`),
  gauge('partition.log-start', 'First offset of the leader.', `${PARTITION}_oldest_offset`),
  gauge('led.under-min-isr', '1 where a leader is under min ISR.', `${LED}_underminisr`),
  gauge('led.at-min-isr', '1 where a leader is at min ISR.', `${LED}_atminisr`),
  gauge('led.replicas', 'Replicas, as the leader says; 0 without one.', `${LED}_replicascount`),
  gauge('led.in-sync', 'In-sync set, as the leader says.', `${LED}_insyncreplicascount`),
  gauge(
    'led.observers-in-sync',
    'Observers in the in-sync set, as the leader says.',
    `${LED}_observersinisrcount`,
  ),
]

const OF_GROUPS: readonly StockName[] = [
  gauge('group.committed', 'Committed offset.', 'kafka_consumergroup_current_offset'),
  gauge('group.lag', 'Committed offset behind the log.', 'kafka_consumergroup_lag'),
  gauge('group.lag', 'Committed offset behind the log.', 'kafka_consumergroup_group_lag'),
  gauge('group.lag-of-topic', 'Lag over all partitions.', 'kafka_consumergroup_lag_sum'),
  gauge(
    'group.lag-seconds',
    'Age of the first record that is not committed.',
    'kafka_consumergroup_group_lag_seconds',
  ),
  gauge(
    'group.lag-seconds-max',
    'The worst age of a group.',
    'kafka_consumergroup_group_max_lag_seconds',
  ),
  gauge('group.members', 'Members, as the coordinator knows them.', 'kafka_consumergroup_members'),
]

const SOURCE = 'kafka_connect_mirror_mirrorsourceconnector'
const CHECKPOINT = 'kafka_connect_mirror_mirrorcheckpointconnector'
const SHADOW = 'redpanda_shadow_link'
const STATISTICS = ['', '-min', '-max', '-avg'] as const
const ENDINGS = ['', '_min', '_max', '_avg'] as const

const OF_LINKS: readonly StockName[] = [
  ...STATISTICS.map((statistic) =>
    gauge(
      `link.mirror.replication-latency${statistic}`,
      'From the record time to its append in the target, ms.',
      `${SOURCE}_replication_latency_ms${statistic.replace('-', '_')}`,
    ),
  ),
  ...STATISTICS.map((statistic) =>
    gauge(
      `link.mirror.record-age${statistic}`,
      'From the record time to its arrival at the task, ms.',
      `${SOURCE}_record_age_ms${statistic.replace('-', '_')}`,
    ),
  ),
  gauge('link.mirror.record-count', 'Records copied.', `${SOURCE}_record_count`),
  gauge('link.mirror.record-rate', 'Records copied a second.', `${SOURCE}_record_rate`),
  gauge('link.mirror.byte-count', 'Bytes copied.', `${SOURCE}_byte_count`),
  gauge('link.mirror.byte-rate', 'Bytes copied a second.', `${SOURCE}_byte_rate`),
  gauge(
    'link.cluster.lag-max',
    'The worst lag of a mirror partition, records; also while the link is down.',
    'kafka_server_link_clusterlinkfetchermanager_maxlag',
  ),
  gauge(
    'link.cluster.under-replicated',
    'Mirror partitions with a replica out of sync.',
    `${REPLICA_MANAGER}_underreplicatedmirrorpartitions`,
  ),
  gauge(
    'link.cluster.topics',
    'Mirror topics of a link by state.',
    'kafka_server_cluster_link_metrics_mirror_topic_count',
  ),
]

/** Every figure that has a stock name. */
export const STOCK_NAMES: readonly StockName[] = [
  ...[...OF_CLUSTERS, ...OF_BROKERS, ...OF_PARTITIONS, ...OF_GROUPS, ...OF_LINKS],
]

/** Names that no figure of a run stands under, each with what is missing. */
export const NOT_HELD: Readonly<Record<string, string>> = {
  // Kafka counts a shrink where the leader asks for it, not where the controller fences a broker.
  kafka_server_replicamanager_isrshrinkspersec:
    'a result does not say whether leader or controller took a replica out of an in-sync set',
  // Of the last answer to a fetch, so a stopped fetcher keeps its figure; a result has the grid.
  kafka_server_replicafetchermanager_maxlag: 'a result does not hold the answers to fetches',
  kafka_server_brokertopicmetrics_messagesinpersec: 'appends are not counted by broker',
  kafka_server_brokertopicmetrics_bytesinpersec: 'bytes are counted by link of regions',
  kafka_server_brokertopicmetrics_bytesoutpersec: 'bytes are counted by link of regions',
  kafka_network_requestmetrics_totaltimems: 'requests are not timed one by one',
  kafka_network_requestmetrics_remotetimems: 'requests are not timed one by one',
  kafka_network_requestmetrics_localtimems: 'requests are not timed one by one',
  kafka_server_raft_metrics_commit_latency_avg: 'metadata commits are not timed',
  kafka_server_raft_metrics_election_latency_max: 'elections of the quorum are not timed',
  kafka_server_raft_metrics_append_records_rate: 'metadata records are not counted over time',
  kafka_server_raft_metrics_fetch_records_rate: 'metadata records are not counted over time',
  // Caught up as of replica.lag.time.max.ms, which is older news than the grid of log ends.
  kafka_cluster_partition_caughtupreplicascount: 'a result does not hold when a follower caught up',
  [`${REPLICA_MANAGER}_blockedonmirrorsourcepartitioncount`]:
    'a result does not say which partitions a link waits for',
  // Taken as the write of a checkpoint is acknowledged.
  ...notHeld(`${CHECKPOINT}_checkpoint_latency_ms`, 'writes of checkpoints are not timed'),
  ...Object.fromEntries(
    [
      ...['shadow_lag', 'total_records_fetched', 'total_records_written'],
      ...['client_errors', 'shadow_topic_state'],
    ].map((name) => [`${SHADOW}_${name}`, 'no shadow link of Redpanda is modelled']),
  ),
  // Amazon CloudWatch, not Prometheus: these have no exporter's spelling.
  ReplicationLatency: 'a figure of CloudWatch, which has no Prometheus name',
  MessageLag: 'a figure of CloudWatch, which has no Prometheus name',
  ReplicatorThroughput: 'a figure of CloudWatch, which has no Prometheus name',
  ReplicatorBytesInPerSec: 'a figure of CloudWatch, which has no Prometheus name',
}

/** All statistics of a figure. */
function notHeld(name: string, why: string): Record<string, string> {
  return Object.fromEntries(ENDINGS.map((ending) => [`${name}${ending}`, why]))
}
