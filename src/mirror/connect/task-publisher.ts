// Models: how what a connector wants its tasks to be told gets into the config topic: the leader
// writes it down, and every other worker asks the leader.
// Leaves out: zombie fencing of exactly-once sources.
// Source: connect.runtime.distributed.DistributedHerder (reconfigureConnectorTasksWithRetry,
// publishConnectorTaskConfigs, putTaskConfigs); KIP-710.

import { backoff } from '../../kafka/network/exponential-backoff.ts'
import type { Process } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'
import type { ClusterConfigState, ConfigStore } from './config-store.ts'
import { CONNECT_TIMEOUTS } from './connect-timeouts.ts'
import type { TaskConfigsCall, WorkerRest, WorkerUrl } from './worker-rest.ts'

/** The thread of the worker whose connectors are published. */
export interface PublishingThread {
  isLeader(): boolean
  /** null: nobody is known, or workers make each other no calls. */
  leaderUrl(): WorkerUrl | null
  /** As the thread has last looked at it. */
  configState(): ClusterConfigState
  /** Whether the connector runs here. */
  runs(connector: string): boolean
  /** As a connector that runs here wants its tasks now; null where it does not know. */
  taskConfigsOf(connector: string): readonly unknown[] | null
  /** Its turn comes when the thread is free and `delay` is over. */
  request(run: () => void, delay?: Micros): void
  /** The thread does nothing else before `onDone` is called. */
  block(what: (onDone: () => void) => void): void
}

/**
 * A connector may run on any worker, and one alone may write: two that wrote at once would leave
 * tasks of both. Owned by a worker, new with its process.
 */
export class TaskPublisher {
  readonly #process: Process
  readonly #configs: ConfigStore
  readonly #rest: WorkerRest | null
  readonly #thread: PublishingThread

  /** `rest`: null where workers make each other no calls. */
  constructor(
    process: Process,
    configs: ConfigStore,
    rest: WorkerRest | null,
    thread: PublishingThread,
  ) {
    this.#process = process
    this.#configs = configs
    this.#rest = rest
    this.#thread = thread
    rest?.listen((call, answer) => thread.request(() => this.#take(call, answer)))
  }

  /**
   * Publishes what a connector wants its tasks to be told, where that is news. One that does not
   * know yet is asked again, less and less often.
   */
  publish(connector: string, attempts = 0): void {
    if (!this.#thread.runs(connector)) return
    const configs = this.#thread.taskConfigsOf(connector)
    if (configs === null) {
      this.#publishLater(connector, attempts)
      return
    }
    if (isSame(configs, this.#thread.configState().taskConfigs(connector))) return
    const told = (isWritten: boolean) => {
      if (!isWritten) this.#publishLater(connector, attempts)
    }
    const call = { connector, configs }
    if (this.#thread.isLeader()) this.#put(call, told)
    else this.#askLeader(call, told)
  }

  #publishLater(connector: string, attempts: number): void {
    const random = this.#process.random('connect')
    const wait = backoff(CONNECT_TIMEOUTS.publishBackoff, attempts, random)
    this.#thread.request(() => this.publish(connector, attempts + 1), wait)
  }

  /** Without calls between workers it asks itself again and again in vain. */
  #askLeader(call: TaskConfigsCall, onAnswer: (isWritten: boolean) => void): void {
    const leaderUrl = this.#thread.leaderUrl()
    if (this.#rest === null || leaderUrl === null) onAnswer(false)
    else this.#rest.putTaskConfigs(leaderUrl, call, onAnswer)
  }

  /** Another worker asks; it comes to its turn. */
  #take(call: TaskConfigsCall, answer: (isWritten: boolean) => void): void {
    const mayWrite = this.#thread.isLeader() && this.#thread.configState().has(call.connector)
    if (mayWrite) this.#put(call, answer)
    else answer(false)
  }

  #put({ connector, configs }: TaskConfigsCall, onAnswer: (isWritten: boolean) => void): void {
    this.#thread.block((onDone) =>
      this.#configs.putTaskConfigs(connector, configs, (isWritten) => {
        onAnswer(isWritten)
        onDone()
      }),
    )
  }
}

/** Compared as they are written down; one that was never committed is like no other. */
function isSame(wanted: readonly unknown[], known: readonly unknown[]): boolean {
  return !known.includes(undefined) && JSON.stringify(wanted) === JSON.stringify(known)
}
