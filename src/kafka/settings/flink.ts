// Models: which settings of a Flink job and its Kafka connector have an effect here, with type and
// default; durations are numbers of milliseconds.
// Leaves out: memory, slots by profile, state backends, savepoints; a file that sets one is told.
// Source: CheckpointingOptions, HeartbeatManagerOptions, RestartStrategyOptions of Flink 2.0;
// KafkaSourceOptions of its Kafka connector.

import { bool, choice, choiceOrNull, double, int, long } from './rules.ts'

export const FLINK_SETTINGS = {
  'commit.offsets.on.checkpoint': bool(true),
  /** Flink has no default: without a value there are no checkpoints. */
  'execution.checkpointing.interval': long(0),
  'execution.checkpointing.timeout': long(600_000, { min: 1 }),
  'execution.checkpointing.tolerable-failed-checkpoints': int(0),
  'heartbeat.interval': long(10_000, { min: 1 }),
  'heartbeat.rpc-failure-threshold': int(2, { min: 1 }),
  'heartbeat.timeout': long(50_000, { min: 1 }),
  'high-availability.type': choice('NONE', ['NONE', 'ZOOKEEPER', 'KUBERNETES']),
  'parallelism.default': int(1, { min: 1, max: 1000 }),
  /** Since 3.1 of the connector, FLIP-288; before, there was none. */
  'partition.discovery.interval.ms': long(300_000, { min: -1 }),
  'poll.timeout.ms': long(10_000, { min: 1 }),
  'restart-strategy.exponential-delay.backoff-multiplier': double(1.5),
  'restart-strategy.exponential-delay.initial-backoff': long(1_000),
  'restart-strategy.exponential-delay.max-backoff': long(60_000),
  'restart-strategy.fixed-delay.attempts': int(1),
  'restart-strategy.fixed-delay.delay': long(1_000),
  /** Unset: exponential-delay with checkpoints, none without. */
  'restart-strategy.type': choiceOrNull(['none', 'fixed-delay', 'exponential-delay']),
  'taskmanager.numberOfTaskSlots': int(1, { min: 1, max: 1000 }),
} as const

/** Known to Flink and without effect here. */
export const FLINK_UNMODELLED: readonly string[] = [
  'client.id.prefix',
  'execution.checkpointing.max-concurrent-checkpoints',
  'execution.checkpointing.min-pause',
  'execution.checkpointing.mode',
  'execution.checkpointing.unaligned.enabled',
  'jobmanager.execution.failover-strategy',
  'restart-strategy.exponential-delay.jitter-factor',
  'restart-strategy.exponential-delay.reset-backoff-threshold',
  'slot.request.timeout',
  'state.backend.type',
]
