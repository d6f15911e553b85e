// Models: broker registrations at the controller, and who may register when.
// Leaves out: features, endpoints, cluster ids, controller registrations.
// Source: org.apache.kafka.controller.ClusterControlManager; KIP-631, KIP-966.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { BrokerEpoch, MetadataOffset, NodeId } from '../ids.ts'
import type { BrokerRegistrationRequest } from '../messages.ts'
import type {
  BrokerRegistrationChangeRecord,
  RegisterBrokerRecord,
  UnregisterBrokerRecord,
} from '../metadata/records.ts'
import { fits } from '../metadata/replay-fault.ts'
import { BrokerHeartbeats } from './broker-heartbeats.ts'
import {
  type BrokerRegistration,
  brokerRegistrationOf,
  mergeBrokerChange,
} from './broker-registration.ts'
import type { UsableBroker } from './replica-placer.ts'

/**
 * Registrations are hard state, replayed from the log; heartbeats are soft, and known to the active
 * controller only.
 */
export class ClusterControl implements Checked {
  readonly #sessionTimeout: number
  readonly #brokers = new Map<NodeId, BrokerRegistration>()
  /** Offset of each broker's last registration record: what it must have seen to be unfenced. */
  readonly #registrationOffsets = new Map<NodeId, MetadataOffset>()
  #heartbeats: BrokerHeartbeats | null = null

  constructor(sessionTimeout: number) {
    this.#sessionTimeout = sessionTimeout
  }

