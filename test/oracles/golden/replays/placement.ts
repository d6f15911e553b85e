import {
  type Placement,
  type PlacementRandom,
  placeReplicas,
  type UsableBroker,
} from '../../../../src/kafka/controller/replica-placer.ts'
import { compare, compareAnswer, type JsonObject, type Outcome } from '../compare.ts'
import { flag, list, num, numbersOf, objects, strOr } from '../fields.ts'

/** One topic, placed with the recorded draws. */
export function replayPlacement(goldenCase: JsonObject): Outcome {
  const brokers = objects(goldenCase, 'brokers').map((broker) => ({
    id: num(broker, 'id'),
    rack: strOr(broker, 'rack', null),
    fenced: flag(broker, 'fenced'),
  }))
  const random = new RecordedDraws(goldenCase)
  const [partitions, replicas] = [num(goldenCase, 'partitions'), num(goldenCase, 'replicas')]
  const placement = placeReplicas(brokers, partitions, replicas, random)
  const refused = compare('throws', goldenCase.throws ?? null, exceptionOf(placement))
  if (refused !== null || placement.error !== 'NONE') return refused
  const assignment = placement.assignments.map((ids) => [...ids])
  const counts = countsOf(placement.assignments, brokers)
  const answer = { assignment, ...counts, draws: random.asked }
  return compareAnswer('case', goldenCase, answer, Object.keys(answer))
}

function exceptionOf(placement: Placement): string | null {
  if (placement.error === 'NONE') return null
  return placement.error === 'INVALID_REPLICATION_FACTOR'
    ? 'InvalidReplicationFactorException'
    : placement.error
}

/** Gives the recorded draws in order, zeros beyond them, and notes what was asked. */
class RecordedDraws implements PlacementRandom {
  readonly asked: number[][] = []
  readonly #values: number[]

  constructor(goldenCase: JsonObject) {
    const draws = goldenCase.draws === undefined ? [] : list(goldenCase, 'draws')
    this.#values = draws.map((draw) => numbersOf(draw)?.[1] ?? 0)
  }

  nextInt(bound: number): number {
    const value = this.#values[this.asked.length] ?? 0
    this.asked.push([bound, value])
    return value
  }
}

/** What can be compared without the draws. */
function countsOf(
  assignments: readonly (readonly number[])[],
  brokers: readonly UsableBroker[],
): JsonObject {
  const rackOf = new Map(brokers.map((broker) => [broker.id, broker.rack]))
  const fenced = brokers.filter((broker) => broker.fenced).map((broker) => broker.id)
  const inRacks = assignments.map((ids) => countBy(ids.map((id) => rackOf.get(id) ?? null)))
  return {
    firstReplicaCount: Object.fromEntries(countBy(assignments.map((ids) => ids[0] ?? -1))),
    replicaCount: Object.fromEntries(countBy(assignments.flat())),
    mostReplicasInOneRack: Math.max(0, ...inRacks.flatMap((counts) => [...counts.values()])),
    fewestRacks: Math.min(...inRacks.map((counts) => counts.size)),
    fencedFirst: assignments.some((ids) => fenced.includes(ids[0] ?? -1)),
  }
}

function countBy<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}
