// Models: a worker as a participant of Helix: a live instance while its session lasts, which does
// what messages tell it and writes down the state of each partition.
// Leaves out: errors of a transition; a pool of threads: transitions do not wait for one another.
// Source: org.apache.helix.manager.zk.ParticipantManager (createLiveInstance,
// carryOverPreviousCurrentState), HelixStateTransitionHandler; ControllerWorkerHelixHandler.

import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { millis } from '../../sim/time.ts'
import {
  CURRENT,
  type HelixPartition,
  type HelixState,
  inSession,
  LIVE,
  MESSAGES,
} from './helix.ts'
import type { SessionId } from './zookeeper-messages.ts'
import { ZooKeeperSession } from './zookeeper-session.ts'

/** Beside the session timeout, until an earlier life of the same name must be gone. */
const FORMER_LIFE_MARGIN_MS = 5_000

/** The worker that takes part. */
export interface Participant {
  /** Is to copy a partition; `onDone`: it has taken it up. */
  online(partition: HelixPartition, onDone: () => void): void
  offline(partition: HelixPartition): void
  tell(kind: string, text: string): void
}

export interface HelixParticipantOptions {
  readonly process: Process
  readonly network: Network
  readonly zookeeper: Process
  /** zk.session.timeout of Helix. */
  readonly sessionTimeoutMs: number
}

/**
 * A worker's side of Helix: messages say what to do, and its current states say what it has done.
 * One belongs to a worker and its process, over as many sessions as it takes. A message of another
 * session is deleted unread: what it asks for was decided about a worker that counted as gone.
 */
export class HelixParticipant {
  readonly #name: string
  readonly #participant: Participant
  readonly #zookeeper: ZooKeeperSession
  readonly #formerLife: Timer
  readonly #waitForFormerMs: number
  /**
   * By path: a message stays in its folder until it is done, and is read again with each new one.
   */
  readonly #executing = new Set<string>()
  #isLive = false

  /** Build one at each boot of its process. */
  constructor(options: HelixParticipantOptions, participant: Participant) {
    const { process, network, zookeeper: server, sessionTimeoutMs } = options
    this.#name = process.name
    this.#participant = participant
    this.#waitForFormerMs = sessionTimeoutMs + FORMER_LIFE_MARGIN_MS
    this.#formerLife = process.timer(() => this.#createLiveInstance(true))
    this.#zookeeper = new ZooKeeperSession({
      ...{ process, network, server, sessionTimeoutMs },
      onNewSession: () => this.#onNewSession(),
    })
  }

  /** Leaves in order: its partitions are free at once. */
  disconnect(): void {
    this.#formerLife.cancel()
    this.#zookeeper.close()
  }

  // ---- a session --------------------------------------------------------------------------------

  /**
   * Whatever the worker copies it goes on copying: Helix only forgets that it does. When somebody
   * else has been given a partition in the meantime, the two of them copy it until this session.
   */
  #onNewSession(): void {
    this.#isLive = false
    this.#createLiveInstance(false)
  }

  #createLiveInstance(isLastTry: boolean): void {
    const { session } = this.#zookeeper
    if (session === null) return
    const operation = { path: `${LIVE}${this.#name}`, data: String(session) }
    this.#zookeeper.ask({ kind: 'create-ephemeral', ...operation }, ({ isDone }) => {
      if (session !== this.#zookeeper.session) return
      if (isDone) this.#carryOver(session)
      else if (isLastTry) this.#participant.tell('helix-refused', 'its name is taken in Helix')
      // A process that restarts finds the node of its own earlier session, until that has expired.
      else this.#formerLife.arm(millis(this.#waitForFormerMs))
    })
  }

  /** Partitions of an earlier session begin as OFFLINE in this one. */
  #carryOver(session: SessionId): void {
    const prefix = `${CURRENT}${this.#name}/`
    this.#zookeeper.ask({ kind: 'read', prefix }, ({ nodes }) => {
      for (const path of nodes.keys()) this.#write(path, inSession(session, 'OFFLINE'))
      this.#isLive = true
      this.#zookeeper.watch(`${MESSAGES}${this.#name}/`, () => this.#readMessages())
    })
  }

  // ---- messages ---------------------------------------------------------------------------------

  #readMessages(): void {
    if (!this.#isLive) return
    const prefix = `${MESSAGES}${this.#name}/`
    this.#zookeeper.ask({ kind: 'read', prefix }, ({ nodes }) => {
      for (const [path, data] of nodes) this.#execute(path, path.slice(prefix.length), data)
    })
  }

  #execute(path: string, partition: HelixPartition, data: string): void {
    const [session, state] = data.split(' ')
    if (this.#executing.has(path)) return
    if (session === undefined || session !== String(this.#zookeeper.session)) {
      this.#zookeeper.ask({ kind: 'delete', path }, () => {})
      return
    }
    this.#executing.add(path)
    const current = `${CURRENT}${this.#name}/${partition}`
    const done = (to: HelixState) => {
      if (to === 'DROPPED') this.#zookeeper.ask({ kind: 'delete', path: current }, () => {})
      else this.#write(current, inSession(session, to))
      this.#zookeeper.ask({ kind: 'delete', path }, () => this.#executing.delete(path))
    }
    if (state === 'ONLINE') {
      this.#participant.online(partition, () => done('ONLINE'))
      return
    }
    this.#participant.offline(partition)
    done(state === 'OFFLINE' ? 'OFFLINE' : 'DROPPED')
  }

  #write(path: string, data: string): void {
    this.#zookeeper.ask({ kind: 'set', path, data }, () => {})
  }
}
