// Models: a task manager: slots with subtasks that the job manager deploys, and a watch on the job
// manager, without which it gives its subtasks up.
// Leaves out: several jobs; network buffers, memory, the time that a JVM takes to deploy a task.
// Source: org.apache.flink.runtime.taskexecutor.TaskExecutor (submitTask, triggerCheckpoint,
// disconnectJobManager), JobManagerHeartbeatListener.

import { invariant, unreachable } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { type Micros, millis, SECOND } from '../../sim/time.ts'
import { ServiceConnection } from '../service-connection.ts'
import {
  type Execution,
  isSameExecution,
  JobManagerMessage,
  type KafkaSplit,
  TaskManagerMessage,
} from './messages.ts'
import { SourceSinkTask, type TaskOptions } from './source-sink-task.ts'

/** Registration is tried again: the first wait of RetryingRegistration doubles, to this. */
const CONNECT_TIMEOUT: Micros = 30 * SECOND
const RETRY: Micros = 1 * SECOND

export interface TaskManagerOptions
  extends Omit<TaskOptions, 'splits' | 'onFailed' | 'onAcknowledged'> {
  readonly process: Process
  readonly network: Network
  readonly jobManager: Process
  /** taskmanager.numberOfTaskSlots: how many subtasks it can run. */
  readonly slots: number
  /** Without a word for so long the job manager counts as lost. */
  readonly heartbeatTimeoutMs: number
  /** A subtask runs. */
  onReady(): void
  tell(kind: string, text: string): void
}

interface Running {
  readonly execution: Execution
  readonly task: SourceSinkTask
}

/**
 * A split between the two is a race of two equal clocks, of heartbeat.timeout each:
 *
 * 1. The network between them is cut; both have last heard of the other at about the same time.
 * 2. The job manager deploys the subtasks elsewhere when its clock is over, and not before.
 * 3. The task manager ends its own when its clock is over. If that comes later, two of them copy
 *    the same records for the difference, and all of that arrives twice.
 *
 * Without a word of the job manager for heartbeat.timeout all subtasks end; slots are free at once.
 */
export class TaskManager {
  readonly #options: TaskManagerOptions
  readonly #connection: ServiceConnection<TaskManagerMessage, JobManagerMessage>
  readonly #silence: Timer
  /** The life of the job manager that deployed what runs here; null: none is known. */
  #session: number | null = null
  #running: Running[] = []

  /** Build one at each boot of its process. */
  constructor(options: TaskManagerOptions) {
    const { process, network, jobManager: server, slots } = options
    this.#options = options
    this.#silence = process.timer(() => this.#onSilence())
    const { name } = process
    this.#connection = new ServiceConnection<TaskManagerMessage, JobManagerMessage>(
      {
        ...{ process, network, server },
        isMessage: (message) => message instanceof JobManagerMessage,
        connectTimeout: CONNECT_TIMEOUT,
        retryAfter: () => RETRY,
      },
      {
        onUp: () => {
          const running = this.#running.map(({ execution }) => execution)
          this.#send({ kind: 'register', name, slots, running })
        },
        onMessage: (message) => this.#handle(message),
        // Subtasks go on: whether the job manager is gone, heartbeats tell.
        onDown: () => {},
      },
    )
  }

  /** Lost where there is no connection: the registration that follows says what runs. */
  #send(body: TaskManagerMessage['body']): void {
    this.#connection.send(new TaskManagerMessage(body))
  }

  #handle({ body }: JobManagerMessage): void {
    // Whatever it says shows that it lives.
    this.#silence.arm(millis(this.#options.heartbeatTimeoutMs))
    switch (body.kind) {
      case 'registered':
        this.#registered(body.session, body.keep)
        return
      case 'heartbeat':
        this.#send({ kind: 'heartbeat' })
        return
      case 'deploy':
        this.#deploy(body.execution, body.splits)
        return
      case 'add-splits':
        for (const { execution, task } of this.#running) {
          if (isSameExecution(execution, body.execution)) task.addSplits(body.splits)
        }
        return
      case 'cancel':
        this.#cancel((execution) => isSameExecution(execution, body.execution))
        return
      case 'trigger':
        for (const { task } of this.#running) task.trigger(body.checkpoint)
        return
      case 'completed':
        for (const { task } of this.#running) task.completed(body.checkpoint)
        return
      default:
        unreachable(body)
    }
  }

  /** What another life of the job manager has deployed, or this one has given up, ends. */
  #registered(session: number, keep: readonly Execution[]): void {
    const isKnown = session === this.#session
    this.#session = session
    this.#cancel((one) => !isKnown || !keep.some((kept) => isSameExecution(kept, one)))
  }

  #onSilence(): void {
    if (this.#running.length > 0) {
      this.#options.tell('job-manager-lost', 'gives its subtasks up: the job manager is silent')
    }
    this.#session = null
    this.#cancel(() => true)
    this.#connection.drop()
  }

  #cancel(isMeant: (execution: Execution) => boolean): void {
    const meant = this.#running.filter(({ execution }) => isMeant(execution))
    this.#running = this.#running.filter((one) => !meant.includes(one))
    for (const { task } of meant) task.close()
  }

  #deploy(execution: Execution, splits: readonly KafkaSplit[]): void {
    invariant(this.#running.length < this.#options.slots, 'a subtask needs a slot', {
      ...execution,
    })
    const task = new SourceSinkTask({
      ...this.#options,
      splits,
      onFailed: (reason) => {
        this.#running = this.#running.filter((one) => one.execution !== execution)
        this.#send({ kind: 'failed', execution, reason })
      },
      onAcknowledged: (checkpoint, offsets) => {
        this.#send({ kind: 'acknowledge', execution, checkpoint, offsets })
      },
    })
    this.#running.push({ execution, task })
    this.#send({ kind: 'running', execution })
    this.#options.onReady()
  }
}
