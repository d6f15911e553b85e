import { expect, test } from 'vitest'
import type { PartitionAssignor } from '../../../../src/kafka/groups/assignors/assignor.ts'
import { cooperativeSticky } from '../../../../src/kafka/groups/assignors/cooperative-sticky.ts'
import { sticky } from '../../../../src/kafka/groups/assignors/sticky.ts'
import { type Group, inWords, membersOf, settled, topicsOf } from './groups.ts'

function assigned({ members, topics }: Group, assignor: PartitionAssignor = sticky) {
  return inWords(assignor.assign(members, topics), topics)
}

// The second example in the documentation of StickyAssignor.
const example: Group = {
  topics: topicsOf({ t0: 1, t1: 2, t2: 3 }),
  members: membersOf({
    C0: { topics: ['t0'] },
    C1: { topics: ['t0', 't1'] },
    C2: { topics: ['t0', 't1', 't2'] },
  }),
}

test('mixed subscriptions are balanced better than round robin can', () => {
  expect(assigned(example)).toEqual({
    C0: ['t0-0'],
    C1: ['t1-0', 't1-1'],
    C2: ['t2-0', 't2-1', 't2-2'],
  })
})

test('when a member leaves only its own partition moves', () => {
  const after = settled(example, sticky.assign(example.members, example.topics), 1)
  const members = new Map([...after.members].slice(1))
  expect(assigned({ ...after, members })).toEqual({
    C1: ['t1-0', 't1-1', 't0-0'],
    C2: ['t2-0', 't2-1', 't2-2'],
  })
})

test('of two claims of different generations the newer one holds', () => {
  const group: Group = {
    topics: topicsOf({ t: 2 }),
    members: membersOf({
      stale: { topics: ['t'], ownedPartitions: [0, 1], generation: 3 },
      fresh: { topics: ['t'], ownedPartitions: [1], generation: 4 },
    }),
  }
  expect(assigned(group)).toEqual({ stale: ['t-0'], fresh: ['t-1'] })
})

test('what must move goes back to who had it last, and not to who had it before', () => {
  const before = (owners: Record<string, number>): Group => ({
    topics: topicsOf({ t: 6, u: 1 }),
    members: membersOf({
      a: { topics: ['t'], ownedPartitions: [0, 1, 2, 3, 4, 5], generation: 4 },
      b: { topics: ['t'], ownedPartitions: [0], generation: owners.b ?? -1 },
      c: { topics: ['t'], ownedPartitions: [0], generation: owners.c ?? -1 },
      d: { topics: ['t', 'u'], ownedPartitions: [6], generation: 4 },
    }),
  })
  expect(assigned(before({ b: 2, c: 3 })).c).toContain('t-0')
  expect(assigned(before({ b: 3, c: 2 })).b).toContain('t-0')
})

test('what two members of one generation claim goes to neither in the first round', () => {
  const group: Group = {
    topics: topicsOf({ t: 3 }),
    members: membersOf({
      a: { topics: ['t'], ownedPartitions: [0, 1], generation: 4 },
      b: { topics: ['t'], ownedPartitions: [1, 2], generation: 4 },
    }),
  }
  expect(assigned(group, cooperativeSticky)).toEqual({ a: ['t-0'], b: ['t-2'] })
})

test('of topics in one bucket of a hash table the one owned last is read out first', () => {
  const group: Group = {
    topics: topicsOf({ d: 1, e: 1, t: 1 }),
    members: membersOf({
      a: { topics: ['d', 't'], ownedPartitions: [0, 2], generation: 1 },
      b: { topics: ['d', 'e', 't'], ownedPartitions: [1], generation: 1 },
    }),
  }
  expect(assigned(group)).toEqual({ a: ['t-0', 'd-0'], b: ['e-0'] })
})

test('an empty group gets an empty assignment, and a topic without metadata is left out', () => {
  expect(assigned({ topics: topicsOf({ t: 1 }), members: new Map() })).toEqual({})
  const group = { topics: topicsOf({ t: 1 }), members: membersOf({ a: { topics: ['t', 'x'] } }) }
  expect(assigned(group)).toEqual({ a: ['t-0'] })
})
