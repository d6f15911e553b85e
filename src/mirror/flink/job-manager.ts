// Models: the job manager of one router: it deploys subtasks into free slots, watches the task
// managers, and runs again from the last checkpoint what has failed, and only that.
// Leaves out: standby job managers; rescaling; a slot request that times out after five minutes and
// counts as one more failure; asking the source for its partitions, which it knows when it looks;
// after a restart, that a partition is new which no checkpoint has.
// Source: org.apache.flink.runtime.jobmaster.JobMaster, scheduler.DefaultScheduler,
// RestartPipelinedRegionFailoverStrategy, heartbeat.HeartbeatManagerSenderImpl;
// connector.kafka.source.enumerator.KafkaSourceEnumerator (FLIP-288).

import type { PartitionIndex } from '../../kafka/ids.ts'
import type { Wire } from '../../sim/connection.ts'
import { invariant, unreachable } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import { type Micros, millis } from '../../sim/time.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { sendTo } from '../service-connection.ts'
import {
  CheckpointCoordinator,
  type CheckpointedJob,
  type CoordinatorSettings,
} from './checkpoint-coordinator.ts'
import { CheckpointStorage } from './checkpoint-storage.ts'
import {
  type Execution,
  isSameExecution,
  JobManagerMessage,
  type KafkaSplit,
  TaskManagerMessage,
} from './messages.ts'
import { RestartBackoff, type RestartStrategy } from './restart-backoff.ts'
import { splitOwner } from './split-owner.ts'

export interface JobSettings extends CoordinatorSettings {
  readonly topic: string
  /** parallelism.default */
  readonly parallelism: number
  readonly restart: RestartStrategy
  /** high-availability.type: whether a job manager that comes back finds its checkpoint. */
  readonly isHighlyAvailable: boolean
  readonly heartbeatIntervalMs: number
  readonly heartbeatTimeoutMs: number
  /** heartbeat.rpc-failure-threshold: so many that cannot be delivered are enough. */
  readonly heartbeatFailures: number
  /** partition.discovery.interval.ms; 0 or less: the partitions of the start are all. */
  readonly discoveryIntervalMs: number
}

export interface JobManagerOptions {
  readonly process: Process
  readonly network: Network
  readonly storage: Process
  readonly source: ClusterPort
  readonly settings: JobSettings
  tell(kind: string, text: string): void
}

/** What a task manager says first on each connection. */
type Registration = Extract<TaskManagerMessage['body'], { readonly kind: 'register' }>

/** One that has registered and is not given up; by its name, so that a new connection finds it. */
interface TaskManagerState {
  readonly name: string
  readonly slots: number
  wire: Wire
  /** When anything last came from it: every message counts as a heartbeat. */
  heardAt: Micros
  /** Heartbeats in a row that found no connection. */
  failures: number
}

/** One of `parallelism` copies of the job; its partitions are always the same ones. */
interface Subtask {
  readonly index: number
  /** Counts deployments, from 1: word of an earlier one is word of the dead. */
  attempt: number
  /** `created` wants a slot, `deployed` was sent off, `waiting` sits out a restart's delay. */
  state: 'created' | 'deployed' | 'running' | 'waiting'
  /** null: it has no slot. */
  on: TaskManagerState | null
}

/**
 * Where a router differs from all other replicators here: no subtask keeps a position of its own.
 * The job's position is one checkpoint, of all partitions at once.
 *
 * 1. All run; a checkpoint is complete and holds 1,000 for p0 and 2,000 for p1.
 * 2. The subtask of p0 fails at 1,500. It alone is deployed anew, at 1,000: 500 records go twice.
 * 3. While it waits for its restart no checkpoint is begun, for each needs all subtasks.
 * 4. So p1, which never failed, would go back to 2,000 with the next failure of its own.
 *
 * Nothing is deployed before it has read its checkpoint. A job that has failed stays so until the
 * process starts again.
 */
export class JobManager implements CheckpointedJob {
  readonly #options: JobManagerOptions
  /** Which life of the job manager this is: task managers drop what another one deployed. */
  readonly #session: number
  readonly #coordinator: CheckpointCoordinator
  /** One for the whole job: a subtask that fails over and over uses up the patience for all. */
  readonly #backoff: RestartBackoff
  readonly #taskManagers = new Map<string, TaskManagerState>()
  readonly #subtasks: Subtask[]
  #partitions: readonly PartitionIndex[] = []
  /** Found after the start: they are read from their first record on. */
  readonly #late = new Set<PartitionIndex>()
  #isStarted = false
  #hasFailed = false

