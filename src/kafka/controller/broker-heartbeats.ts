// Models: the active controller's soft state of brokers: last contact, metadata position, shutdown.
// Leaves out: heartbeats that time out in an overloaded controller queue, and late ones of a
// process that has been replaced.
// Source: BrokerHeartbeatManager, BrokerHeartbeatTracker; KIP-631.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { hashOfPair, inHashOrder } from '../hash-order.ts'
import type { BrokerEpoch, MetadataOffset, NodeId } from '../ids.ts'

/** What a heartbeat's answer tells the broker to be. */
export type BrokerControlState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shutdown-now'

interface BrokerState {
  fenced: boolean
  /** What the broker last reported; -1 until it reports again after a change. */
  metadataOffset: MetadataOffset
  /** Where the others must be before the broker may go; -1 outside of a controlled shutdown. */
  controlledShutdownOffset: MetadataOffset
}

interface Session {
  readonly epoch: BrokerEpoch
  readonly contactTime: number
}

interface Expirable {
  readonly id: NodeId
  readonly session: Session
}

/** The part of a heartbeat that decides the broker's next state. */
export interface HeartbeatWishes {
  readonly currentMetadataOffset: MetadataOffset
  readonly wantFence: boolean
  readonly wantShutDown: boolean
}

/** Exists only while its controller is active. Times are in one unit of the caller's choice. */
export class BrokerHeartbeats implements Checked {
  readonly #sessionTimeout: number
  readonly #brokers = new Map<NodeId, BrokerState>()
  readonly #sessions = new Map<NodeId, Session>()
  /** Of processes that were replaced: in Kafka's table until they end, of no use to anybody. */
  readonly #orphans: Expirable[] = []

  constructor(sessionTimeout: number) {
    this.#sessionTimeout = sessionTimeout
  }

