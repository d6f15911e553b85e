import { LeaderEpochCache } from '../../../../src/kafka/log/leader-epoch-cache.ts'
import { compare, type Json, type JsonObject, type Outcome } from '../compare.ts'
import { MalformedVector, num, numOr, objects, str } from '../fields.ts'

/** One cache, its operations in order. */
export function replayLeaderEpochCache(goldenCase: JsonObject): Outcome {
  const cache = new LeaderEpochCache()
  for (const [i, op] of objects(goldenCase, 'ops').entries()) {
    const path = `ops[${i}] ${str(op, 'op')}`
    const answer = ask(cache, op)
    if (answer !== undefined) {
      const difference = compare(`${path}.gives`, op.gives ?? null, answer)
      if (difference !== null) return difference
      continue
    }
    const difference =
      compare(`${path}.throws`, op.throws !== undefined, !change(cache, op)) ??
      compare(`${path}.entries`, op.entries ?? null, cache.entries())
    if (difference !== null) return difference
  }
  return null
}

/** The answer to a question, undefined where the operation is a change. */
function ask(cache: LeaderEpochCache, op: JsonObject): Json | undefined {
  switch (str(op, 'op')) {
    case 'endOffsetFor': {
      const end = cache.endOffsetFor(num(op, 'epoch'), num(op, 'logEndOffset'))
      return [end.epoch, end.endOffset]
    }
    case 'latestEpoch':
      return cache.latestEpoch() ?? null
    case 'earliestEpoch':
      return cache.earliestEpoch() ?? null
    case 'previousEpoch':
    case 'previousEpochOf':
      return cache.previousEpoch(numOr(op, 'epoch', undefined)) ?? null
    case 'nextEpoch':
    case 'nextEpochOf':
      return cache.nextEpoch(num(op, 'epoch')) ?? null
    case 'epochForOffset':
      return cache.epochForOffset(num(op, 'offset')) ?? null
    default:
      return undefined
  }
}

/** @returns false where the class refused the change by throwing */
function change(cache: LeaderEpochCache, op: JsonObject): boolean {
  const kind = str(op, 'op')
  const [epoch, startOffset] = [numOr(op, 'epoch', 0), numOr(op, 'startOffset', 0)]
  const endOffset = numOr(op, 'endOffset', 0)
  try {
    if (kind === 'assign') cache.assign(epoch, startOffset)
    else if (kind === 'truncateFromEnd') cache.truncateFromEnd(endOffset)
    else if (kind === 'truncateFromStart') cache.truncateFromStart(startOffset)
    else if (kind === 'clear') cache.clear()
    else throw new MalformedVector(`unknown op '${kind}'`)
    return true
  } catch (error) {
    if (error instanceof MalformedVector) throw error
    return false
  }
}
