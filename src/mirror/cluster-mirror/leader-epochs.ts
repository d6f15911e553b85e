// Models: how far a mirror's leader epoch stays above its source's.
// Leaves out: EPOCH_FENCING as a state that is shown: a partition that waits for its epoch does not
// fetch, and that is all. So with ULE_RECOVERY and PAUSING, which are passed through.
// Source: KIP-1279 and its implementation of 2026 (MirrorMetadataManager: a threshold of 3, an
// increment of 10, and an epoch that must be above the sum; validateLeaderEpoch).

import type { EpochRule } from '../cluster-link/link-config.ts'

/** Asked for while the source's epoch is still so far below: fetches need not wait for it. */
const BUMP_THRESHOLD = 3
/** So that elections at the source do not ask for it one by one. */
const BUMP_INCREMENT = 10

/**
 * Batches keep the epochs that the source gave them. One above the mirror's own would have readers
 * ask for a newer epoch of the topic than there is, so the mirror's is kept ahead.
 */
export const MIRROR_EPOCHS: EpochRule = { lead: BUMP_THRESHOLD, raise: BUMP_INCREMENT + 1 }
