// Models: one node's connection life as a client sees it: state, reconnect and set-up waits.
// Leaves out: throttling, authentication, several addresses of one name.
// Source: org.apache.kafka.clients.ClusterConnectionStates (KIP-144, KIP-601).

import { invariant } from '../../sim/invariant.ts'
import type { Micros } from '../../sim/time.ts'
import type { BackoffRandom, BackoffSpec } from './exponential-backoff.ts'
import { backoff } from './exponential-backoff.ts'

/** `new`: never tried, so that the first attempt knows no back-off. */
export type ConnectionPhase = 'new' | 'disconnected' | 'connecting' | 'checking' | 'ready'

/**
 * When a client may try a node again: each failed attempt doubles the wait, a set-up that timed out
 * also the time that the next one gets.
 */
export class ConnectionState {
  phase: ConnectionPhase = 'new'
  /** When the last attempt began or the connection was lost, whichever is later. */
  lastConnectAttempt: Micros = 0
  setupTimeout: Micros
  private failedAttempts = 0
  private failedSetups = 0
  private reconnectWait: Micros = 0
  private readonly reconnect: BackoffSpec
  private readonly setup: BackoffSpec
  private readonly random: BackoffRandom

  constructor(reconnect: BackoffSpec, setup: BackoffSpec, random: BackoffRandom) {
    this.reconnect = reconnect
    this.setup = setup
    this.random = random
    this.setupTimeout = backoff(setup, 0, random)
  }

  /** Whether a new attempt may begin now. */
  canConnect(now: Micros): boolean {
    if (this.phase === 'new') return true
    return this.phase === 'disconnected' && this.retryAt() <= now
  }

  /** Earliest time of the next attempt; only while disconnected. */
  retryAt(): Micros {
    return this.lastConnectAttempt + this.reconnectWait
  }

  /**
   * An attempt begins; back-off and set-up limit stay as the last failure left them.
   * @throws InvariantViolation where one is under way or stands
   */
  connecting(now: Micros): void {
    const isDown = this.phase === 'new' || this.phase === 'disconnected'
    invariant(isDown, 'a node has one connection at a time')
    this.phase = 'connecting'
    this.lastConnectAttempt = now
  }

  /** TCP is up: the set-up limit has done its work. */
  checking(): void {
    invariant(this.phase === 'connecting', 'API versions are asked for once a connection')
    this.phase = 'checking'
    this.resetSetup()
  }

  /**
   * Requests may go. Only now do the failures before count no more for the back-off
   * (ClusterConnectionStates.ready).
   * @throws InvariantViolation unless it was being set up
   */
  ready(): void {
    const isSetUp = this.phase === 'connecting' || this.phase === 'checking'
    invariant(isSetUp, 'a connection becomes ready once')
    this.phase = 'ready'
    this.failedAttempts = 0
    this.resetSetup()
  }

  /** Only a failure during set-up lengthens the next set-up limit; any failure the next wait. */
  disconnected(now: Micros): void {
    this.lastConnectAttempt = now
    this.reconnectWait = backoff(this.reconnect, this.failedAttempts, this.random)
    this.failedAttempts++
    if (this.phase === 'connecting') {
      this.failedSetups++
      this.setupTimeout = backoff(this.setup, this.failedSetups, this.random)
    } else {
      this.resetSetup()
    }
    this.phase = 'disconnected'
  }

  private resetSetup(): void {
    this.failedSetups = 0
    this.setupTimeout = backoff(this.setup, 0, this.random)
  }
}
