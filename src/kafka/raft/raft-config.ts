// Models: the settings and guards that the quorum's protocol reads, times in micros.
// Leaves out: controller.quorum.bootstrap.servers (every node knows the voters).
// Source: org.apache.kafka.raft.QuorumConfig.

import type { Micros } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'

export interface RaftConfig {
  readonly nodeId: NodeId
  /** controller.quorum.voters, in the order in which the setting lists them. */
  readonly voters: readonly NodeId[]
  /** controller.quorum.election.timeout.ms; each use draws from [E, 2E). */
  readonly electionTimeout: Micros
  /** controller.quorum.fetch.timeout.ms */
  readonly fetchTimeout: Micros
  /** controller.quorum.election.backoff.max.ms */
  readonly electionBackoffMax: Micros
  /** controller.quorum.request.timeout.ms */
  readonly requestTimeout: Micros
  /** controller.quorum.retry.backoff.ms */
  readonly retryBackoff: Micros
  /** controller.quorum.append.linger.ms */
  readonly appendLinger: Micros
  /** Work of the raft thread on one message, a knob. */
  readonly raftServiceMicros: Micros
  readonly guards: RaftGuards
}

/** The guards of version.ts that concern the quorum. */
export interface RaftGuards {
  /** KIP-996, from 4.0: a nominee asks first whether it would win. */
  readonly preVote: boolean
  /** KAFKA-15489, from 3.7: a leader that no majority fetches from resigns. */
  readonly checkQuorum: boolean
  /** KIP-1166, from 4.1: parked fetches hear at once of a higher watermark. */
  readonly raftHighWatermarkPush: boolean
}

/** Longest time for which a leader parks a fetch, a constant in Kafka. */
export const FETCH_WAIT_MAX: Micros = 500_000
