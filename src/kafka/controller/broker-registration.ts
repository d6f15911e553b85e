// Models: a broker as the metadata knows it; immutable, the same in the controller and every image.
// Leaves out: endpoints, supported features, log directories.
// Source: org.apache.kafka.metadata.BrokerRegistration.

import type { BrokerEpoch, NodeId } from '../ids.ts'
import type { BrokerRegistrationChangeRecord, RegisterBrokerRecord } from '../metadata/records.ts'

export interface BrokerRegistration {
  readonly id: NodeId
  /** Given with the registration and rising with each: it tells one process from the next. */
  readonly epoch: BrokerEpoch
  /** A process's own name for itself; a retry of its registration carries the same. */
  readonly incarnation: number
  readonly rack: string | null
  /** True from the registration until a heartbeat says that it has caught up. */
  readonly fenced: boolean
  /** Stays set when the broker is fenced at the end of its shutdown. */
  readonly inControlledShutdown: boolean
}

/** What a registration record makes of a broker, whatever it was before. */
export function brokerRegistrationOf(record: RegisterBrokerRecord): BrokerRegistration {
  const { brokerId, brokerEpoch, incarnation, rack, fenced, inControlledShutdown } = record
  return { id: brokerId, epoch: brokerEpoch, incarnation, rack, fenced, inControlledShutdown }
}

/** A broker after a change record: absent fields stay, epoch and incarnation always do. */
export function mergeBrokerChange(
  before: BrokerRegistration,
  change: BrokerRegistrationChangeRecord,
): BrokerRegistration {
  return {
    ...before,
    fenced: change.fenced ?? before.fenced,
    inControlledShutdown: change.inControlledShutdown ?? before.inControlledShutdown,
  }
}