  /** Independent of this one, soft state of an active controller included. */
  copy(): ClusterControl {
    const copy = new ClusterControl(this.#sessionTimeout)
    for (const [id, broker] of this.#brokers) copy.#brokers.set(id, broker)
    for (const [id, offset] of this.#registrationOffsets) copy.#registrationOffsets.set(id, offset)
    copy.#heartbeats = this.#heartbeats?.copy() ?? null
    return copy
  }

  /**
   * This controller becomes active. It does not know when each broker was last heard, so every
   * unfenced one gets a whole new session; `restartSessions` false leaves them without one.
   */
  activate(now: number, restartSessions: boolean): void {
    const heartbeats = new BrokerHeartbeats(this.#sessionTimeout)
    for (const broker of this.#brokers.values()) {
      heartbeats.register(broker.id, broker.fenced)
      if (restartSessions && !broker.fenced) {
        heartbeats.updateContactTime(broker.id, broker.epoch, now)
      }
    }
    this.#heartbeats = heartbeats
  }

  /** Forgets who was heard when: a heartbeat is another controller's business now. */
  deactivate(): void {
    this.#heartbeats = null
  }

  /** Notes that a broker was heard. @returns false where this controller hears no heartbeats */
  trackHeartbeat(id: NodeId, epoch: BrokerEpoch, now: number): boolean {
    if (this.#heartbeats === null) return false
    if (this.isCurrentEpoch(id, epoch)) this.#heartbeats.updateContactTime(id, epoch, now)
    return true
  }

  /** Soft state of an active controller. */
  get heartbeats(): BrokerHeartbeats {
    invariant(this.#heartbeats !== null, 'only the active controller hears heartbeats')
    return this.#heartbeats
  }

  /** As last replayed, fenced ones too; undefined where none is registered. */
  broker(id: NodeId): BrokerRegistration | undefined {
    return this.#brokers.get(id)
  }

  /** In the order of their first registrations. */
  brokers(): IterableIterator<BrokerRegistration> {
    return this.#brokers.values()
  }

  /**
   * Where the broker's last registration record lies: it is unfenced once it has replayed it.
   * Undefined where none is registered.
   */
  registrationOffset(id: NodeId): MetadataOffset | undefined {
    return this.#registrationOffsets.get(id)
  }

  /** Registered, unfenced and not in controlled shutdown. */
  isActive(id: NodeId): boolean {
    const broker = this.#brokers.get(id)
    return broker !== undefined && !broker.fenced && !broker.inControlledShutdown
  }

  /**
   * False for a process that was replaced and for a broker not registered: STALE_BROKER_EPOCH
   * (ClusterControlManager.checkBrokerEpoch).
   */
  isCurrentEpoch(id: NodeId, epoch: BrokerEpoch): boolean {
    return this.#brokers.get(id)?.epoch === epoch
  }

  /** Brokers that may get replicas of a new topic. */
  usableBrokers(): UsableBroker[] {
    return [...this.#brokers.values()]
      .filter((broker) => !this.heartbeats.isShuttingDown(broker.id))
      .map(({ id, rack, fenced }) => ({ id, rack, fenced }))
  }

  /** Another process of the broker is still in its session, so this one must wait for its end. */
  isDuplicate(request: BrokerRegistrationRequest, now: number): boolean {
    const existing = this.#brokers.get(request.brokerId)
    if (existing === undefined || existing.incarnation === request.incarnation) return false
    return this.heartbeats.hasValidSession(existing.id, existing.epoch, now)
  }

  /**
   * The record of a registration. A new process is born fenced and gets a new epoch; the same
   * process asking again keeps both.
   */
  registrationRecord(
    request: BrokerRegistrationRequest,
    newEpoch: BrokerEpoch,
  ): RegisterBrokerRecord {
    const existing = this.#brokers.get(request.brokerId)
    // An answer was lost, or came too late: the process keeps what it was given.
    const isRetry = existing?.incarnation === request.incarnation
    return {
      type: 'RegisterBroker',
      brokerId: request.brokerId,
      brokerEpoch: isRetry ? existing.epoch : newEpoch,
      incarnation: request.incarnation,
      rack: request.rack,
      fenced: isRetry ? existing.fenced : true,
      inControlledShutdown: isRetry ? existing.inControlledShutdown : false,
    }
  }

  /** Registrations have their offsets, and soft state follows them. @throws InvariantViolation */
  assertWhole(): void {
    for (const { id, epoch } of this.#brokers.values()) {
      const offset = this.#registrationOffsets.get(id) ?? -1
      invariant(epoch <= offset, 'a broker’s epoch is where its registration began', { id, epoch })
    }
    this.#heartbeats?.assertWhole()
    this.#heartbeats?.assertMatches(this.#brokers.values())
  }

  /** A new epoch ends the old process's session; the same process asking again keeps its own. */
  replayRegister(record: RegisterBrokerRecord, offset: MetadataOffset): void {
    const { brokerId } = record
    const before = this.#brokers.get(brokerId)
    this.#registrationOffsets.set(brokerId, offset)
    this.#brokers.set(brokerId, brokerRegistrationOf(record))
    if (this.#heartbeats === null) return
    if (before !== undefined) this.#heartbeats.remove(brokerId)
    if (before?.epoch !== record.brokerEpoch) this.#heartbeats.orphanSession(brokerId)
    this.#heartbeats.register(brokerId, record.fenced)
  }

  /**
   * Fenced, unfenced or leaving.
   * @throws ReplayFault where that incarnation is not the registered one
   */
  replayChange(record: BrokerRegistrationChangeRecord): void {
    const before = this.#brokers.get(record.brokerId)
    fits(before?.epoch === record.brokerEpoch, 'a changed broker is registered', { ...record })
    const after = mergeBrokerChange(before, record)
    this.#brokers.set(record.brokerId, after)
    this.#heartbeats?.register(record.brokerId, after.fenced)
  }

  /**
   * Forgets the broker and its session; one that still runs is told STALE_BROKER_EPOCH from now on.
   * @throws ReplayFault where that incarnation is not the registered one
   */
  replayUnregister(record: UnregisterBrokerRecord): void {
    const { brokerId, brokerEpoch } = record
    const isKnown = this.isCurrentEpoch(brokerId, brokerEpoch)
    fits(isKnown, 'who is unregistered was registered', { brokerId, brokerEpoch })
    this.#brokers.delete(record.brokerId)
    this.#registrationOffsets.delete(record.brokerId)
    this.#heartbeats?.remove(record.brokerId)
    this.#heartbeats?.orphanSession(record.brokerId)
  }
}
