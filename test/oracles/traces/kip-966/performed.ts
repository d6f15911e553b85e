import type { FetchOutcome } from '../../../../src/kafka/broker/replica-fetcher.ts'
import type { Shown } from './messages.ts'

/** What a step did beside the state that it left. */
export interface Performed {
  readonly sent: readonly Shown[]
  /** What a fetcher says that it did with a response; null where that is not compared. */
  readonly outcome: FetchOutcome | null
  /** Messages that a stop took off the wire. */
  readonly dropped: readonly number[]
  /** The rule by which the trace may do otherwise than Kafka; it has been followed. */
  readonly explanation: string | null
}

export const NOTHING: Performed = { sent: [], outcome: null, dropped: [], explanation: null }