  /** Build one at each boot of its process. */
  constructor(options: JobManagerOptions) {
    const { process, network, settings } = options
    this.#options = options
    this.#session = process.incarnation
    const storage = new CheckpointStorage(process, network, options.storage)
    this.#coordinator = new CheckpointCoordinator(process, settings, storage, this)
    this.#backoff = new RestartBackoff(settings.restart, process.random('restart'))
    this.#subtasks = Array.from({ length: settings.parallelism }, (_, index) => {
      return { index, attempt: 0, state: 'created', on: null }
    })
    network.listen(process, () => ({
      onOpen() {},
      onMessage: (wire, message) => {
        if (message instanceof TaskManagerMessage) this.#handle(wire, message)
      },
      onClose() {},
    }))
    // Task managers may register before the checkpoint is read: they wait with free slots.
    this.#heartbeats()
    if (settings.isHighlyAvailable) storage.read((text) => this.#start(text))
    else this.#start(null)
  }

  /** Without high availability nobody remembers the job: it begins where a new one would. */
  #start(stored: string | null): void {
    if (stored !== null) this.#coordinator.restore(stored)
    const { settings, source, process } = this.#options
    this.#partitions = source.topics.partitionsOf(settings.topic)
    this.#isStarted = true
    this.#schedule()
    const interval = millis(settings.discoveryIntervalMs)
    if (interval <= 0) return
    const discovery = process.timer(() => {
      discovery.arm(interval)
      this.#discover()
    })
    discovery.arm(interval)
  }

  /**
   * A subtask that does not run hears of what is new when it is deployed. What is found late begins
   * at its first record, whatever the job's starting offsets say (FLIP-288): by `latest` what was
   * written before it was found would be left out.
   */
  #discover(): void {
    const { source, settings } = this.#options
    const found = source.topics.partitionsOf(settings.topic)
    const added = found.filter((partition) => !this.#partitions.includes(partition))
    if (added.length === 0 || this.#hasFailed) return
    this.#options.tell('partitions-found', `reads ${added.length} more of ${settings.topic}`)
    this.#partitions = found
    for (const partition of added) this.#late.add(partition)
    for (const subtask of this.#subtasks) {
      const splits = this.#splitsOf(subtask).filter(({ partition }) => added.includes(partition))
      if (subtask.on === null || splits.length === 0) continue
      const body = { kind: 'add-splits' as const, execution: executionOf(subtask), splits }
      sendTo(subtask.on.wire, new JobManagerMessage(body))
    }
  }

  // ---- task managers ----------------------------------------------------------------------------

  #handle(wire: Wire, { body }: TaskManagerMessage): void {
    if (body.kind === 'register') {
      this.#register(wire, body)
      return
    }
    // By the connection, not by a name: what comes on one that was replaced is not answered.
    const manager = [...this.#taskManagers.values()].find((one) => one.wire === wire)
    if (manager === undefined) return
    manager.heardAt = this.#options.process.now
    switch (body.kind) {
      case 'heartbeat':
        return
      case 'running': {
        const subtask = this.#subtaskOf(body.execution)
        if (subtask !== null) subtask.state = 'running'
        return
      }
      case 'failed': {
        const subtask = this.#subtaskOf(body.execution)
        if (subtask !== null) this.#failed([subtask], body.reason)
        return
      }
      case 'acknowledge': {
        const subtask = this.#subtaskOf(body.execution)
        if (subtask === null) return
        this.#coordinator.acknowledge(body.checkpoint, subtask.index, body.offsets)
        return
      }
      default:
        unreachable(body)
    }
  }

  #register(wire: Wire, { name, slots, running }: Registration): void {
    const known = this.#taskManagers.get(name)
    const heardAt = this.#options.process.now
    const manager = known ?? { name, slots, wire, heardAt, failures: 0 }
    manager.wire = wire
    manager.heardAt = heardAt
    manager.failures = 0
    this.#taskManagers.set(name, manager)
    const keep = this.#on(manager).map(executionOf)
    sendTo(wire, new JobManagerMessage({ kind: 'registered', session: this.#session, keep }))
    this.#reconcile(manager, running)
    this.#schedule()
  }

  /**
   * DefaultExecutionDeploymentReconciler. 1. The job manager stands still for longer than
   * heartbeat.timeout. 2. Task managers give their subtasks up. 3. It goes on, and they register
   * with it before it has missed them: without this it would think that all of them run.
   */
  #reconcile(manager: TaskManagerState, running: readonly Execution[]): void {
    const gone = this.#on(manager).filter((subtask) => {
      return !running.some((execution) => isSameExecution(execution, executionOf(subtask)))
    })
    if (gone.length > 0) this.#failed(gone, `${manager.name} does not run it any more`)
  }

  /** What it runs as far as is known here: its free slots are the others. */
  #on(manager: TaskManagerState): Subtask[] {
    return this.#subtasks.filter(({ on }) => on === manager)
  }

  /** Null: it was given up in the meantime. */
  #subtaskOf({ subtask, attempt }: Execution): Subtask | null {
    const found = this.#subtasks[subtask]
    invariant(found !== undefined, 'only what was deployed is heard of', { subtask })
    return found.attempt === attempt && found.on !== null ? found : null
  }

  #heartbeats(): void {
    const { process, settings } = this.#options
    for (const manager of [...this.#taskManagers.values()]) {
      manager.failures = manager.wire.open ? 0 : manager.failures + 1
      const isSilent = process.now - manager.heardAt >= millis(settings.heartbeatTimeoutMs)
      if (isSilent) this.#lost(manager, 'is silent')
      else if (manager.failures >= settings.heartbeatFailures) this.#lost(manager, 'is unreachable')
      else sendTo(manager.wire, new JobManagerMessage({ kind: 'heartbeat' }))
    }
    process.timer(() => this.#heartbeats()).arm(millis(settings.heartbeatIntervalMs))
  }

  /**
   * Its subtasks fail here; there they may go on copying until it misses this job manager in turn.
   */
  #lost(manager: TaskManagerState, how: string): void {
    this.#taskManagers.delete(manager.name)
    const subtasks = this.#on(manager)
    if (subtasks.length > 0) this.#failed(subtasks, `${manager.name} ${how}`)
  }

  // ---- failures ---------------------------------------------------------------------------------

  /**
   * Source and sink of a subtask are one region: the other subtasks go on. The checkpoint under way
   * is dropped, though, for one of its acknowledgements will not come.
   */
  #failed(subtasks: readonly Subtask[], reason: string): void {
    if (this.#hasFailed) return
    this.#coordinator.abort()
    const wait = this.#backoff.next()
    for (const subtask of subtasks) this.#giveUp(subtask)
    if (wait === null) {
      this.#end(reason)
      return
    }
    this.#options.tell('task-failed', `runs ${subtasks.length} subtasks again: ${reason}`)
    const restart = () => {
      for (const subtask of subtasks) if (subtask.state === 'waiting') subtask.state = 'created'
      this.#schedule()
    }
    this.#options.process.timer(restart).arm(wait)
  }

  /**
   * A cancellation may be lost with the connection: then `keep` says it at the next registration.
   */
  #giveUp(subtask: Subtask): void {
    const { on } = subtask
    if (on !== null) {
      sendTo(on.wire, new JobManagerMessage({ kind: 'cancel', execution: executionOf(subtask) }))
    }
    subtask.on = null
    subtask.state = 'waiting'
  }

  #end(reason: string): void {
    this.#hasFailed = true
    this.#options.tell('job-failed', `the job has failed: ${reason}`)
    this.#coordinator.stop()
    for (const subtask of this.#subtasks) this.#giveUp(subtask)
  }

  // ---- deployment -------------------------------------------------------------------------------

  #schedule(): void {
    if (!this.#isStarted || this.#hasFailed) return
    for (const subtask of this.#subtasks) {
      if (subtask.state !== 'created') continue
      const free = [...this.#taskManagers.values()].find((one) => {
        return one.wire.open && this.#on(one).length < one.slots
      })
      if (free === undefined) return
      // First come, first served: Flink asks for slots and is offered some; here they are just
      // free.
      subtask.attempt++
      subtask.state = 'deployed'
      subtask.on = free
      const splits = this.#splitsOf(subtask)
      const execution = executionOf(subtask)
      sendTo(free.wire, new JobManagerMessage({ kind: 'deploy', execution, splits }))
    }
  }

  /** Its partitions, each at the newest checkpoint's position: read at every deployment. */
  #splitsOf({ index }: Subtask): KafkaSplit[] {
    const { source, settings } = this.#options
    const { topic, parallelism } = settings
    const own = this.#partitions.filter((partition) => {
      return splitOwner(topic, source.topics.numberOf(partition), parallelism) === index
    })
    const { restored } = this.#coordinator
    return own.map((partition) => {
      const unread = this.#late.has(partition) ? 0 : null
      return { partition, start: restored.get(partition) ?? unread }
    })
  }

  // ---- the job of the coordinator ---------------------------------------------------------------

  get subtasks(): number {
    return this.#subtasks.length
  }

  /** Checkpoints are triggered only then. */
  get isRunning(): boolean {
    return this.#subtasks.every(({ state }) => state === 'running')
  }

  /** To every task manager, whatever runs there. */
  trigger(checkpoint: number): void {
    this.#tellAll(new JobManagerMessage({ kind: 'trigger', checkpoint }))
  }

  /** Subtasks may commit their offsets for onlookers now. */
  onCompleted(checkpoint: number): void {
    this.#tellAll(new JobManagerMessage({ kind: 'completed', checkpoint }))
  }

  /** Fails all subtasks at once. */
  onIntolerable(reason: string): void {
    this.#failed(this.#subtasks, reason)
  }

  #tellAll(message: JobManagerMessage): void {
    for (const manager of this.#taskManagers.values()) sendTo(manager.wire, message)
  }
}

function executionOf({ index: subtask, attempt }: Subtask): Execution {
  return { subtask, attempt }
}
