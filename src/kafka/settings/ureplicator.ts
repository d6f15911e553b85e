// Models: which settings of uReplicator have an effect here, with type and default.
// Leaves out: federation, lag and workload rules, back-ups, metrics; a file that sets one is told.
// Source: ControllerConf, WorkerConf, CustomizedConsumerConfig and worker.Constants of uReplicator;
// org.apache.helix.SystemPropertyKeys.

import { bool, double, int } from './rules.ts'

/** A system property of every process that takes part in Helix. */
const HELIX = { 'zk.session.timeout': int(30_000, { min: 1 }) } as const

/** What a controller's command line says. */
export const UREPLICATOR_CONTROLLER_SETTINGS = {
  ...HELIX,
  // How long after a worker is lost its partitions go to others.
  'controller.auto.rebalance.delay.in.seconds': int(120),
  'controller.auto.rebalance.workload.ratio.threshold': double(1.2),
  'controller.enable.auto.topic.expansion': bool(false),
  'controller.enable.src.kafka.validation': bool(false),
  'controller.max.working.instances': int(0),
} as const

/** Of a worker's command line, and beside Kafka's own in its two property files. */
export const UREPLICATOR_WORKER_SETTINGS = {
  ...HELIX,
  abort_on_send_failure: bool(true),
  'fetcher.manager.refresh.ms': int(100, { min: 1 }),
  'num.consumer.fetchers': int(3, { min: 1, max: 1000 }),
  'num.of.producers': int(2, { min: 1, max: 1000 }),
  'offset.commit.interval.ms': int(60_000),
  'poll.timeout.ms': int(100, { min: 1 }),
  'queued.max.message.chunks': int(5, { min: 1 }),
  'refresh.backoff.ms': int(200, { min: 1 }),
  topic_partition_count_observer: bool(false),
} as const

/** Known to uReplicator and without effect here. */
export const UREPLICATOR_CONTROLLER_UNMODELLED: readonly string[] = [
  'controller.auto.rebalance.max.dedicated.ratio',
  'controller.auto.rebalance.max.offset.valid.in.seconds',
  'controller.auto.rebalance.max.stuck.partition.movements',
  'controller.auto.rebalance.min.interval.in.seconds',
  'controller.auto.rebalance.min.lag.in.seconds',
  'controller.auto.rebalance.min.lag.offset',
  'controller.auto.rebalance.move.stuck.partition.after.minutes',
  'controller.auto.rebalance.period.in.seconds',
  'controller.enable.auto.whitelist',
  'controller.init.wait.time.in.seconds',
  'controller.max.workload.per.worker.byte.cross.region',
  'controller.max.workload.per.worker.byte.within.region',
  'controller.offset.refresh.interval.in.sec',
  'controller.pattern.exclude.topics',
  'controller.refresh.time.in.seconds',
  'controller.workload.refresh.period.in.seconds',
]

export const UREPLICATOR_WORKER_UNMODELLED: readonly string[] = [
  'consumer.num.of.messages.rate',
  'consumer.timeout.ms',
  'enable_filter',
  'federated_enabled',
  'offset.monitor.ms',
  'producer.type',
]
