// Models: a broker's registration, heartbeats and controlled shutdown.
// Leaves out: offline log directories, features, SIGKILL by the operator's supervisor.
// Source: kafka.server.BrokerLifecycleManager; KIP-631, KAFKA-19294.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, MS, SECOND } from '../../sim/time.ts'
import type { BrokerEpoch, MetadataOffset, NodeId } from '../ids.ts'
import type {
  BrokerHeartbeatResponse,
  BrokerRegistrationResponse,
  Request,
  Response,
} from '../messages.ts'
import type { RpcCaller } from '../network/rpc.ts'
import type { ControllerChannel } from './controller-channel.ts'

export type BrokerLifecycleState =
  | 'not-running'
  | 'starting'
  | 'recovery'
  | 'running'
  | 'pending-controlled-shutdown'
  | 'shutting-down'

export interface LifecycleConfig {
  readonly brokerId: NodeId
  readonly rack: string | null
  /** Of this process; retries carry the same. */
  readonly incarnation: number
  /** broker.heartbeat.interval.ms: from a response to the next heartbeat. */
  readonly heartbeatIntervalMs: number
  /** broker.session.timeout.ms: here only the longest back-off. */
  readonly sessionTimeoutMs: number
  /** Guard of that name: a failed request is followed like an answered one, without a back-off. */
  readonly heartbeatRetriedEveryInterval: boolean
  /** initial.broker.registration.timeout.ms */
  readonly initialRegistrationTimeoutMs: number
}

/** What the broker around the manager does at the turns of its life. */
export interface LifecycleHooks {
  /** Offset of the last metadata record that this broker has replayed. */
  metadataOffset(): MetadataOffset
  /** Metadata is there up to the own registration: logs may be loaded and recovered. */
  onCaughtUp(): void
  onUnfenced(): void
  /** The controlled shutdown is granted, was pointless, or took too long: the process may end. */
  onShutdownGranted(): void
  /** No controller took the registration in time: the process ends. */
  onRegistrationTimeout(): void
}

const BACKOFF_INITIAL: Micros = 100 * MS
const BACKOFF_JITTER_PERCENT = 2
/** While starting, heartbeats follow one another quickly. */
const STARTING_INTERVAL: Micros = 10 * MS
/** The second heartbeat of a controlled shutdown comes early, in case that is already over. */
const FIRST_SHUTDOWN_INTERVAL: Micros = 50 * MS
/**
 * KafkaBroker.shutdown: so long a stopping broker waits to be let go. Then it goes all the same, in
 * order: without a controller its leaderships stay where they are, but its next process is clean.
 */
const SHUTDOWN_WAIT_MAX: Micros = 300 * SECOND

/** One request in flight at a time. A broker never fences itself, however long nobody answers. */
export class BrokerLifecycleManager implements RpcCaller, Checked {
  state: BrokerLifecycleState = 'not-running'
  /** -1 until registered. */
  brokerEpoch: BrokerEpoch = -1
  /** As the controller last said; true before it said anything. */
  isFenced = true
  readonly #config: LifecycleConfig
  readonly #channel: ControllerChannel
  readonly #hooks: LifecycleHooks
  readonly #random: Random
  readonly #timer: Timer
  readonly #registrationTimer: Timer
  readonly #shutdownTimer: Timer
  /** Sent with every registration of this process, so that a retry proves the same. */
  #previousBrokerEpoch: BrokerEpoch = -1
  /** wantFence of a heartbeat is its opposite: true from the end of recovery on, for good. */
  #readyToUnfence = false
  /** A registration or a heartbeat is out. */
  #inFlight = false
  /** Something happened while a request was in flight: the next one goes at once. */
  #nextIsImmediate = false
  /** The first answer in a controlled shutdown has come: from now on there is no hurry. */
  #gotShutdownResponse = false
  /** Failures in a row, which double the back-off of releases before 4.1. */
  #failures = 0

  constructor(
    config: LifecycleConfig,
    context: ProcessContext,
    channel: ControllerChannel,
    hooks: LifecycleHooks,
  ) {
    this.#config = config
    this.#channel = channel
    this.#hooks = hooks
    this.#random = context.random('lifecycle-manager')
    this.#timer = context.timer(() => this.#communicate())
    this.#registrationTimer = context.timer(() => this.#onRegistrationTimeout())
    this.#shutdownTimer = context.timer(() => this.#beginShutdown())
  }

  /** Begins to register. `previousBrokerEpoch` is that of the clean-shutdown marker, -1 without. */
  start(previousBrokerEpoch: BrokerEpoch): void {
    invariant(this.state === 'not-running', 'a broker starts once', { state: this.state })
    this.state = 'starting'
    this.#previousBrokerEpoch = previousBrokerEpoch
    this.#registrationTimer.arm(this.#config.initialRegistrationTimeoutMs * MS)
    this.#communicateSoon()
  }

  /** The logs are recovered: the next heartbeat, sent at once, asks to be unfenced. */
  setReadyToUnfence(): void {
    this.#readyToUnfence = true
    this.#communicateSoon()
  }

  /** SIGTERM. A broker that never ran has nothing to hand over. */
  beginControlledShutdown(): void {
    switch (this.state) {
      case 'pending-controlled-shutdown':
        return
      case 'running':
        this.state = 'pending-controlled-shutdown'
        this.#shutdownTimer.arm(SHUTDOWN_WAIT_MAX)
        this.#communicateSoon()
        return
      default:
        this.#beginShutdown()
    }
  }

