import type { Micros } from './time.ts'

/** How a host's TCP decides what it may send: by losses, or by the rate that the path delivers. */
export type CongestionControl = 'cubic' | 'bbr'

/** The window that a congestion control keeps, before the limit of the buffers. */
export interface SendWindow {
  /** Bytes that may be out at a time. */
  readonly bytes: number
  /** Whether so many bytes out make the window the limit, so that it may grow. */
  isLimiting(bytesOut: number): boolean
  /** Bytes that were sent at the limit are acknowledged. */
  grow(acked: number): void
  /** Nothing was out for so long. */
  restartAfterIdle(idle: Micros, rto: Micros): void
  /** A loss was seen; by a time-out, only one segment may go out at first. */
  collapse(byTimeout: boolean): void
  /** A queue on the way overflowed; called at most once a round trip. */
  yieldToQueue(): void
}
