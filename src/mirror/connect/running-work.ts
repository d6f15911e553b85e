// Models: the connectors and tasks that run in one worker, and how long stopping them may take.
// Leaves out: the time that a start takes, and so the threads that start; statuses.
// Source: org.apache.kafka.connect.runtime.Worker (startConnector, startSourceTask,
// stopAndAwaitTasks, stopAndAwaitTask), WorkerTask; DistributedHerder.startAndStop.

import type { Timer } from '../../sim/process.ts'
import { type Micros, millis } from '../../sim/time.ts'
import { CONNECT_TIMEOUTS } from './connect-timeouts.ts'
import type { ConnectorDefinition, RunningConnector, TaskContext } from './connector.ts'
import type { RunningTask } from './source-offsets.ts'
import { type TaskId, taskParts, type Work } from './work.ts'

/** START_STOP_THREAD_POOL_SIZE */
const START_STOP_THREADS = 8

interface Stoppable {
  stop(onStopped: () => void): void
}

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
  /** Of a connector that needs them: a task's place is looked up in the newest offsets. */
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
   * A task that has a place to look up begins when the offset topic has been read to its end, for
   * its predecessor may have run elsewhere; one that is stopped before never does. The others ask
   * for no offsets and begin at once, whether that topic can be read or not.
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
    const begin = () => {
      if (!slot.isStopped) slot.task = definition.startTask(config, context)
    }
    if (definition.readsOffsets) readOffsets(begin)
    else begin()
  }

  /** Tasks that have thrown, in the order of their start. */
  get failedTasks(): TaskId[] {
    return [...this.#tasks].flatMap(([id, { task }]) => (task?.isFailed === true ? [id] : []))
  }

  /**
   * What a rebalance takes away: eight threads stop one connector or task after the other, each
   * with a time of its own. A target that does not answer costs ten tasks that time twice, and the
   * last two go on copying through the first of it.
   */
  revoke({ connectors, tasks }: Work, onStopped: () => void): void {
    const waiting: Work[] = [
      ...connectors.map((name) => ({ connectors: [name], tasks: [] })),
      ...tasks.map((id) => ({ connectors: [], tasks: [id] })),
    ]
    let threads = START_STOP_THREADS
    const goOn = () => {
      const next = waiting.shift()
      if (next !== undefined) {
        this.stop(next, goOn)
        return
      }
      threads--
      if (threads === 0) onStopped()
    }
    for (let i = 0; i < START_STOP_THREADS; i++) goOn()
  }

  /**
   * Stops all connectors at once, then all tasks; what is not over in time is left behind, tasks
   * are cancelled. The time is one for all of a kind, from now on: a target that does not answer
   * costs it once, however many tasks wait for their last acknowledgements, and each of them loses
   * its last commit. So a worker stops the tasks of a connector that has changed, and all that it
   * has when it ends.
   */
  stop({ connectors, tasks }: Work, onStopped: () => void): void {
    const stopping = connectors.flatMap((name) => this.#connectors.get(name) ?? [])
    for (const name of connectors) this.#connectors.delete(name)
    const goOn = () => this.#stopTasks(tasks, onStopped)
    this.#await(stopping, CONNECT_TIMEOUTS.connectorStop, goOn)
  }

  /** Cancelled ones close their clients, and whoever follows copies again from the last commit. */
  #stopTasks(tasks: readonly TaskId[], onStopped: () => void): void {
    const slots = tasks.flatMap((id) => this.#tasks.get(id) ?? [])
    for (const id of tasks) this.#tasks.delete(id)
    const stopping = slots.flatMap((slot) => {
      slot.isStopped = true
      return slot.task ?? []
    })
    this.#await(stopping, millis(this.#options.gracefulTimeoutMs), (left) => {
      for (const task of left) task.cancel()
      onStopped()
    })
  }

  /** `onEnd` hears which of them have not stopped in time. */
  #await<T extends Stoppable>(
    stopping: readonly T[],
    timeout: Micros,
    onEnd: (left: ReadonlySet<T>) => void,
  ): void {
    const left = new Set(stopping)
    if (left.size === 0) {
      onEnd(left)
      return
    }
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      timer.cancel()
      onEnd(left)
    }
    const timer: Timer = this.#options.context.process.timer(end)
    timer.arm(timeout)
    for (const one of stopping) {
      one.stop(() => {
        left.delete(one)
        if (left.size === 0) end()
      })
    }
  }
}
