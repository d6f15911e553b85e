// Models: one worker of a Connect cluster: it follows the assignments of its group and the config
// topic, starts and stops connectors and tasks, and publishes what the tasks are told.
// Leaves out: the REST interface but for calls between workers; statuses and their topic, session
// keys; the time that a start takes.
// Source: connect.runtime.distributed.DistributedHerder, connect.mirror.MirrorHerder; KIP-710.

import type { KafkaError } from '../../kafka/errors.ts'
import type { GroupId } from '../../kafka/ids.ts'
import type { Timer } from '../../sim/process.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import type { ClusterConfigState, ConfigListener, ConfigStore } from './config-store.ts'
import { ConfigSync } from './config-sync.ts'
import type { ConnectorDefinition } from './connector.ts'
import type { ConnectAssignment } from './group-protocol.ts'
import { RunningWork } from './running-work.ts'
import { SourceTaskOffsetCommitter } from './task-offset-committer.ts'
import { TaskPublisher } from './task-publisher.ts'
import { isNoWork, NO_WORK, type TaskId, taskParts, type Work, without } from './work.ts'
import {
  type ConfigSnapshot,
  WORKER_CLIENT,
  WorkerGroup,
  type WorkerListener,
} from './worker-group.ts'
import type { WorkerRest } from './worker-rest.ts'
import { WorkerStores, type WorkerStoresOptions } from './worker-stores.ts'

/** Hears why a worker runs less than it did. */
export interface WorkerObserver {
  /** It has found no coordinator: it stops these by itself. */
  onGaveUp(work: Work): void
  /** What a lost worker ran runs nowhere, and all of the group join again then. */
  onDelayed(delay: Micros): void
  /** It cannot read on in the config topic, and leaves its group for now. */
  onLeft(): void
  /** Its process ends, and nobody starts it again. */
  onEnded(reason: string): void
}

export interface WorkerOptions extends WorkerStoresOptions {
  /** group.id; `<source>-mm2` where MirrorMaker runs by itself. */
  readonly group: GroupId
  readonly clientId: string
  /** null: workers make each other no calls (dedicated.mode.enable.internal.rest is false). */
  readonly rest: WorkerRest | null
  /** The same for all workers of the group. */
  readonly connectors: readonly ConnectorDefinition[]
  readonly observer?: WorkerObserver
}

/** Something that the worker's thread does when its time has come. */
interface Request {
  readonly at: Micros
  readonly run: () => void
}

const EMPTY: ClusterConfigState = {
  offset: -1,
  configured: NO_WORK,
  has: () => false,
  taskConfigs: () => [],
}

/** One thread does everything: what one thing waits for, the next one waits for too. */
export class Worker implements WorkerListener, ConfigListener {
  readonly #options: WorkerOptions
  readonly #configs: ConfigStore
  readonly #sync: ConfigSync
  readonly #work: RunningWork
  readonly #timer: Timer
  #group: WorkerGroup | null = null
  #assignment: ConnectAssignment | null = null
  /** As the thread has last looked at it. */
  #configState = EMPTY
  #isResolved = true
  #scheduledRebalance: Micros = NEVER
  #needsRebalance = false
  readonly #changedTasks = new Set<string>()
  #requests: Request[] = []
  #wasLeader = false
  /** The thread stands in something that takes time. */
  #isBusy = false
  #isStopping = false

