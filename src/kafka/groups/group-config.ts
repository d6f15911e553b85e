// Models: what a group coordinator reads of its broker's configuration.
// Leaves out: group.max.size, thread counts, migration between protocols.
// Source: GroupCoordinatorConfig.

export interface GroupCoordinatorConfig {
  /** group.initial.rebalance.delay.ms */
  readonly initialRebalanceDelayMs: number
  /** group.min.session.timeout.ms, group.max.session.timeout.ms */
  readonly sessionTimeoutMinMs: number
  readonly sessionTimeoutMaxMs: number
  /** group.coordinator.append.linger.ms */
  readonly appendLingerMs: number
  /** offsets.commit.timeout.ms */
  readonly writeTimeoutMs: number
  /** group.consumer.session.timeout.ms, group.consumer.heartbeat.interval.ms */
  readonly consumerSessionTimeoutMs: number
  readonly consumerHeartbeatIntervalMs: number
  /** Reading a partition of the offsets topic into memory, a knob. */
  readonly loadMicrosPerMegabyte: number
}

/** Kafka's defaults. */
export const GROUP_COORDINATOR_DEFAULTS: GroupCoordinatorConfig = {
  initialRebalanceDelayMs: 3_000,
  sessionTimeoutMinMs: 6_000,
  sessionTimeoutMaxMs: 1_800_000,
  appendLingerMs: 5,
  writeTimeoutMs: 5_000,
  consumerSessionTimeoutMs: 45_000,
  consumerHeartbeatIntervalMs: 5_000,
  loadMicrosPerMegabyte: 20_000,
}
