import { rackAwareSelector } from '../../../../src/kafka/partition/replica-selector.ts'
import { compare, type JsonObject, type Outcome } from '../compare.ts'
import { num, objects, strOr } from '../fields.ts'

/** One select(). */
export function replayFollowerFetchSelect(goldenCase: JsonObject): Outcome {
  const replicas = objects(goldenCase, 'replicas').map((replica) => ({
    id: num(replica, 'id'),
    rack: strOr(replica, 'rack', null),
    logEndOffset: num(replica, 'logEndOffset'),
    timeSinceLastCaughtUp: num(replica, 'timeSinceLastCaughtUpMs'),
  }))
  const rack = strOr(goldenCase, 'clientRack', null)
  const chosen = rackAwareSelector(rack, num(goldenCase, 'leader'), replicas)
  return compare('chosen', goldenCase.chosen ?? null, chosen)
}
