// Models: what Flink's job manager and its task managers say to each other about one job.
// Leaves out: the resource manager and the dispatcher, which run in the job manager's process; the
// blob server; slots offered and freed one by one.
// Source: org.apache.flink.runtime: JobMasterGateway, TaskExecutorGateway,
// CheckpointCoordinatorGateway.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'

/** Of the records that went on to the sink: the next one of each partition. */
export type SplitOffsets = ReadonlyMap<PartitionIndex, Offset>

/** One attempt to run a subtask. */
export interface Execution {
  readonly subtask: number
  readonly attempt: number
}

/** A partition, and where to go on; null: where the job begins. */
export interface KafkaSplit {
  readonly partition: PartitionIndex
  readonly start: Offset | null
}

type FromTaskManager =
  /** With what runs there: nothing after a start, or after it has given its subtasks up. */
  | {
      readonly kind: 'register'
      readonly name: string
      readonly slots: number
      readonly running: readonly Execution[]
    }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'running'; readonly execution: Execution }
  | { readonly kind: 'failed'; readonly execution: Execution; readonly reason: string }
  | {
      readonly kind: 'acknowledge'
      readonly execution: Execution
      readonly checkpoint: number
      readonly offsets: SplitOffsets
    }

type FromJobManager =
  /** `session`: of this life of the job manager; it knows nothing of other executions. */
  | { readonly kind: 'registered'; readonly session: number; readonly keep: readonly Execution[] }
  | { readonly kind: 'heartbeat' }
  | {
      readonly kind: 'deploy'
      readonly execution: Execution
      readonly splits: readonly KafkaSplit[]
    }
  /** To one that runs: partitions that were found since it was deployed. */
  | {
      readonly kind: 'add-splits'
      readonly execution: Execution
      readonly splits: readonly KafkaSplit[]
    }
  | { readonly kind: 'cancel'; readonly execution: Execution }
  | { readonly kind: 'trigger'; readonly checkpoint: number }
  | { readonly kind: 'completed'; readonly checkpoint: number }

const SPLIT_BYTES = 50

/** Only offsets of an acknowledgement count as bytes, 50 for each partition. */
export class TaskManagerMessage {
  readonly body: FromTaskManager

  constructor(body: FromTaskManager) {
    this.body = body
  }

  /** Beside the frame that every message has. */
  get bytes(): number {
    return this.body.kind === 'acknowledge' ? this.body.offsets.size * SPLIT_BYTES : 0
  }
}

/** Only splits count as bytes, 50 for each partition. */
export class JobManagerMessage {
  readonly body: FromJobManager

  constructor(body: FromJobManager) {
    this.body = body
  }

  /** Beside the frame that every message has. */
  get bytes(): number {
    return 'splits' in this.body ? this.body.splits.length * SPLIT_BYTES : 0
  }
}

/** Attempts of one job manager only: another life of it counts them anew. */
export function isSameExecution(a: Execution, b: Execution): boolean {
  return a.subtask === b.subtask && a.attempt === b.attempt
}