  /** Build one at each boot of its process; several may share one. It starts to work at once. */
  constructor(options: WorkerOptions) {
    const { process, network, settings, connectors } = options
    this.#options = options
    this.#timer = process.timer(() => this.#group?.wake())
    const stores = new WorkerStores(options, this)
    const { offsets } = stores
    this.#configs = stores.configs
    this.#sync = this.#syncOf(options)
    const publisher = this.#publisherOf(options)
    const publish = (name: string) => this.#request(() => publisher.publish(name))
    const committer = new SourceTaskOffsetCommitter(process, settings['offset.flush.interval.ms'])
    this.#work = new RunningWork({
      context: { process, network, offsets, committer },
      connectors,
      gracefulTimeoutMs: settings['task.shutdown.graceful.timeout.ms'],
      readOffsets: (onDone) => offsets.readToEnd(onDone),
      onConnectorStarted: publish,
      requestTaskReconfiguration: publish,
    })
    stores.start(
      () => this.#join(),
      (reason) => this.#end(reason),
    )
  }

  #syncOf({ process, settings, observer }: WorkerOptions): ConfigSync {
    return new ConfigSync({
      process,
      configs: this.#configs,
      syncTimeoutMs: settings['worker.sync.timeout.ms'],
      scheduledRebalanceMaxDelayMs: settings['scheduled.rebalance.max.delay.ms'],
      leave: () => {
        observer?.onLeft()
        this.#group?.leave()
      },
      stopAll: (onStopped) => this.#work.revoke(this.#work.running, onStopped),
    })
  }

  #publisherOf({ process, rest }: WorkerOptions): TaskPublisher {
    return new TaskPublisher(process, this.#configs, rest, {
      isLeader: () => this.isLeader,
      leaderUrl: () => this.#group?.leaderUrl ?? null,
      configState: () => this.#configState,
      runs: (connector) => this.#work.running.connectors.includes(connector),
      taskConfigsOf: (connector) => this.#work.taskConfigsOf(connector),
      request: (run, delay) => this.#request(run, delay),
      block: (what) => this.#block(what),
    })
  }

  #join(): void {
    const { process, network, cluster, settings, group, clientId, rest } = this.#options
    const config = {
      ...WORKER_CLIENT,
      ...{ group, instance: '', clientId, clientHost: `/${process.host.name}`, url: rest?.url },
      sessionTimeoutMs: settings['session.timeout.ms'],
      heartbeatIntervalMs: settings['heartbeat.interval.ms'],
      maxPollIntervalMs: settings['rebalance.timeout.ms'],
      scheduledRebalanceMaxDelayMs: settings['scheduled.rebalance.max.delay.ms'],
    }
    this.#group = new WorkerGroup(process, network, cluster, config, this)
  }

  /** What it runs now. */
  get running(): Work {
    return this.#work.running
  }

  /** Of this worker, in the order of their start. */
  get failedTasks(): readonly TaskId[] {
    return this.#work.failedTasks
  }

  /** DistributedHerder.restartTask, for a task that runs here; it comes to its turn. */
  restartTask(id: TaskId): void {
    this.#request(() => {
      if (!this.#work.running.tasks.includes(id)) return
      this.#block((onDone) =>
        this.#work.stop({ connectors: [], tasks: [id] }, () => {
          this.#startTask(id)
          onDone()
        }),
      )
    })
  }

  /** False before it has joined. */
  get isLeader(): boolean {
    return this.#group?.isLeader ?? false
  }

  /** SIGTERM: stops all work, leaves the group, and calls `onStopped`. */
  stop(onStopped: () => void): void {
    this.#isStopping = true
    if (this.#group !== null) this.#group.isHeld = true
    this.#work.stop(this.#work.running, () => {
      this.#group?.leave()
      onStopped()
    })
  }

  // ---- from the group and the config topic ------------------------------------------------------

  /** As far as its log has read, which may be further than the worker's own state. */
  configSnapshot(): ConfigSnapshot {
    return this.#configs.snapshot()
  }

  /**
   * Work begins at the thread's next turn, when the config topic has been read as far as the leader
   * had.
   */
  onAssigned(assignment: ConnectAssignment): void {
    const { now } = this.#options.process
    this.#assignment = assignment
    this.#isResolved = false
    this.#scheduledRebalance = assignment.delay > 0 ? now + assignment.delay : NEVER
    if (assignment.delay > 0) this.#options.observer?.onDelayed(assignment.delay)
  }

  /** Before it is told to stop. */
  onGaveUp(work: Work): void {
    this.#options.observer?.onGaveUp(work)
  }

  /** Each of its tasks has task.shutdown.graceful.timeout.ms at most. */
  onRevoked(work: Work, onStopped: () => void): void {
    this.#work.revoke(work, onStopped)
  }

  /** A worker without its group is none. */
  onRefused(error: KafkaError): void {
    this.#end(`its group refuses it: ${error}`)
  }

  /** DistributedHerder.run: whatever its thread throws ends the process, with all herders in it. */
  #end(reason: string): void {
    this.#options.observer?.onEnded(reason)
    this.#options.process.exit()
  }

  /** A connector that it does not know asks for a rebalance. */
  onConnectorConfigUpdate(connector: string): void {
    if (!this.#configState.has(connector)) this.#needsRebalance = true
    this.#group?.wake()
  }

  /** All tasks of their connectors are stopped before the rebalance that deals them anew. */
  onTaskConfigUpdate(tasks: readonly TaskId[]): void {
    this.#needsRebalance = true
    for (const id of tasks) this.#changedTasks.add(taskParts(id).connector)
    this.#group?.wake()
  }

  // ---- the thread -------------------------------------------------------------------------------

  /** One turn: first the group's news, then requests, then changed configurations. */
  onWake(): void {
    if (this.#isBusy || this.#isStopping || this.#group?.isSettled !== true) return
    if (!this.#handleRebalance(this.#group)) return
    const { now } = this.#options.process
    const due = this.#requests.find(({ at }) => at <= now)
    if (due !== undefined) {
      this.#requests = this.#requests.filter((one) => one !== due)
      due.run()
      this.#group.wake()
      return
    }
    if (this.#scheduledRebalance < NEVER) this.#isResolved = false
    this.#updateConfigs(this.#group)
    let next = this.#scheduledRebalance
    for (const { at } of this.#requests) next = Math.min(next, at)
    if (next < NEVER) this.#timer.arm(Math.max(0, next - now))
  }

  /** Nothing else is done, and the group is not polled, before `onDone` is called. */
  #block(what: (onDone: () => void) => void): void {
    const group = this.#group
    this.#isBusy = true
    if (group !== null) group.isHeld = true
    what(() => {
      this.#isBusy = false
      if (group !== null && !this.#isStopping) group.isHeld = false
    })
  }

  /** DistributedHerder.addRequest: its turn comes when the thread is free and its time is over. */
  #request(run: () => void, delay: Micros = 0): void {
    this.#requests.push({ at: this.#options.process.now + delay, run })
    this.#group?.wake()
  }

  /** @returns whether the worker does what its assignment says */
  #handleRebalance(group: WorkerGroup): boolean {
    const assignment = this.#assignment
    if (this.#isResolved || assignment === null) return true
    const isBehind = this.#configState.offset < assignment.configOffset
    const needsRead = isBehind || (assignment.isFailed && group.isLeader)
    const isDue = this.#scheduledRebalance <= this.#options.process.now
    if (isDue) this.#scheduledRebalance = NEVER
    const needsRejoin = assignment.isFailed || isDue
    if (needsRead) {
      this.#readConfigs()
      if (needsRejoin) group.requestRejoin()
      return false
    }
    // Whoever has read past the assignment must not start tasks that others do not know of.
    if (needsRejoin || this.#configState.offset !== assignment.configOffset) {
      group.requestRejoin()
      return false
    }
    this.#startWork(assignment)
    this.#isResolved = true
    if (!isNoWork(assignment.revoked)) {
      this.#assignment = { ...assignment, revoked: NO_WORK }
      group.requestRejoin()
      return false
    }
    this.#lead(group)
    return true
  }

  /** The assignment rests on more of the config topic than this worker has read. */
  #readConfigs(): void {
    this.#block((onDone) =>
      this.#sync.run(() => {
        this.#configState = this.#configs.snapshot()
        onDone()
      }),
    )
  }

  /** Only what it does not run already: cooperative rebalances leave the rest alone (KIP-415). */
  #startWork({ work }: ConnectAssignment): void {
    const { connectors, tasks } = without(work, this.#work.running)
    for (const name of connectors) this.#work.startConnector(name)
    for (const id of tasks) this.#startTask(id)
  }

  #startTask(id: TaskId): void {
    const { connector, index } = taskParts(id)
    this.#work.startTask(id, this.#configState.taskConfigs(connector)[index])
  }

  /** A new leader writes down the connectors that are missing. */
  #lead(group: WorkerGroup): void {
    if (group.isLeader && !this.#wasLeader) {
      for (const { name } of this.#options.connectors) {
        if (this.#configState.has(name)) continue
        this.#request(() => this.#block((onDone) => this.#configs.putConnector(name, onDone)))
      }
    }
    this.#wasLeader = group.isLeader
  }

  /**
   * New task configurations mean a rebalance for all: the tasks that change are stopped first, so
   * that no two run with parts of the old and the new.
   */
  #updateConfigs(group: WorkerGroup): void {
    if (!this.#needsRebalance && this.#changedTasks.size === 0) return
    this.#configState = this.#configs.snapshot()
    if (this.#needsRebalance) group.requestRejoin()
    this.#needsRebalance = false
    const { tasks } = this.#work.running
    const stopped = tasks.filter((id) => this.#changedTasks.has(taskParts(id).connector))
    this.#changedTasks.clear()
    if (stopped.length === 0) return
    this.#block((onDone) => this.#work.stop({ connectors: [], tasks: stopped }, onDone))
  }
}
