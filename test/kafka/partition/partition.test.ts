import { describe, expect, test } from 'vitest'
import { appendToLeader } from '../../../src/kafka/partition/produce-append.ts'
import { produced } from '../log/batches.ts'
import { Bench, registration } from './bench.ts'

describe('metadata (cases of BrokerAppliesMetadata)', () => {
  test('each step of a reign has its name', () => {
    const { partition } = new Bench().replica(1)
    const apply = (leader: number, leaderEpoch: number, partitionEpoch: number) =>
      partition.apply(registration({ leader, leaderEpoch, partitionEpoch }))
    expect(apply(1, 0, 0)).toBe('BECOME_LEADER')
    expect(apply(1, 0, 1)).toBe('REMAIN_LEADER')
    expect(apply(1, 1, 2)).toBe('LEADER_NEW_EPOCH')
    expect(apply(2, 2, 3)).toBe('LEADER_TO_FOLLOWER')
    expect(apply(2, 2, 4)).toBe('REMAIN_FOLLOWER')
    expect(apply(3, 3, 5)).toBe('BECOME_FOLLOWER')
    expect(apply(-1, 4, 6)).toBe('NO_LEADER')
    expect(apply(1, 5, 7)).toBe('BECOME_LEADER')
    expect(apply(-1, 6, 8)).toBe('LOSE_LEADERSHIP_NO_LEADER')
    expect(apply(1, 5, 7)).toBe('ALREADY_KNOWN')
  })

  test('an epoch begins at the log’s end before any record of it exists (1.3)', () => {
    const replica = new Bench().replica(1)
    replica.partition.apply(registration())
    appendToLeader(replica.partition, produced({ count: 4 }), 1)
    replica.partition.apply(registration({ leaderEpoch: 3, partitionEpoch: 1 }))
    expect(replica.log.epochs.entries()).toEqual([
      [0, 0],
      [3, 4],
    ])
    expect(replica.partition.leaderEpochStartOffset).toBe(4)
  })

  test('a change within one epoch keeps what is known of the followers', () => {
    const bench = new Bench()
    const [a, b] = [bench.replica(1), bench.replica(2)]
    for (const replica of [a, b]) replica.partition.apply(registration())
    b.fetchFrom(a)
    a.partition.apply(registration({ isr: [1, 2], partitionEpoch: 1 }))
    expect(a.partition.follower(2)?.logEndOffset).toBe(0)
  })

  test('a replica that is added is unknown, whatever is known of the others', () => {
    const bench = new Bench()
    const [a, b] = [bench.replica(1), bench.replica(2)]
    const two = registration({ replicas: [1, 2], isr: [1, 2] })
    for (const replica of [a, b]) replica.partition.apply(two)
    b.fetchFrom(a)
    a.partition.apply(registration({ isr: [1, 2], partitionEpoch: 1 }))
    const known = [2, 3].map((id) => a.partition.follower(id))
    expect(known).toMatchObject([
      { logEndOffset: 0, hasFetched: true },
      { logEndOffset: -1, hasFetched: false },
    ])
  })

  test('a mirror’s log gets its epochs from the source, none from its own elections', () => {
    const { partition, log } = new Bench().replica(1)
    partition.isMirror = true
    log.appendAsLeader(produced(), 2)
    partition.apply(registration({ leaderEpoch: 3 }))
    expect(log.epochs.entries()).toEqual([[2, 0]])
    expect(partition.leaderEpochStartOffset).toBe(1)
  })

  test('whoever watches is told who leads and who is in sync', () => {
    const replica = new Bench().replica(1)
    const told = replica.watched()
    replica.partition.apply(registration())
    replica.partition.apply(registration({ leader: 2, isr: [2, 3], leaderEpoch: 1 }))
    expect(told).toEqual(['role 1 0 0', 'isr [1 2 3] [1 2 3]', 'role 2 1 0', 'isr [2 3] [2 3]'])
  })

  test('a replica that leaves the assignment and comes back must fetch again (R15)', () => {
    const bench = new Bench()
    const [a, b] = [bench.replica(1), bench.replica(2)]
    for (const replica of [a, b]) replica.partition.apply(registration())
    b.fetchFrom(a)
    a.partition.apply(registration({ replicas: [1, 3], isr: [1, 3], partitionEpoch: 1 }))
    a.partition.apply(registration({ isr: [1, 3], partitionEpoch: 2 }))
    expect(a.partition.follower(2)?.logEndOffset).toBe(-1)
    expect(a.proposals).toHaveLength(0)
  })
})

describe('a batch that the log has already', () => {
  const batch = produced({ producerId: 7, producerEpoch: 0, baseSequence: 0, firstRecordId: 100 })

  test.each([
    ['the same records’ is no news', 100, []],
    [
      'a stranger’s of the same id, epoch and sequence is taken for it',
      500,
      ['mistaken repeat batch 0'],
    ],
  ] as const)('%s', (_, firstRecordId, expected) => {
    const replica = new Bench().replica(1)
    replica.partition.apply(registration())
    appendToLeader(replica.partition, batch, 1)
    const told = replica.watched()
    const again = appendToLeader(replica.partition, { ...batch, firstRecordId }, 1)
    expect(again.append).toMatchObject({ error: 'NONE', firstOffset: 0, batch: null })
    expect(told).toEqual(expected)
  })
})
