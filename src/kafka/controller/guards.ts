// Models: which of the release's named guards the controller obeys.
// Leaves out: guards of brokers and of the quorum.
// Source: the JIRA and KIP of each guard stand in version.ts.

import type { Guards } from '../version.ts'

/** Any `Guards` will do; these are the ones that are read. */
export type ControllerGuards = Pick<
  Guards,
  | 'elr'
  | 'uncleanReplicaLeavesElr'
  | 'lastKnownLeaderMustBeActive'
  | 'bumpLeaderEpochOnIsrShrink'
  | 'fencedReplicaBarredFromIsr'
  | 'brokerEpochOnIsrAdd'
  | 'duplicateRegistrationAfterControlledShutdown'
  | 'sessionsRestartAtActivation'
  | 'staleCheckEveryEighth'
>
