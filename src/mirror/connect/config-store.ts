// Models: which connectors there are and what their tasks are told, kept in a topic of the target.
// Leaves out: the connectors' own configurations, which every worker has from its file; target
// states, session keys, restarts; removal of connectors.
// Source: org.apache.kafka.connect.storage.KafkaConfigBackingStore.

import { invariant } from '../../sim/invariant.ts'
import { fieldOf } from '../../sim/plain-data.ts'
import type { Process } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'
import { ConfigWait } from './config-wait.ts'
import { CONNECT_TIMEOUTS } from './connect-timeouts.ts'
import type { ConfigOffset } from './group-protocol.ts'
import { TopicLog, type TopicLogOptions } from './topic-log.ts'
import { type TaskId, taskId } from './work.ts'
import type { ConfigSnapshot } from './worker-group.ts'

/** A record of the topic. Task configurations count once their commit has been read. */
type ConfigRecord =
  | { readonly kind: 'connector'; readonly connector: string }
  | {
      readonly kind: 'task'
      readonly connector: string
      readonly index: number
      readonly config: unknown
    }
  | { readonly kind: 'commit'; readonly connector: string; readonly tasks: number }

function isConfigRecord(value: object): value is ConfigRecord {
  const kind = fieldOf(value, 'kind')
  return kind === 'connector' || kind === 'task' || kind === 'commit'
}

/** Hears of changes, once all that was there at the start has been read. */
export interface ConfigListener {
  /** It was written down, perhaps as it was before. */
  onConnectorConfigUpdate(connector: string): void
  /** A commit was read: these have new configurations, and none where it found its set torn. */
  onTaskConfigUpdate(tasks: readonly TaskId[]): void
}

/** What the topic says up to an offset. */
export interface ClusterConfigState extends ConfigSnapshot {
  has(connector: string): boolean
  /** One for each task of its last commit; undefined where none was ever committed. */
  taskConfigs(connector: string): readonly unknown[]
}

/** What the topic says of a connector's tasks. */
interface CommittedTasks {
  /** As many as the last commit counts. */
  readonly count: number
  /** By number: of the last commit that found its set whole. */
  readonly configs: ReadonlyMap<number, unknown>
  /** The last commit lacked some of its tasks: nobody runs any of them before the next one. */
  readonly isInconsistent: boolean
}

const NO_TASKS: CommittedTasks = { count: 0, configs: new Map(), isInconsistent: false }

/** A connector or a task as JSON, roughly. */
const RECORD_BYTES = 600
const COMMIT_BYTES = 40
/** The topic has one partition: its order is that of the changes. */
const PARTITION = 0

/**
 * What the group of workers agrees on is what stands in the topic: a worker acts on a change when
 * it reads it back, its own included.
 */
export class ConfigStore {
  readonly #process: Process
  readonly #log: TopicLog
  readonly #listener: ConfigListener
  readonly #committed = new Map<string, CommittedTasks>()
  /** Read, and not committed yet: what a leader that died has left is written over by the next. */
  readonly #deferred = new Map<string, Map<number, unknown>>()
  #offset: ConfigOffset = -1
  #isStarted = false

  constructor(options: Omit<TopicLogOptions, 'onRecord'>, listener: ConfigListener) {
    this.#process = options.process
    this.#listener = listener
    const onRecord = (value: object, next: ConfigOffset) => {
      invariant(isConfigRecord(value), 'the config topic holds what workers write into it')
      this.#take(value, next)
    }
    this.#log = new TopicLog({ ...options, onRecord })
  }

  /** Reads the topic to its end; listeners hear only of what comes after. */
  start(onStarted: () => void, onFailed: (reason: string) => void): void {
    const started = () => {
      this.#isStarted = true
      onStarted()
    }
    this.#log.start(started, onFailed)
  }

  /** What has been read so far; it does not change any more. */
  snapshot(): ClusterConfigState {
    const committed = new Map(this.#committed)
    const connectors = [...committed.keys()]
    const tasks: TaskId[] = []
    for (const [name, { count, isInconsistent }] of committed) {
      for (let i = 0; i < count && !isInconsistent; i++) tasks.push(taskId(name, i))
    }
    return {
      offset: this.#offset,
      configured: { connectors, tasks },
      has: (connector) => committed.has(connector),
      taskConfigs: (connector) => {
        const { count, configs } = committed.get(connector) ?? NO_TASKS
        return Array.from({ length: count }, (_, i) => configs.get(i))
      },
    }
  }

  /**
   * Reads up to what is in the topic when it is called. `onEnd` hears whether that was done within
   * `timeout` micros: these begin when all own writes before it are acknowledged.
   */
  refresh(timeout: Micros, onEnd: (isRead: boolean) => void): void {
    this.#log.flush(() => {
      const wait = new ConfigWait(this.#process, this.#log, timeout, onEnd)
      this.#log.readToEnd(() => wait.end(true))
    })
  }

