// Models: a Connect worker as a member of its group: it finds the coordinator, joins, leads or
// follows, and gives its work up when it can reach no coordinator.
// Leaves out: workers that speak the eager protocol; metadata of all topics, which nobody reads.
// Source: connect.runtime.distributed.WorkerCoordinator, WorkerGroupMember.

import type { ClassicMember } from '../../kafka/clients/group/classic-member.ts'
import type { MemberSettings } from '../../kafka/clients/group/group-settings.ts'
import { MemberThread } from '../../kafka/clients/group/member-thread.ts'
import type { MemberWork } from '../../kafka/clients/group/member-work.ts'
import type { KafkaError } from '../../kafka/errors.ts'
import type {
  Assigned,
  JoinedMember,
  MemberAssignment,
  MemberSubscription,
} from '../../kafka/group-messages.ts'
import { type GenerationId, type MemberId, NO_GENERATION } from '../../kafka/ids.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import { type Micros, millis, NEVER } from '../../sim/time.ts'
import type { ClusterPort } from '../cluster-port.ts'
import {
  assignmentOf,
  assignmentText,
  CONNECT_PROTOCOLS,
  type ConfigOffset,
  type ConnectAssignment,
  failedAssignment,
  workerStateOf,
  workerStateText,
} from './group-protocol.ts'
import { IncrementalCooperativeAssignor } from './incremental-cooperative-assignor.ts'
import { isNoWork, NO_WORK, together, type Work, without } from './work.ts'

/** What is to be run, as the config topic has it. */
export interface ConfigSnapshot {
  /** The offset after the last record that was read; -1 before any. */
  readonly offset: ConfigOffset
  /** Of connectors whose tasks were committed: what the group is to run, whoever runs it. */
  readonly configured: Work
}

/** The worker whose membership it is. */
export interface WorkerListener {
  /** As much as has been read. */
  configSnapshot(): ConfigSnapshot
  /** A generation is complete; the assignment has all that the worker is to run. */
  onAssigned(assignment: ConnectAssignment): void
  /** No coordinator could be found: it stops all that it runs, as it is told next. */
  onGaveUp(work: Work): void
  /** It must stop these; the thread that polls stands until `onStopped`. */
  onRevoked(work: Work, onStopped: () => void): void
  /** The group will never take it: the process ends. */
  onRefused(error: KafkaError): void
  /** Something may have changed: look at `isSettled`. */
  onWake(): void
}

export interface WorkerGroupConfig extends MemberSettings {
  /** How long the work of a lost worker waits for it; 0 deals it anew at once. */
  readonly scheduledRebalanceMaxDelayMs: number
  /** Where it takes calls of other workers; absent: it takes none. */
  readonly url?: string | undefined
}

/** Defaults of DistributedConfig. */
export const WORKER_CLIENT = {
  requestTimeoutMs: 40_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  reconnectBackoffMs: 50,
  metadataMaxAgeMs: 300_000,
  rebootstrap: true,
  rebootstrapTriggerMs: 300_000,
} as const

/**
 * Why a worker gives its work up when it finds no coordinator (KAFKA-9184):
 *
 * 1. It runs a task, and is cut off from the target, where the group lives.
 * 2. Its session ends there. The others wait for it, five minutes by default, and then one of them
 *    runs the task too.
 * 3. The path is back: two run the task, and each writes its own offsets for the same partitions.
 *
 * So once its coordinator is unknown, by a lost connection or by the end of its session on its own
 * clock, it looks for one for heartbeat.interval.ms and then stops all work: seconds after the
 * others have missed it, and minutes before they take it over. The price: a short cut of the target
 * stops tasks that could have waited it out, and what they could not commit is copied again.
 *
 * One thread, as DistributedHerder's: while work is stopped, or the worker holds it, only
 * heartbeats go on.
 */
