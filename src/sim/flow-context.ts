import type { Host } from './host.ts'
import type { Link } from './link.ts'
import type { RuleBook } from './rule.ts'
import type { HandlerId, Scheduler } from './scheduler.ts'
import type { CongestionControl } from './send-window.ts'

/** What a flow needs of the network that it is part of. */
export interface FlowContext {
  readonly scheduler: Scheduler
  readonly rules: RuleBook
  readonly congestionControl: CongestionControl
  /** (receiving socket id, bytes, message) */
  readonly arriveHandler: HandlerId<unknown>
  /** (sending socket id) */
  readonly pumpHandler: HandlerId
  /** (sending socket id) */
  readonly retryHandler: HandlerId
}

/** The two ends of a flow and the buffers between them. */
export interface FlowEnds {
  readonly from: Host
  readonly to: Host
  readonly senderId: number
  readonly receiverId: number
  readonly link: Link
  readonly reverse: Link
  /** The smaller of send and receive buffer. */
  readonly windowMax: number
}
