// Models: what a worker runs: a connector says which tasks there are, and each of them copies.
// Leaves out: validation of configurations, connector statuses.
// Source: org.apache.kafka.connect.connector.Connector, ConnectorContext, Task.

import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { OffsetStore, RunningTask } from './source-offsets.ts'
import type { SourceTaskOffsetCommitter } from './task-offset-committer.ts'

/** Where connectors and tasks run; new with each process of a worker. */
export interface WorkerContext {
  readonly process: Process
  readonly network: Network
  /** The worker's one store, which its tasks share. */
  readonly offsets: OffsetStore
}

/** What a task has beside it. */
export interface TaskContext extends WorkerContext {
  /** The worker's one thread for scheduled commits, which its tasks share. */
  readonly committer: SourceTaskOffsetCommitter
}

/** What a connector asks of its worker. */
export interface ConnectorContext extends WorkerContext {
  /** The tasks are not what they were: they are asked for again, and all of them restart. */
  requestTaskReconfiguration(): void
}

export interface RunningConnector {
  /**
   * The configuration of each task, at most `max` of them; null while it does not know yet: the
   * tasks of before go on.
   */
  taskConfigs(max: number): readonly unknown[] | null
  /** Calls back, now or later, when it has stopped. */
  stop(onStopped: () => void): void
}

/** A connector as it is configured. */
export interface ConnectorDefinition {
  readonly name: string
  /** tasks.max */
  readonly tasksMax: number
  /** Its tasks look up where to begin, and wait for the offset topic with their start. */
  readonly readsOffsets: boolean
  /** Starts it; `onStarted` is called when its tasks can be asked for. */
  start(context: ConnectorContext, onStarted: () => void): RunningConnector
  /** What its own connector told comes back to it through a topic, and is read again here. */
  startTask(config: unknown, context: TaskContext): RunningTask
}