export class WorkerGroup implements MemberWork {
  readonly protocols = CONNECT_PROTOCOLS
  readonly #process: Process
  readonly #config: WorkerGroupConfig
  readonly #listener: WorkerListener
  readonly #thread: MemberThread
  readonly #member: ClassicMember
  readonly #assignor: IncrementalCooperativeAssignor
  /** What it runs, or is about to; null before the first and after it has given up. */
  #assignment: ConnectAssignment | null = null
  /** Of the last assignment that was taken up: as leader it tells one that never reached it. */
  #lastCompleted: GenerationId = NO_GENERATION
  /** As it was told in the join that is under way. */
  #snapshot: ConfigSnapshot = { offset: -1, configured: NO_WORK }
  /** Somebody asked for a rebalance; it is met by the next assignment, whatever that says. */
  #rejoinRequested = false
  /** The thread stands in ensureActiveGroup: it does nothing else before it is in the group. */
  #isJoining = false
  /** When a coordinator that cannot be found costs the worker its work; NEVER: not looked for. */
  #giveUpAt: Micros = NEVER
  /** The thread does something else than poll. */
  #isHeld = false
  #isStopping = false

  /** Build one in each incarnation of `process`; it works once it is polled. */
  constructor(
    process: Process,
    network: Network,
    cluster: ClusterPort,
    config: WorkerGroupConfig,
    listener: WorkerListener,
  ) {
    this.#process = process
    this.#config = config
    this.#listener = listener
    this.#thread = new MemberThread(
      {
        ...{ process, network, name: 'connect', client: WORKER_CLIENT, member: config },
        ...{ directory: cluster.directory, bootstrapNodes: cluster.bootstrapNodes },
        pass: (now) => (this.#isHeld || this.#isStopping ? NEVER : this.#poll(now)),
        onPassed: () => listener.onWake(),
      },
      this,
    )
    this.#member = this.#thread.member
    this.#assignor = new IncrementalCooperativeAssignor(millis(config.scheduledRebalanceMaxDelayMs))
    this.wake()
  }

  /** A member with nothing to do about it: the worker may go on with its own affairs. */
  get isSettled(): boolean {
    const isFound = this.#thread.lookup.coordinator !== null
    return isFound && this.#member.isSettled && !this.#isStopping && !this.hasChanged
  }

  /** Empty before the coordinator has given one. */
  get memberId(): MemberId {
    return this.#member.member
  }

  /** Where the leader takes calls; null where it takes none. */
  get leaderUrl(): string | null {
    return this.#assignment?.leaderUrl ?? null
  }

  /** By the last assignment, which may be of an earlier generation. */
  get isLeader(): boolean {
    return this.#assignment !== null && this.memberId === this.#assignment.leader
  }

  /** While the worker's thread is busy elsewhere only heartbeats go on. */
  set isHeld(isHeld: boolean) {
    this.#isHeld = isHeld
    this.wake()
  }

  /** Joins again at its next turn; work goes on meanwhile. */
  requestRejoin(): void {
    this.#rejoinRequested = true
    this.wake()
  }

  /** Says farewell. */
  leave(): void {
    this.#member.leave()
  }

  /** Has the thread look in this instant. */
  wake(): void {
    this.#thread.wake()
  }

  // ---- the thread -------------------------------------------------------------------------------

