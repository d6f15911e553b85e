import type { Replay } from './compare.ts'
import { replayLeaderEpochCache } from './replays/leader-epoch-cache.ts'
import { replayPartitionChange } from './replays/partition-change.ts'

/** Which replay reads which vector file; a file without one is not modelled yet. */
export const replays: Readonly<Record<string, Replay>> = {
  'leader-epoch-cache.json': replayLeaderEpochCache,
  'partition-change.json': replayPartitionChange,
}
