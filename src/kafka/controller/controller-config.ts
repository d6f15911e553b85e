// Models: what a controller is told at its start, and how often its periodic tasks run.
// Leaves out: settings of what is not modelled (snapshots, quotas, migration).
// Source: org.apache.kafka.controller.QuorumController.Builder.

import { type Micros, MS, SECOND } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import type { ControllerOptions } from './controller-state.ts'
import type { TaskName } from './periodic-tasks.ts'

export interface QuorumControllerConfig {
  readonly nodeId: NodeId
  /** Its session time-out is in micros, as every time here. */
  readonly options: ControllerOptions
  /** Guard staleCheckEveryEighth: look for stale brokers every eighth of the session time-out. */
  readonly staleCheckEveryEighth: boolean
  /** metadata.max.idle.interval.ms, 0 for never */
  readonly maxIdleIntervalMs: number
  /** auto.leader.rebalance.enable */
  readonly autoLeaderRebalanceEnable: boolean
  /** leader.imbalance.check.interval.seconds */
  readonly leaderImbalanceCheckIntervalSeconds: number
  /** unclean.leader.election.interval.ms */
  readonly uncleanLeaderElectionIntervalMs: number
  /** The controller's work on one event, a knob. */
  readonly controllerServiceMicros: number
}

/** In micros; 0 or absent for a task that runs only when it is asked to. */
export function periodsOf(config: QuorumControllerConfig): Partial<Record<TaskName, Micros>> {
  const { options, staleCheckEveryEighth, autoLeaderRebalanceEnable } = config
  return {
    maybeFenceStaleBroker: staleCheckEveryEighth ? Math.floor(options.sessionTimeout / 8) : 0,
    writeNoOpRecord: config.maxIdleIntervalMs * MS,
    electPreferred: autoLeaderRebalanceEnable
      ? config.leaderImbalanceCheckIntervalSeconds * SECOND
      : 0,
    electUnclean: config.uncleanLeaderElectionIntervalMs * MS,
  }
}
