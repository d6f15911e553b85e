import type { JsonObject, Outcome, Replay } from './compare.ts'
import { MalformedVector, str } from './fields.ts'
import { replayAssignor } from './replays/assignors.ts'
import { replayFollowerFetchSelect } from './replays/follower-fetch-select.ts'
import { replayLeaderEpochCache } from './replays/leader-epoch-cache.ts'
import { replayCheckpoints } from './replays/mm2-checkpoints.ts'
import { replayNaming } from './replays/mm2-naming.ts'
import { replayOffsetSyncStore } from './replays/mm2-offset-sync-store.ts'
import { replayPartitionState } from './replays/mm2-partition-state.ts'
import { replayReleaseHistory } from './replays/mm2-release-history.ts'
import { replayPartitionChange } from './replays/partition-change.ts'
import { replayPartitioner } from './replays/partitioner.ts'
import { replayPlacement } from './replays/placement.ts'
import { replayProducerState } from './replays/producer-state.ts'
import { replayRaft } from './replays/raft-highwatermark.ts'
import { replayRecordBatch } from './replays/record-batches.ts'
import { replayReplicationControl } from './replays/replication-control.ts'

/** Cases of several subjects in one file: each is read as the file that it names. */
function replayEdge(goldenCase: JsonObject): Outcome {
  const subject = `${str(goldenCase, 'subject')}.json`
  const replay = subject === EDGES ? undefined : replays[subject]
  if (replay === undefined) throw new MalformedVector(`unknown subject '${subject}'`)
  return replay(goldenCase)
}

const EDGES = 'edges.json'

/** Which replay reads which vector file; a file without one is not modelled yet. */
export const replays: Readonly<Record<string, Replay>> = {
  [EDGES]: replayEdge,
  'follower-fetch-select.json': replayFollowerFetchSelect,
  'group-assignors.json': replayAssignor,
  'leader-epoch-cache.json': replayLeaderEpochCache,
  'mm2-checkpoints.json': replayCheckpoints,
  'mm2-naming.json': replayNaming,
  'mm2-offset-sync-store.json': replayOffsetSyncStore,
  'mm2-partition-state.json': replayPartitionState,
  'mm2-release-history.json': replayReleaseHistory,
  'partition-change.json': replayPartitionChange,
  'partitioner-assignors.json': replayPartitioner,
  'placement.json': replayPlacement,
  'producer-state.json': replayProducerState,
  'raft-highwatermark.json': replayRaft,
  'record-batches.json': replayRecordBatch,
  'replication-control-order.json': replayReplicationControl,
  'replication-control.json': replayReplicationControl,
}
