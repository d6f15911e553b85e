// Models: a Connect worker on its own: it runs all connectors and all their tasks.
// Leaves out: the file of offsets is written at once; what an OS crash takes of it.
// Source: connect.runtime.standalone.StandaloneHerder, storage.FileOffsetBackingStore.

import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { ConnectorContext, ConnectorDefinition, RunningConnector } from './connector.ts'
import type { OffsetStore, RunningTask, SourceOffsets } from './source-offsets.ts'

/** Offsets on the worker's own disk: they outlive its process. */
export class OffsetFile implements OffsetStore {
  readonly #connectors = new Map<string, SourceOffsets>()

  /** Empty for a connector that has never committed. */
  read(connector: string): SourceOffsets {
    return this.#connectors.get(connector) ?? new Map()
  }

  /** Never fails: the file is written at once. */
  write(connector: string, offsets: SourceOffsets, onDone: (isWritten: boolean) => void): void {
    this.#connectors.set(connector, new Map([...this.read(connector), ...offsets]))
    onDone(true)
  }
}

/** Ends with its process: nothing else stops it. */
export class StandaloneWorker {
  readonly #process: Process
  readonly #network: Network
  readonly #offsets: OffsetStore

  /** Build one at each boot of `process`. */
  constructor(process: Process, network: Network, offsets: OffsetStore) {
    this.#process = process
    this.#network = network
    this.#offsets = offsets
  }

  /**
   * Tasks start in a turn of their own; when their connector asks for it all are stopped and
   * started anew.
   */
  run(definition: ConnectorDefinition): void {
    const started: { connector: RunningConnector | null } = { connector: null }
    let tasks: RunningTask[] = []
    const startTasks = () => {
      const configs = started.connector?.taskConfigs(definition.tasksMax) ?? []
      tasks = configs.map((config) => definition.startTask(config, context))
    }
    const context: ConnectorContext = {
      process: this.#process,
      network: this.#network,
      offsets: this.#offsets,
      requestTaskReconfiguration: () => stopAll(tasks, startTasks),
    }
    const begin = this.#process.timer(startTasks)
    started.connector = definition.start(context, () => begin.arm(0))
  }
}

/** Stops them side by side; `onStopped` when the last one is over. */
function stopAll(tasks: readonly RunningTask[], onStopped: () => void): void {
  let left = tasks.length
  if (left === 0) onStopped()
  for (const task of tasks) task.stop(() => --left === 0 && onStopped())
}
