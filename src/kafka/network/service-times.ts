// Models: the broker's own time for a request, before it acts and before its answer leaves.
// Leaves out: thread pools and their queues (num.io.threads), garbage collection.
// Source: measured on Kafka 4.1.0 (latency by RTT, acks and load).

import type { Request } from '../messages.ts'

export interface ServiceTime {
  /** From the request in the socket to the handler. */
  readonly receiveMicros: number
  /** From the finished response to the socket. */
  readonly respondMicros: number
}

export interface ServiceTimes {
  readonly byApi: Readonly<Partial<Record<Request['api'], ServiceTime>>>
  readonly other: ServiceTime
  /** Each time varies evenly by this share either way. */
  readonly jitterPercent: number
  /**
   * A new process is slow until its code is compiled: each time is 1 + x as long, x drawn anew for
   * each process from an exponential with this mean (percent) and fading with the requests served.
   */
  readonly coldPercentMean: number
}

/** Requests after which the slowness of a new process has faded to a third. */
export const WARM_UP_REQUESTS = 700

/**
 * Together with the client's 1.4 ms: acks=1 beside the leader takes about 2.4 ms, acks=all one
 * record at a time the round trip + 5.4 ms, and a busy connection's cycle the round trip + 3.6 ms.
 */
export const SERVICE_TIMES: ServiceTimes = {
  byApi: {
    Produce: { receiveMicros: 300, respondMicros: 300 },
    Fetch: { receiveMicros: 1_000, respondMicros: 1_000 },
  },
  other: { receiveMicros: 300, respondMicros: 200 },
  jitterPercent: 30,
  coldPercentMean: 0,
}