  #waitForWrite(onDone: (isWritten: boolean) => void): ConfigWait {
    return new ConfigWait(this.#process, this.#log, CONNECT_TIMEOUTS.configWrite, onDone)
  }

  /**
   * `onDone` hears whether it was acknowledged and has been read back within 30 s. What was late is
   * still on its way, and counts when it comes.
   */
  putConnector(connector: string, onDone: (isWritten: boolean) => void): void {
    const write = this.#waitForWrite(onDone)
    this.#writeAll([{ kind: 'connector', connector }], write, () => write.end(true))
  }

  /**
   * Reads to the end, writes each task's, reads them back, and then says that they count. The
   * commit makes one change of many records:
   *
   * 1. a leader writes tasks 0 and 1 of three, and dies;
   * 2. the next one writes 0 to 2 of its own, and the commit;
   * 3. who reads all of it finds the second set whole, and never a mixture that counts.
   *
   * All of it has 30 s, and has failed behind them: the leader polls its group again, finds that
   * it has been away from it, and gives its work up. Not so where an earlier write is still on its
   * way: that is waited for first, and has no limit.
   */
  putTaskConfigs(
    connector: string,
    configs: readonly unknown[],
    onDone: (isWritten: boolean) => void,
  ): void {
    const commit: ConfigRecord = { kind: 'commit', connector, tasks: configs.length }
    const tasks = configs.map((config, index): ConfigRecord => {
      return { kind: 'task', connector, index, config }
    })
    this.#log.flush(() => {
      const write = this.#waitForWrite(onDone)
      const count = () => this.#writeAll([commit], write, () => write.end(true))
      this.#log.readToEnd(() => this.#writeAll(tasks, write, count))
    })
  }

  /** Writes records, reads to the end and goes on, as long as there is time. */
  #writeAll(records: readonly ConfigRecord[], write: ConfigWait, goOn: () => void): void {
    if (write.isOver) return
    let left = records.length
    if (left === 0) goOn()
    for (const record of records) {
      const bytes = record.kind === 'commit' ? COMMIT_BYTES : RECORD_BYTES
      this.#log.write(PARTITION, record, bytes, (isWritten) => {
        left--
        if (!isWritten) write.end(false)
        if (left > 0 || write.isOver) return
        this.#log.readToEnd(() => {
          if (!write.isOver) goOn()
        })
      })
    }
  }

  #take(record: ConfigRecord, next: ConfigOffset): void {
    this.#offset = next
    const { connector } = record
    switch (record.kind) {
      case 'connector':
        if (!this.#committed.has(connector)) this.#committed.set(connector, NO_TASKS)
        // What stood there at the start is looked at as a whole when it has been read.
        if (this.#isStarted) this.#listener.onConnectorConfigUpdate(connector)
        return
      case 'task': {
        const deferred = this.#deferred.get(connector) ?? new Map<number, unknown>()
        deferred.set(record.index, record.config)
        this.#deferred.set(connector, deferred)
        return
      }
      case 'commit':
        this.#commit(connector, record.tasks)
    }
  }

  /**
   * A set lacks tasks where somebody else than a worker wrote, or dropped, records of the topic: a
   * link that carries it round in a circle, say. Such a commit changes no configuration.
   */
  #commit(connector: string, count: number): void {
    const known = this.#committed.get(connector)
    if (known === undefined) return
    const deferred = this.#deferred.get(connector) ?? new Map<number, unknown>()
    this.#deferred.delete(connector)
    const isInconsistent = !isComplete(deferred, count)
    const configs = isInconsistent ? known.configs : new Map([...known.configs, ...deferred])
    this.#committed.set(connector, { count, configs, isInconsistent })
    if (!this.#isStarted) return
    const updated = isInconsistent ? [] : [...deferred.keys()]
    this.#listener.onTaskConfigUpdate(updated.map((index) => taskId(connector, index)))
  }
}

/** Whether a set has every task that its commit counts; it may have more. */
function isComplete(tasks: ReadonlyMap<number, unknown>, count: number): boolean {
  for (let i = 0; i < count; i++) if (!tasks.has(i)) return false
  return true
}