  /** Independent of this one, sessions included: for a state machine that tries something out. */
  copy(): BrokerHeartbeats {
    const copy = new BrokerHeartbeats(this.#sessionTimeout)
    for (const [id, broker] of this.#brokers) copy.#brokers.set(id, { ...broker })
    for (const [id, session] of this.#sessions) copy.#sessions.set(id, session)
    copy.#orphans.push(...this.#orphans)
    return copy
  }

  /** A registration was replayed: makes sure that the broker is known and fenced or not. */
  register(id: NodeId, fenced: boolean): void {
    const broker = this.#brokers.get(id)
    // One that changes keeps its place; registered again as it was, it has to report anew.
    const keepsOffset = broker !== undefined && broker.fenced !== fenced
    if (broker === undefined) {
      this.#brokers.set(id, { fenced, metadataOffset: -1, controlledShutdownOffset: -1 })
    }
    this.touch(id, fenced, keepsOffset ? broker.metadataOffset : -1)
  }

  /** A heartbeat has been handled. A fenced broker leaves its controlled shutdown. */
  touch(id: NodeId, fenced: boolean, metadataOffset: MetadataOffset): void {
    const broker = this.#known(id)
    broker.fenced = fenced
    broker.metadataOffset = metadataOffset
    if (fenced) broker.controlledShutdownOffset = -1
  }

  /**
   * No fenced broker is in a controlled shutdown, nobody unknown has a session.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    for (const [id, { fenced, controlledShutdownOffset: leaves }] of this.#brokers) {
      invariant(!fenced || leaves < 0, 'a fenced broker waits for nobody', { id, leaves })
    }
    for (const id of this.#sessions.keys()) {
      invariant(this.#brokers.has(id), 'who has a session is registered', { id })
    }
  }

  /** States that these are the brokers of which it has been told, fenced or not. */
  assertMatches(brokers: Iterable<{ readonly id: NodeId; readonly fenced: boolean }>): void {
    let count = 0
    for (const { id, fenced } of brokers) {
      const known = this.#brokers.get(id)?.fenced
      invariant(known === fenced, 'the controller’s soft state follows the log', { id, fenced })
      count++
    }
    invariant(count === this.#brokers.size, 'who is not registered is not heard', { count })
  }

  /** Unregistered, or about to be registered anew. Its session is another matter. */
  remove(id: NodeId): void {
    this.#brokers.delete(id)
  }

  /** The session of this incarnation runs from now. */
  updateContactTime(id: NodeId, epoch: BrokerEpoch, now: number): void {
    const known = this.#sessions.get(id)
    const before = known?.contactTime ?? now
    invariant(before <= now, 'a broker is never heard in the past', { id, before, now })
    // A new incarnation is another key of Kafka's table, and comes last where two share a place.
    if (known !== undefined && known.epoch !== epoch) this.#sessions.delete(id)
    this.#sessions.set(id, { epoch, contactTime: now })
  }

  /**
   * Its process is not the registered one any more: the session says nothing from now on, and is
   * found when it ends.
   */
  orphanSession(id: NodeId): void {
    const session = this.#sessions.get(id)
    if (session === undefined) return
    this.#sessions.delete(id)
    this.#orphans.push({ id, session })
  }

  /** Ends the session without fencing; a process that comes next need not wait for its end. */
  removeSession(id: NodeId): void {
    this.#sessions.delete(id)
  }

  /**
   * Whether that very incarnation was heard within the session time-out, its last moment included.
   */
  hasValidSession(id: NodeId, epoch: BrokerEpoch, now: number): boolean {
    const session = this.#sessions.get(id)
    return session !== undefined && session.epoch === epoch && !this.#isExpired(session, now)
  }

  /**
   * Forgets one session that has ended, if any has: the first in the order of the hash table that
   * holds them, be it of a process that was replaced, and before 4.0 (`inTable` false) the one that
   * ended first. Which of several dead brokers is fenced first decides who of the others leads
   * meanwhile.
   */
  removeOneExpired(
    now: number,
    inTable: boolean,
  ): { readonly id: NodeId; readonly epoch: BrokerEpoch } | undefined {
    const found = inTable ? this.#firstInTable(now) : this.#longestSilent()
    if (found === undefined || !this.#isExpired(found.session, now)) return undefined
    const { id, session } = found
    const orphan = this.#orphans.indexOf(found)
    if (orphan >= 0) this.#orphans.splice(orphan, 1)
    else this.#sessions.delete(id)
    return { id, epoch: session.epoch }
  }

  /** When the next session ends if no heartbeat comes; a broker is stale just after. */
  nextExpiry(): number | undefined {
    const first = this.#longestSilent()
    return first && first.session.contactTime + this.#sessionTimeout
  }

  /** Starts the wait for the others' metadata once; later calls change nothing. */
  maybeUpdateControlledShutdownOffset(id: NodeId, offset: MetadataOffset): void {
    const broker = this.#known(id)
    invariant(offset >= 0, 'a controlled shutdown waits for some record', { id, offset })
    if (broker.controlledShutdownOffset < 0) broker.controlledShutdownOffset = offset
  }

  /** Asked by a heartbeat to leave, and not gone yet; false for a broker that is not registered. */
  isShuttingDown(id: NodeId): boolean {
    return (this.#brokers.get(id)?.controlledShutdownOffset ?? -1) >= 0
  }

  /** Whether the broker leads nothing is asked only where it matters. */
  nextState(
    id: NodeId,
    heartbeat: HeartbeatWishes,
    registrationOffset: MetadataOffset,
    hasLeaderships: () => boolean,
  ): { readonly current: BrokerControlState; readonly next: BrokerControlState } {
    const broker = this.#known(id)
    // On its way out nothing else counts, not even a wish to be fenced.
    if (broker.controlledShutdownOffset >= 0) {
      const mayGo =
        !hasLeaderships() && broker.controlledShutdownOffset <= this.#lowestActiveOffset()
      return {
        current: 'controlled-shutdown',
        next: mayGo ? 'shutdown-now' : 'controlled-shutdown',
      }
    }
    if (broker.fenced)
      return { current: 'fenced', next: nextOfFenced(heartbeat, registrationOffset) }
    return { current: 'unfenced', next: nextOfUnfenced(heartbeat, hasLeaderships) }
  }

  #lowestActiveOffset(): MetadataOffset {
    let lowest = Number.MAX_SAFE_INTEGER
    for (const broker of this.#brokers.values()) {
      // Whom nobody waits for: fenced brokers serve no clients, and others that leave do not hold
      // it up.
      if (broker.fenced || broker.controlledShutdownOffset >= 0) continue
      lowest = Math.min(lowest, broker.metadataOffset)
    }
    return lowest
  }

  #longestSilent(): Expirable | undefined {
    let first: Expirable | undefined
    for (const [id, session] of this.#sessions) {
      const [a, b] = [session.contactTime, first?.session.contactTime ?? Number.MAX_SAFE_INTEGER]
      if (first === undefined || a < b || (a === b && id < first.id)) first = { id, session }
    }
    return first
  }

  /** Kafka's table is keyed by broker and epoch. */
  #firstInTable(now: number): Expirable | undefined {
    const all = new Set<Expirable>(this.#orphans)
    for (const [id, session] of this.#sessions) all.add({ id, session })
    const ordered = inHashOrder(all, ({ id, session }) => hashOfPair(id, session.epoch), 1)
    return ordered.find(({ session }) => this.#isExpired(session, now))
  }

  #isExpired(session: Session, now: number): boolean {
    return session.contactTime + this.#sessionTimeout < now
  }

  #known(id: NodeId): BrokerState {
    const broker = this.#brokers.get(id)
    invariant(broker !== undefined, 'a broker that sends heartbeats is registered', { id })
    return broker
  }
}

/** A fenced broker may go at once; it is unfenced when it has seen its own registration. */
function nextOfFenced(
  heartbeat: HeartbeatWishes,
  registrationOffset: MetadataOffset,
): BrokerControlState {
  if (heartbeat.wantShutDown) return 'shutdown-now'
  if (heartbeat.wantFence) return 'fenced'
  return heartbeat.currentMetadataOffset >= registrationOffset ? 'unfenced' : 'fenced'
}

function nextOfUnfenced(
  heartbeat: HeartbeatWishes,
  hasLeaderships: () => boolean,
): BrokerControlState {
  if (heartbeat.wantFence) return heartbeat.wantShutDown ? 'shutdown-now' : 'fenced'
  if (!heartbeat.wantShutDown) return 'unfenced'
  return hasLeaderships() ? 'controlled-shutdown' : 'shutdown-now'
}