  /**
   * Registers again, beats again or goes on with its life. Null and errors come after a back-off.
   */
  onReply(_: Request, response: Response | null): void {
    invariant(this.#inFlight, 'an answer belongs to a request', { api: response?.api })
    this.#inFlight = false
    if (this.state === 'shutting-down') return
    switch (response?.api) {
      case 'BrokerRegistration':
        this.#onRegistration(response)
        return
      case 'BrokerHeartbeat':
        this.#onHeartbeat(response)
        return
      default:
        this.#scheduleAfterFailure()
    }
  }

  /** Until it is registered it registers; a broker epoch once given is never asked for anew. */
  #communicate(): void {
    if (this.#inFlight) {
      this.#nextIsImmediate = true
      return
    }
    this.#inFlight = true
    const { brokerId, incarnation, rack } = this.#config
    const previousBrokerEpoch = this.#previousBrokerEpoch
    const request: Request =
      this.brokerEpoch < 0
        ? { api: 'BrokerRegistration', brokerId, incarnation, rack, previousBrokerEpoch }
        : {
            api: 'BrokerHeartbeat',
            brokerId,
            brokerEpoch: this.brokerEpoch,
            currentMetadataOffset: this.#hooks.metadataOffset(),
            wantFence: !this.#readyToUnfence,
            wantShutDown: this.state === 'pending-controlled-shutdown',
          }
    this.#channel.send(request, this)
  }

  /** DUPLICATE_BROKER_REGISTRATION too is tried again: the old process's session ends some time. */
  #onRegistration({ error, brokerEpoch }: BrokerRegistrationResponse): void {
    if (error !== 'NONE') {
      this.#scheduleAfterFailure()
      return
    }
    this.#failures = 0
    this.brokerEpoch = brokerEpoch
    this.#registrationTimer.cancel()
    this.#schedule(0)
  }

  /** An error, even STALE_BROKER_EPOCH, only leads to another try: a zombie stays one. */
  #onHeartbeat(response: BrokerHeartbeatResponse): void {
    if (response.error !== 'NONE') {
      this.#scheduleAfterFailure()
      return
    }
    this.#failures = 0
    this.isFenced = response.isFenced
    switch (this.state) {
      case 'starting':
        if (response.isCaughtUp) {
          this.state = 'recovery'
          this.#hooks.onCaughtUp()
        }
        this.#schedule(STARTING_INTERVAL)
        return
      // Fenced and following: it catches up while the controller keeps it out of elections.
      case 'recovery':
        if (!response.isFenced) {
          this.state = 'running'
          this.#hooks.onUnfenced()
        }
        this.#scheduleAfterSuccess()
        return
      case 'pending-controlled-shutdown':
        this.#onShutdownResponse(response.shouldShutDown)
        return
      default:
        this.#scheduleAfterSuccess()
    }
  }

  #onShutdownResponse(shouldShutDown: boolean): void {
    if (shouldShutDown) {
      this.#beginShutdown()
      return
    }
    const isFirst = !this.#gotShutdownResponse
    this.#gotShutdownResponse = true
    if (isFirst) this.#schedule(FIRST_SHUTDOWN_INTERVAL)
    else this.#scheduleAfterSuccess()
  }

  #beginShutdown(): void {
    if (this.state === 'shutting-down') return
    this.state = 'shutting-down'
    this.#timer.cancel()
    this.#registrationTimer.cancel()
    this.#shutdownTimer.cancel()
    this.#hooks.onShutdownGranted()
  }

  #onRegistrationTimeout(): void {
    this.state = 'shutting-down'
    this.#timer.cancel()
    this.#hooks.onRegistrationTimeout()
  }

  /** Who lives has a request out or will send one. @throws InvariantViolation */
  assertWhole(): void {
    const { state, brokerEpoch, isFenced } = this
    const isUnfenced = state === 'running' || !isFenced
    invariant(!isUnfenced || brokerEpoch >= 0, 'who is unfenced is registered', { state })
    const ends = state === 'not-running' || state === 'shutting-down'
    const isSilent = !this.#timer.armed && !this.#inFlight
    invariant(ends || !isSilent, 'a broker lets the controller hear of it', { state })
  }

  #communicateSoon(): void {
    if (this.#inFlight) this.#nextIsImmediate = true
    else this.#schedule(0)
  }

  #scheduleAfterSuccess(): void {
    this.#schedule(this.#config.heartbeatIntervalMs * MS)
  }

  /** Never at once, whatever happened meanwhile. */
  #scheduleAfterFailure(): void {
    this.#nextIsImmediate = false
    if (this.#config.heartbeatRetriedEveryInterval) this.#scheduleAfterSuccess()
    else this.#schedule(this.#backoff())
  }

  #backoff(): Micros {
    const max = this.#config.sessionTimeoutMs * MS
    const base = Math.min(max, BACKOFF_INITIAL * (1 << Math.min(30, this.#failures++)))
    const percent = 100 + this.#random.int(-BACKOFF_JITTER_PERCENT, BACKOFF_JITTER_PERCENT)
    return Math.floor((base * percent) / 100)
  }

  #schedule(delay: Micros): void {
    if (this.state === 'shutting-down') return
    this.#timer.arm(this.#nextIsImmediate ? 0 : delay)
    this.#nextIsImmediate = false
  }
}
