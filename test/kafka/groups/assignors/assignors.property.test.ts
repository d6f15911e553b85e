import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GroupAssignment } from '../../../../src/kafka/groups/assignors/assignor.ts'
import {
  CLIENT_ASSIGNORS,
  SERVER_ASSIGNORS,
} from '../../../../src/kafka/groups/assignors/assignors.ts'
import { converged, type Group, groups, ownership } from './groups.ts'

const EVERY = [...CLIENT_ASSIGNORS, ...SERVER_ASSIGNORS]
const STICKY = EVERY.filter(({ name }) => /sticky|uniform/.test(name))
const RUNS = { numRuns: 150 }

/** Every partition of a subscribed topic, by index, with its topic. */
function subscribed({ members, topics }: Group): Map<number, string> {
  const wanted = new Set([...members.values()].flatMap((member) => member.topics))
  const all = new Map<number, string>()
  for (const [topic, partitions] of topics) {
    if (wanted.has(topic)) for (const { index } of partitions) all.set(index, topic)
  }
  return all
}

/** Owners of each partition that an assignment names. */
function ownersIn(assignment: GroupAssignment): Map<number, string[]> {
  const owners = new Map<number, string[]>()
  for (const [id, partitions] of assignment) {
    for (const index of partitions) owners.set(index, [...(owners.get(index) ?? []), id])
  }
  return owners
}

function loads({ members }: Group): number[] {
  return [...members.values()].map(({ ownedPartitions }) => ownedPartitions.length)
}

/** Members joined and left: about a third is new, and a third of the old ones is gone. */
function changed(group: Group): Group {
  const members = new Map([...group.members].filter((_, i) => i % 3 !== 1))
  const [first] = group.members.values()
  const newcomer = { topics: first?.topics ?? [], instance: '', rack: first?.rack ?? '' }
  for (const id of ['new-1', 'new-2']) {
    members.set(id, { ...newcomer, ownedPartitions: [], generation: -1 })
  }
  return { ...group, members }
}

describe.each(
  EVERY.map((assignor) => [`${assignor.protocol} ${assignor.name}`, assignor] as const),
)('%s', (_, assignor) => {
  it.each(['equal', 'mixed'] as const)(
    'gives each partition to exactly one member that wants it, of %s subscriptions',
    (kind) => {
      fc.assert(
        fc.property(groups(kind), (group) => {
          const assignment = assignor.assign(group.members, group.topics)
          const owners = ownersIn(assignment)
          const all = subscribed(group)
          expect([...assignment.keys()].sort()).toEqual([...group.members.keys()].sort())
          expect(owners.size).toBe(all.size)
          for (const [index, topic] of all) {
            const [owner, other] = owners.get(index) ?? []
            expect(other).toBeUndefined()
            expect(group.members.get(owner ?? '')?.topics).toContain(topic)
          }
        }),
        RUNS,
      )
    },
  )

  it('gives the same answer to the same question', () => {
    fc.assert(
      fc.property(groups('mixed'), (group) => {
        const [first, second] = [1, 2].map(() => assignor.assign(group.members, group.topics))
        expect(second).toEqual(first)
      }),
      RUNS,
    )
  })
})

describe.each(
  STICKY.map((assignor) => [`${assignor.protocol} ${assignor.name}`, assignor] as const),
)('%s', (_, assignor) => {
  it('differs by one partition at most where all want the same topics', () => {
    fc.assert(
      fc.property(groups('equal'), (group) => {
        const counts = loads(converged(group, assignor))
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
      RUNS,
    )
  })

  it.each(['equal', 'mixed'] as const)('moves nothing when nothing changes (%s)', (kind) => {
    fc.assert(
      fc.property(groups(kind), (drawn) => {
        // With racks and mixed subscriptions Kafka's own sticky may never come to rest.
        const group = kind === 'mixed' ? withoutRacks(drawn) : drawn
        const settledOnce = converged(group, assignor)
        expect(ownership(converged(settledOnce, assignor))).toBe(ownership(settledOnce))
      }),
      RUNS,
    )
  })

  it('takes from no more members than it must when one leaves', () => {
    fc.assert(
      fc.property(groups('equal'), (drawn) => {
        // Racks may move a partition that balance alone would leave where it is.
        const group = withoutRacks(drawn)
        const before = converged(group, assignor)
        const members = new Map([...before.members].slice(1))
        fc.pre(members.size > 0)
        const after = converged({ ...before, members }, assignor)
        for (const [id, { ownedPartitions }] of members) {
          const now = new Set(after.members.get(id)?.ownedPartitions)
          expect(ownedPartitions.every((index) => now.has(index))).toBe(true)
        }
      }),
      RUNS,
    )
  })
})

describe('cooperative-sticky', () => {
  const assignor = CLIENT_ASSIGNORS.find(({ name }) => name === 'cooperative-sticky')

  it.each(['equal', 'mixed'] as const)(
    'never gives a member what another still owns (%s), and hands it over a round later',
    (kind) => {
      if (assignor === undefined) throw new Error('no cooperative-sticky')
      let moves = 0
      fc.assert(
        fc.property(groups(kind).map(withoutRacks), (drawn) => {
          const group = changed(converged(drawn, assignor))
          const first = ownersIn(assignor.assign(group.members, group.topics))
          for (const [id, { ownedPartitions }] of group.members) {
            for (const index of ownedPartitions) {
              expect(first.get(index) ?? [id]).toEqual([id])
              if (!first.has(index)) moves++
            }
          }
          const after = [...converged(group, assignor).members.values()]
          const owned = after.flatMap((member) => member.ownedPartitions)
          expect(owned.sort((a, b) => a - b)).toEqual([...subscribed(group).keys()])
        }),
        RUNS,
      )
      expect(moves).toBeGreaterThan(RUNS.numRuns)
    },
  )
})

function withoutRacks(group: Group): Group {
  return {
    ...group,
    members: new Map([...group.members].map(([id, member]) => [id, { ...member, rack: '' }])),
  }
}
