// Models: what a member of a group reads of its configuration.
// Leaves out: subscriptions by pattern, custom assignors, leaving or staying at close (KIP-1092).
// Source: ConsumerConfig, CommonClientConfigs, GroupRebalanceConfig (4.1).

import type { Micros } from '../../../sim/time.ts'
import type { GroupId } from '../../ids.ts'

export type GroupProtocol = 'classic' | 'consumer'

/** How the application commits. */
export type CommitPolicy =
  | { readonly kind: 'auto'; readonly intervalMs: number }
  /** commitAsync or commitSync in the poll loop, at most once an interval. */
  | { readonly kind: 'async' | 'sync'; readonly interval: Micros }
  | { readonly kind: 'none' }

/** What a member of a classic group reads, whatever it joins for. */
export interface MemberSettings {
  readonly group: GroupId
  /** group.instance.id; '' for a dynamic member. */
  readonly instance: string
  readonly clientId: string
  /** Where it runs, as brokers see it. */
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  /** Best a third of the session at most, so that one lost heartbeat does not end it. */
  readonly heartbeatIntervalMs: number
  /** A consumer's max.poll.interval.ms; rebalance.timeout.ms of a Connect worker. */
  readonly maxPollIntervalMs: number
  readonly requestTimeoutMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
}

export interface GroupSettings extends MemberSettings {
  readonly protocol: GroupProtocol
  readonly rack: string
  /** As the leader it joins again when racks of replicas change in its metadata (KAFKA-14867). */
  readonly watchesRacks: boolean
  /** Names of partition.assignment.strategy, or of group.remote.assignor; best first. */
  readonly assignors: readonly string[]
  /** default.api.timeout.ms: of commitSync and committed(). */
  readonly apiTimeoutMs: number
  readonly commit: CommitPolicy
}