  /** One pass of WorkerCoordinator.poll. */
  #poll(now: Micros): Micros {
    const isUnknown = this.#thread.lookup.coordinator === null
    if (isUnknown && !this.#isJoining) {
      if (this.#giveUpAt === NEVER) this.#giveUpAt = now + millis(this.#config.heartbeatIntervalMs)
      if (now < this.#giveUpAt) return Math.min(this.#giveUpAt, this.#thread.lookup.ensure(now))
      this.#isJoining = true
      this.#giveUp()
      if (this.#isStopping) return NEVER
    }
    // It is there, or the time is over and the work given up: from here on it joins like anybody.
    this.#giveUpAt = NEVER
    if (this.hasChanged || !this.#member.isSettled) this.#isJoining = true
    const next = this.#member.poll(now)
    // The thread looks at least as often as it would send heartbeats.
    return Math.min(next, now + millis(this.#config.heartbeatIntervalMs))
  }

  /** Without a coordinator for so long it may have been dropped, and others may run its work. */
  #giveUp(): void {
    const assignment = this.#assignment
    if (assignment === null || assignment.isFailed) return
    this.#listener.onGaveUp(assignment.work)
    this.#stop(assignment.work, () => {
      this.#assignment = null
    })
  }

  #stop(work: Work, after: () => void): void {
    this.#isStopping = true
    this.#listener.onRevoked(work, () => {
      this.#isStopping = false
      after()
      this.wake()
    })
  }

  // ---- MemberWork -------------------------------------------------------------------------------

  /** Once the cluster has answered with its brokers. */
  get canJoin(): boolean {
    return this.#thread.metadata.version > 0
  }

  /** Never while it stops work: the join waits for that. */
  get hasChanged(): boolean {
    if (this.#isStopping) return false
    return this.#assignment === null || this.#assignment.isFailed || this.#rejoinRequested
  }

  /** What it runs it keeps until it is told to stop it. */
  prepare(): null {
    return null
  }

  /** How far it has read the config topic, and what it runs. */
  subscribe(): MemberSubscription {
    this.#snapshot = this.#listener.configSnapshot()
    const state = { configOffset: this.#snapshot.offset, assignment: this.#assignment }
    const nothing = { topics: [], ownedPartitions: [], generation: NO_GENERATION, rack: '' }
    return { ...nothing, userData: workerStateText(state) }
  }

  /** By the newest config that any member has read, or not at all. */
  assign(_protocol: string, joined: readonly JoinedMember[]): MemberAssignment[] {
    const states = joined.map(({ member, subscription }) => {
      return { member, state: workerStateOf(subscription.userData) }
    })
    // Workers read the config topic each at its own pace. An assignment by an older state would
    // start tasks that others know to be gone, so that one who has read too little assigns nothing:
    // all read on and join again.
    const newest = Math.max(...states.map(({ state }) => state.configOffset))
    if (this.#snapshot.offset < newest) this.#snapshot = this.#listener.configSnapshot()
    const { offset, configured } = this.#snapshot
    const leader = this.memberId
    const leaderUrl = this.#config.url
    if (offset < newest) {
      const userData = assignmentText(failedAssignment(leader, newest, leaderUrl))
      return joined.map(({ member }) => ({ member, partitions: [], userData }))
    }
    // What they say they run counts, and not what they were given: a worker that has been away may
    // come back with work that was dealt to others since (KAFKA-9841).
    const running = new Map<MemberId, Work>()
    for (const { member, state } of states) running.set(member, state.assignment?.work ?? NO_WORK)
    const generations = { lastCompleted: this.#lastCompleted, current: this.#member.generation }
    const dealt = this.#assignor.assign(configured, running, generations, this.#process.now)
    return joined.map(({ member }) => {
      const userData = assignmentText({
        isFailed: false,
        ...{ leader, leaderUrl },
        configOffset: offset,
        work: dealt.assigned.get(member) ?? NO_WORK,
        revoked: dealt.revoked.get(member) ?? NO_WORK,
        delay: dealt.delay,
      })
      return { member, partitions: [], userData }
    })
  }

  /** What is revoked is stopped first; the join that follows is the worker's to ask for. */
  take(_protocol: string, { userData }: Assigned): boolean {
    const given = assignmentOf(userData)
    if (isNoWork(given.revoked)) this.#takeUp(given)
    else this.#stop(given.revoked, () => this.#takeUp(given))
    return false
  }

  #takeUp(given: ConnectAssignment): void {
    // Cooperative: it is told what comes and what goes, and what is not named stays (KIP-415).
    const kept = without(this.#assignment?.work ?? NO_WORK, given.revoked)
    this.#assignment = { ...given, work: together([given.work, kept]), revoked: NO_WORK }
    this.#rejoinRequested = false
    this.#isJoining = false
    this.#lastCompleted = this.#member.generation
    this.#listener.onAssigned({ ...this.#assignment, revoked: given.revoked })
  }

  /** Nothing of its own: the member has left by then and joins anew. */
  pollIntervalExceeded(): void {}

  /** Ends the worker. */
  refused(error: KafkaError): void {
    this.#listener.onRefused(error)
  }
}
