import { CheckpointStore } from '../../../../src/mirror/mirror-maker2/checkpoint-store.ts'
import { groupOffsetsToSync } from '../../../../src/mirror/mirror-maker2/group-offset-sync.ts'
import { mm2GuardsFor } from '../../../../src/mirror/mirror-maker2/guards.ts'
import { OffsetSyncStore } from '../../../../src/mirror/mirror-maker2/offset-sync-store.ts'
import { compare, type Difference, type Json, type JsonObject, type Outcome } from '../compare.ts'
import { list, MalformedVector, num, objects, str } from '../fields.ts'

const GROUP = 'g'

/** One checkpoint task with one group, its operations in order. */
export function replayCheckpoints(goldenCase: JsonObject): Outcome {
  const guards = mm2GuardsFor('4.1.0')
  const syncs = new OffsetSyncStore(guards, false)
  syncs.loaded()
  const checkpoints = new CheckpointStore(guards)
  for (const [i, op] of objects(goldenCase, 'ops').entries()) {
    const difference = run(op, `ops[${i}] ${str(op, 'op')}`, syncs, checkpoints)
    if (difference !== null) return difference
  }
  return null
}

function run(
  op: JsonObject,
  path: string,
  syncs: OffsetSyncStore,
  checkpoints: CheckpointStore,
): Difference | null {
  switch (str(op, 'op')) {
    case 'sync': {
      const [upstream, downstream] = [num(op, 'up'), num(op, 'down')]
      syncs.handle({ partition: num(op, 'partition'), upstream, downstream })
      return null
    }
    case 'round': {
      const committed = new Map(pairs(op, 'committed').map(([at, offset]) => [at, offset ?? -1]))
      const emitted = checkpoints.update(GROUP, committed, syncs)
      const inWords = emitted.map((one) => [one.partition, one.upstream, one.downstream])
      return compare(`${path}.emitted`, op.emitted ?? null, byPartition(inWords))
    }
    case 'groupSync': {
      const idle = op.idle === null ? null : new Map(pairs(op, 'idle'))
      const written = groupOffsetsToSync(checkpoints.of(GROUP).values(), idle)
      return compare(`${path}.written`, op.written ?? null, byPartition([...written]))
    }
    default:
      throw new MalformedVector(`unknown op '${str(op, 'op')}'`)
  }
}

function pairs(op: JsonObject, key: string): [number, number | null][] {
  return list(op, key).map((pair) => {
    const [partition, offset] = Array.isArray(pair) ? pair : []
    if (typeof partition !== 'number' || (typeof offset !== 'number' && offset !== null)) {
      throw new MalformedVector(`field '${key}' should be a list of pairs`)
    }
    return [partition, offset]
  })
}

function byPartition(rows: number[][]): Json {
  return rows.sort(([a = 0], [b = 0]) => a - b)
}
