import { mm2GuardsFor } from '../../../../src/mirror/mirror-maker2/guards.ts'
import type { OffsetSync } from '../../../../src/mirror/mirror-maker2/offset-sync.ts'
import { OffsetSyncWriter } from '../../../../src/mirror/mirror-maker2/offset-sync-writer.ts'
import { PartitionState } from '../../../../src/mirror/mirror-maker2/partition-state.ts'
import { compare, compareAnswer, type Json, type JsonObject, type Outcome } from '../compare.ts'
import { flag, MalformedVector, num, objects, str, strOr } from '../fields.ts'

/** A partition's state or a whole writer, of release `version` (4.1.0 where none is recorded). */
export function replayPartitionState(goldenCase: JsonObject): Outcome {
  return str(goldenCase, 'kind') === 'state' ? replayState(goldenCase) : replayWriter(goldenCase)
}

function replayState(goldenCase: JsonObject): Outcome {
  const guards = mm2GuardsFor(strOr(goldenCase, 'version', '4.1.0'))
  const state = new PartitionState(num(goldenCase, 'offsetLagMax'), guards)
  for (const [i, op] of objects(goldenCase, 'ops').entries()) {
    const isDue = state.update(num(op, 'up'), num(op, 'down'))
    const difference = compare(`ops[${i}].emit`, op.emit ?? null, isDue)
    if (difference !== null) return difference
    if (isDue && flag(goldenCase, 'resetAfterEmit')) state.reset()
  }
  return null
}

function replayWriter(goldenCase: JsonObject): Outcome {
  const guards = mm2GuardsFor(strOr(goldenCase, 'version', '4.1.0'))
  const outstandingMax = num(goldenCase, 'maxOutstanding')
  const writer = new OffsetSyncWriter(guards, num(goldenCase, 'offsetLagMax'), outstandingMax)
  for (const [i, op] of objects(goldenCase, 'ops').entries()) {
    const sent = run(writer, op)
    const answer: JsonObject = {
      ...(sent === null ? {} : { sent: inWords(sent) }),
      delayed: inWords(writer.delayed),
      pending: inWords(writer.pending),
    }
    const path = `ops[${i}] ${str(op, 'op')}`
    const difference = compareAnswer(path, op, answer, ['delayed', 'pending'])
    if (difference !== null) return difference
  }
  return null
}

/** @returns what an operation sent, null where it is not one that sends */
function run(writer: OffsetSyncWriter, op: JsonObject): OffsetSync[] | null {
  switch (str(op, 'op')) {
    case 'queue':
      writer.queue(num(op, 'partition'), num(op, 'up'), num(op, 'down'))
      return null
    case 'promote':
      writer.promoteDelayed()
      return null
    case 'acked': {
      const count = Math.min(num(op, 'count'), writer.outstanding)
      for (let i = 0; i < count; i++) writer.acked()
      return null
    }
    case 'fire':
      return writer.fire()
    default:
      throw new MalformedVector(`unknown op '${str(op, 'op')}'`)
  }
}

function inWords(syncs: readonly OffsetSync[]): Json {
  return syncs.map(({ partition, upstream, downstream }) => [partition, upstream, downstream])
}
