import { expect, test } from 'vitest'
import { placeReplicas, type UsableBroker } from '../../../src/kafka/controller/replica-placer.ts'

/** A small generator of its own: draws need only be even enough. */
function draws(seed: number) {
  let state = seed
  return {
    nextInt(bound: number) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 4294967296) * bound)
    },
  }
}

function brokers(racks: readonly (string | null)[], fenced: readonly number[] = []) {
  return racks.map((rack, id): UsableBroker => ({ id, rack, fenced: fenced.includes(id) }))
}

function place(among: UsableBroker[], partitions: number, replicas: number, seed = 1) {
  const placement = placeReplicas(among, partitions, replicas, draws(seed))
  return placement.error === 'NONE' ? placement.assignments : placement.error
}

test('every partition has replicas in as many racks as it can', () => {
  for (let seed = 0; seed < 50; seed++) {
    const racks = ['a', 'a', 'b', 'b', 'c', 'c']
    for (const replicas of place(brokers(racks), 12, 3, seed)) {
      expect(new Set([...replicas].map((id) => racks[Number(id)])).size).toBe(3)
    }
  }
})

test('leaders are spread evenly', () => {
  const assignments = place(brokers(['a', 'b', 'c']), 9, 2)
  const leaders = [...assignments].map((replicas) => replicas[0])
  for (const id of [0, 1, 2]) expect(leaders.filter((leader) => leader === id)).toHaveLength(3)
})

test('a fenced broker never comes first', () => {
  for (let seed = 0; seed < 50; seed++) {
    for (const replicas of place(brokers(['a', 'b', 'c'], [1]), 6, 3, seed)) {
      expect(replicas[0]).not.toBe(1)
      expect(replicas).toContain(1)
    }
  }
})

test('more replicas than brokers, none, or only fenced brokers are refused', () => {
  const refused = 'INVALID_REPLICATION_FACTOR'
  expect(place(brokers(['a', 'b']), 1, 3)).toBe(refused)
  expect(place(brokers(['a', 'b']), 1, 0)).toBe(refused)
  expect(place(brokers(['a', 'b'], [0, 1]), 1, 1)).toBe(refused)
  expect(place([], 1, 1)).toBe(refused)
})
