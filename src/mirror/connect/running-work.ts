// Models: the connectors and tasks that run in one worker, and how long stopping them may take.
// Leaves out: the time that a start takes, and so the threads that start; statuses.
// Source: org.apache.kafka.connect.runtime.Worker (startConnector, startSourceTask,
// stopAndAwaitTasks, stopAndAwaitTask), WorkerTask; DistributedHerder.startAndStop.

import type { Timer } from '../../sim/process.ts'
import { millis } from '../../sim/time.ts'
import type { ConnectorDefinition, RunningConnector, TaskContext } from './connector.ts'
import type { RunningTask } from './source-offsets.ts'
import { type TaskId, taskParts, type Work } from './work.ts'

/** START_STOP_THREAD_POOL_SIZE */
const START_STOP_THREADS = 8

/** A task whose offsets may still have to be read. */
interface Slot {
  /** null while its offsets are read. */
  task: RunningTask | null
  isStopped: boolean
}

export interface RunningWorkOptions {
  readonly context: TaskContext
  readonly connectors: readonly ConnectorDefinition[]
  /** task.shutdown.graceful.timeout.ms */
  readonly gracefulTimeoutMs: number
  /** Before a task starts, its place is looked up in the newest offsets. */
  readonly readOffsets: (onDone: () => void) => void
  readonly onConnectorStarted: (connector: string) => void
  readonly requestTaskReconfiguration: (connector: string) => void
}

/**
 * Owned by one worker, new with its process. It knows nothing of the group: the worker's thread
 * says what to start and stop. Starting what runs already, or what no definition names, does
 * nothing.
 */
export class RunningWork {
  readonly #options: RunningWorkOptions
  readonly #connectors = new Map<string, RunningConnector>()
  readonly #tasks = new Map<TaskId, Slot>()

  constructor(options: RunningWorkOptions) {
    this.#options = options
  }

  /** Task configurations as the connector wants them now; null where none here knows them. */
  taskConfigsOf(connector: string): readonly unknown[] | null {
    const max = this.#definitionOf(connector)?.tasksMax ?? 1
    return this.#connectors.get(connector)?.taskConfigs(max) ?? null
  }

  /** Tasks that have failed count: they run until they are stopped. */
  get running(): Work {
    return { connectors: [...this.#connectors.keys()], tasks: [...this.#tasks.keys()] }
  }

  #definitionOf(connector: string): ConnectorDefinition | undefined {
    return this.#options.connectors.find(({ name }) => name === connector)
  }

  /** Tells by `onConnectorStarted`, now or later, when its tasks can be asked for. */
  startConnector(name: string): void {
    const { context, onConnectorStarted, requestTaskReconfiguration } = this.#options
    const definition = this.#definitionOf(name)
    if (definition === undefined || this.#connectors.has(name)) return
    const around = {
      ...context,
      requestTaskReconfiguration: () => requestTaskReconfiguration(name),
    }
    let isKnown = false
    let isStarted = false
    const started = () => {
      isStarted = true
      if (isKnown) onConnectorStarted(name)
    }
    this.#connectors.set(name, definition.start(around, started))
    isKnown = true
    if (isStarted) onConnectorStarted(name)
  }

  /**
   * The task begins when its offsets have been read; one that is stopped before never does. Each
   * start reads the offset topic to its end first, for its predecessor may have run elsewhere:
   *
   * 1. a worker commits 5,000 for a partition, and stops the task;
   * 2. the next worker has read the topic up to the commit before, of 4,000;
   * 3. from its memory it would begin at 4,001 and copy a thousand records twice.
   */
  startTask(id: TaskId, config: unknown): void {
    const { context, readOffsets } = this.#options
    const definition = this.#definitionOf(taskParts(id).connector)
    if (definition === undefined || this.#tasks.has(id)) return
    const slot: Slot = { task: null, isStopped: false }
    this.#tasks.set(id, slot)
    readOffsets(() => {
      if (!slot.isStopped) slot.task = definition.startTask(config, context)
    })
  }

  /** Tasks that have thrown, in the order of their start. */
  get failedTasks(): TaskId[] {
    return [...this.#tasks].flatMap(([id, { task }]) => (task?.isFailed === true ? [id] : []))
  }

  /**
   * What a rebalance takes away: eight threads stop one task after the other, each with a time of
   * its own. A target that does not answer costs ten tasks that time twice, and the last two go on
   * copying through the first of it.
   */
  revoke({ connectors, tasks }: Work, onStopped: () => void): void {
    this.stop({ connectors, tasks: [] }, () => {})
    const waiting = [...tasks]
    let threads = START_STOP_THREADS
    const goOn = () => {
      const id = waiting.shift()
      if (id !== undefined) {
        this.stop({ connectors: [], tasks: [id] }, goOn)
        return
      }
      threads--
      if (threads === 0) onStopped()
    }
    for (let i = 0; i < START_STOP_THREADS; i++) goOn()
  }

  /**
   * Stops all at once; what is not over in time is cancelled. The time is one for all of them, from
   * now on: a target that does not answer costs it once, however many tasks wait for their last
   * acknowledgements, and each of them loses its last commit. So a worker stops the tasks of a
   * connector that has changed, and all that it has when it ends.
   */
  stop({ connectors, tasks }: Work, onStopped: () => void): void {
    for (const name of connectors) {
      this.#connectors.get(name)?.stop()
      this.#connectors.delete(name)
    }
    const slots = tasks.flatMap((id) => this.#tasks.get(id) ?? [])
    for (const id of tasks) this.#tasks.delete(id)
    const stopping = slots.flatMap((slot) => {
      slot.isStopped = true
      return slot.task ?? []
    })
    if (stopping.length === 0) onStopped()
    else this.#await(stopping, onStopped)
  }

  #await(stopping: readonly RunningTask[], onStopped: () => void): void {
    const left = new Set(stopping)
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      timer.cancel()
      // Cancelled tasks close their clients, and whoever follows copies again from the last commit.
      for (const task of left) task.cancel()
      onStopped()
    }
    const timer: Timer = this.#options.context.process.timer(end)
    timer.arm(millis(this.#options.gracefulTimeoutMs))
    for (const task of stopping) {
      task.stop(() => {
        left.delete(task)
        if (left.size === 0) end()
      })
    }
  }
}
