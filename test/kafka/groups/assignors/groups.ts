import fc from 'fast-check'
import type {
  AssignablePartition,
  AssignedMember,
  GroupAssignment,
  PartitionAssignor,
} from '../../../../src/kafka/groups/assignors/assignor.ts'

/** A group and its topics, as an assignor is given them. */
export interface Group {
  readonly members: ReadonlyMap<string, AssignedMember>
  readonly topics: ReadonlyMap<string, readonly AssignablePartition[]>
}

const NOTHING_OWNED = { ownedPartitions: [], generation: -1, instance: '', rack: '' }

/** Topics with so many partitions each, numbered one topic after the other. */
export function topicsOf(
  sizes: Record<string, number>,
  racks: (number: number) => string[] = () => [],
): Map<string, AssignablePartition[]> {
  let index = 0
  const partitions = (size: number) =>
    Array.from({ length: size }, (_, number) => ({ index: index++, racks: racks(number) }))
  return new Map(Object.entries(sizes).map(([name, size]) => [name, partitions(size)]))
}

/** Members by id, each with what is said of it. */
export function membersOf(
  all: Record<string, Partial<AssignedMember> & Pick<AssignedMember, 'topics'>>,
): Map<string, AssignedMember> {
  return new Map(Object.entries(all).map(([id, member]) => [id, { ...NOTHING_OWNED, ...member }]))
}

/** An assignment in the words topic-number. */
export function inWords(assignment: GroupAssignment, topics: Group['topics']) {
  const names = new Map<number, string>()
  for (const [topic, partitions] of topics) {
    for (const [number, { index }] of partitions.entries()) names.set(index, `${topic}-${number}`)
  }
  return Object.fromEntries(
    [...assignment].map(([id, partitions]) => [id, partitions.map((index) => names.get(index))]),
  )
}

/** The group after it took an assignment over. */
export function settled(group: Group, assignment: GroupAssignment, generation: number): Group {
  const members = new Map<string, AssignedMember>()
  for (const [id, member] of group.members) {
    members.set(id, { ...member, ownedPartitions: assignment.get(id) ?? [], generation })
  }
  return { ...group, members }
}

/** The group after as many rounds as it takes until none moves anything. */
export function converged(group: Group, assignor: PartitionAssignor): Group {
  for (let round = 1; ; round++) {
    const next = settled(group, assignor.assign(group.members, group.topics), round)
    if (round > 1 && ownership(next) === ownership(group)) return next
    if (round > 20) throw new Error('twenty rounds, and partitions still move')
    group = next
  }
}

/** Who owns what, whatever the order. */
export function ownership({ members }: Group): string {
  return JSON.stringify(
    [...members].map(([id, { ownedPartitions }]) => [
      id,
      [...ownedPartitions].sort((a, b) => a - b),
    ]),
  )
}

const TOPICS = ['t', 'u', 'v', 'w']
const RACKS = ['a', 'b', 'c']

/** A group of up to 12 members over up to four topics. */
export function groups(subscriptions: 'equal' | 'mixed'): fc.Arbitrary<Group> {
  const size = fc.integer({ min: 1, max: 30 })
  const topics = fc.record({ t: size, u: size, v: size, w: size })
  const some = fc.subarray(TOPICS, { minLength: 1 })
  const member = fc.record({
    topics: some,
    instance: fc.constantFrom('', '', 'x'),
    rack: fc.constantFrom('', ...RACKS),
  })
  return fc
    .record({
      topics,
      shared: some,
      members: fc.array(member, { minLength: 1, maxLength: 12 }),
      racks: fc.constantFrom(0, 1, 2, 3),
    })
    .map((drawn) => {
      const near = (number: number) => RACKS.filter((_, i) => (number + i) % 3 < drawn.racks)
      const entries = drawn.members.map((one, i) => [
        `c${i}`,
        {
          topics: subscriptions === 'equal' ? drawn.shared : one.topics,
          rack: one.rack,
          instance: one.instance && `${one.instance}${i}`,
        },
      ])
      return {
        members: membersOf(Object.fromEntries(entries)),
        topics: topicsOf(drawn.topics, near),
      }
    })
}
