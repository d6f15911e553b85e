import { mm2GuardsFor } from '../../../../src/mirror/mirror-maker2/guards.ts'
import { OffsetSyncStore } from '../../../../src/mirror/mirror-maker2/offset-sync-store.ts'
import { compare, type Difference, type JsonObject, type Outcome } from '../compare.ts'
import { flag, MalformedVector, num, numOr, nums, objects, str, strOr } from '../fields.ts'

/** One store, its operations in order; `version` is the release, 4.1.0 where none is recorded. */
export function replayOffsetSyncStore(goldenCase: JsonObject): Outcome {
  const guards = mm2GuardsFor(strOr(goldenCase, 'version', '4.1.0'))
  const store = new OffsetSyncStore(guards, flag(goldenCase, 'mustReadToEnd'))
  for (const [i, op] of objects(goldenCase, 'ops').entries()) {
    const difference = run(store, op, `ops[${i}] ${str(op, 'op')}`)
    if (difference !== null) return difference
  }
  return null
}

function run(store: OffsetSyncStore, op: JsonObject, path: string): Difference | null {
  const partition = numOr(op, 'partition', 0)
  switch (str(op, 'op')) {
    case 'started':
      store.loaded()
      return null
    case 'sync': {
      store.handle({ partition, upstream: num(op, 'up'), downstream: num(op, 'down') })
      const kept = store.syncs(partition).map(({ upstream, downstream }) => [upstream, downstream])
      return compare(`${path}.kept`, op.kept ?? null, kept)
    }
    case 'translate': {
      const down = nums(op, 'up').map((upstream) => store.translate(partition, upstream))
      return compare(`${path}.down`, op.down ?? null, down)
    }
    default:
      throw new MalformedVector(`unknown op '${str(op, 'op')}'`)
  }
}
