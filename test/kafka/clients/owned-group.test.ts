import { describe, expect, it } from 'vitest'
import { OwnedGroup, type Owner } from './owned-group.ts'

const offset = (rig: OwnedGroup, number: number, at: number) => {
  return { partition: rig.partition(number), offset: at, leaderEpoch: -1 }
}

/** Two members, of which the second comes when the first has everything. */
function pair(rig: OwnedGroup, options: Parameters<OwnedGroup['owner']>[1]): [Owner, Owner] {
  const first = rig.owner('first', options)
  rig.until(() => first.story.length > 0)
  const second = rig.owner('second', options)
  rig.until(() => second.story.length > 0 && first.owned.length < 4)
  return [first, second]
}

describe.each(['classic', 'consumer'] as const)(
  'a %s group whose members are called',
  (protocol) => {
    const assignors = protocol === 'classic' ? ['range'] : []

    it('gives up partitions only when its owner has returned from onPartitionsRevoked', () => {
      const rig = new OwnedGroup()
      const commits = [offset(rig, 2, 7), offset(rig, 3, 8)]
      const revocation = { seconds: 4, commits }
      const [first, second] = pair(rig, { group: { protocol, assignors }, revocation })
      const [got, revokes, committed] = first.story
      expect(got).toMatch(/gets 0,1,2,3$/)
      expect(revokes).toMatch(protocol === 'classic' ? /revokes 0,1,2,3 of / : /revokes \d,\d of /)
      expect(revokes).toMatch(/of 0,1,2,3$/)
      expect(committed).toMatch(/committed$/)
      const at = (line = '') => Number(line.split(' ')[0])
      expect(at(committed) - at(revokes)).toBeGreaterThanOrEqual(4_000)
      const taken = second.story.find((line) => !line.endsWith('gets '))
      expect(at(taken)).toBeGreaterThanOrEqual(at(committed))
      const during = first.told.filter((line) => {
        return line.endsWith('polled') && at(line) > at(revokes) && at(line) < at(committed)
      })
      expect(during).toEqual([])
      expect([...first.owned, ...second.owned].sort()).toEqual([0, 1, 2, 3])
    })

    it('starts where an offset was committed, and tells it to whoever asks', () => {
      const rig = new OwnedGroup()
      const group = { protocol, assignors }
      const first = rig.owner('first', { group })
      rig.until(() => first.owned.length === 4)
      first.isPolling = false
      rig.run(2)
      const outcomes: string[] = []
      first.consumer.commitSync([offset(rig, 1, 5)], (outcome) => {
        outcomes.push(outcome)
        first.consumer.committed([rig.partition(0), rig.partition(1)], (offsets) => {
          outcomes.push(`${(offsets ?? []).map((one) => one.offset)}`)
        })
      })
      rig.run(1)
      expect(outcomes).toEqual(['committed', '5'])
    })

    it('leaves at once when its owner closes it', () => {
      const rig = new OwnedGroup()
      const [first, second] = pair(rig, { group: { protocol, assignors } })
      const closed = rig.now
      first.consumer.close()
      const taken = rig.until(() => second.owned.length === 4)
      expect(taken - closed).toBeLessThan(protocol === 'classic' ? 4 : 6)
    })
  },
)

it('tells of commitAsync in a later poll, not before', () => {
  const rig = new OwnedGroup()
  const owner = rig.owner('first')
  rig.until(() => owner.owned.length === 4)
  owner.isPolling = false
  rig.run(2)
  const outcomes: string[] = []
  owner.consumer.commitAsync([offset(rig, 1, 5)], (outcome) => outcomes.push(outcome))
  rig.run(1)
  expect(outcomes).toEqual([])
  owner.poll()
  rig.run(0.1)
  expect(outcomes).toEqual(['committed'])
})

it('who was away for longer than its session has lost its partitions, and its commit fails', () => {
  const rig = new OwnedGroup()
  const [first, second] = pair(rig, {})
  first.process.pause()
  rig.until(() => second.owned.length === 4)
  first.process.resume()
  const before = first.story.length
  rig.until(() => first.story.length > before)
  expect(first.story[before]).toMatch(/lost \d,\d$/)
  const late: string[] = []
  first.isPolling = false
  rig.run(5)
  second.isPolling = false
  rig.run(2)
  second.process.pause()
  rig.run(60)
  second.process.resume()
  rig.run(0.001)
  second.consumer.commitSync([offset(rig, 0, 1)], (outcome) => late.push(outcome))
  rig.run(10)
  expect(late).toEqual(['failed'])
})

it('who commits while a rebalance waits for others is told so, and may commit after it', () => {
  const rig = new OwnedGroup()
  const [first, second] = pair(rig, { group: { assignors: ['cooperative-sticky'] } })
  rig.run(10)
  second.isPolling = false
  rig.owner('third', { group: { assignors: ['cooperative-sticky'] } })
  rig.run(10)
  first.isPolling = false
  rig.run(2)
  const outcomes: string[] = []
  const [mine = -1] = first.owned
  const commit = () => {
    first.consumer.commitSync([offset(rig, mine, 3)], (outcome) => outcomes.push(outcome))
  }
  commit()
  rig.run(1)
  expect(outcomes).toEqual(['rebalancing'])
  for (const owner of [first, second]) {
    owner.isPolling = true
    owner.poll()
  }
  rig.run(10)
  first.isPolling = false
  rig.run(2)
  commit()
  rig.run(1)
  expect(outcomes).toEqual(['rebalancing', 'committed'])
})

it('commitSync gives up after default.api.timeout.ms, and nothing else happens meanwhile', () => {
  const rig = new OwnedGroup()
  const owner = rig.owner('first')
  rig.until(() => owner.owned.length === 4)
  owner.isPolling = false
  rig.run(2)
  for (const { process } of rig.simulation.cluster.nodes.values()) process.pause()
  const asked = rig.now
  const outcomes: string[] = []
  owner.consumer.commitSync([offset(rig, 1, 5)], (outcome) => {
    outcomes.push(`${outcome} ${(rig.now - asked).toFixed(1)}`)
  })
  rig.run(59)
  expect(outcomes).toEqual([])
  expect(() => owner.poll()).toThrow(/in another call/)
  rig.run(2)
  expect(outcomes).toEqual(['timed-out 60.0'])
})

it('who stands in a callback for longer than max.poll.interval.ms is no member any more', () => {
  const rig = new OwnedGroup()
  const commits = [offset(rig, 2, 7)]
  const group = { maxPollIntervalMs: 10_000 }
  const first = rig.owner('first', { group, revocation: { seconds: 30, commits } })
  rig.until(() => first.owned.length === 4)
  const second = rig.owner('second', { group })
  const taken = rig.until(() => second.owned.length === 4)
  expect(first.story.at(-1)).toMatch(/revokes/)
  const returned = rig.until(() => first.story.some((line) => line.endsWith('failed')))
  expect(returned).toBeGreaterThan(taken)
})

it('a cooperative member goes on with what it keeps, and is asked only for what moves', () => {
  const rig = new OwnedGroup()
  const group = { assignors: ['cooperative-sticky'] }
  const [first] = pair(rig, { group, revocation: { seconds: 2, commits: [] } })
  const revoked = first.story.filter((line) => line.includes('revokes'))
  expect(revoked).toHaveLength(1)
  expect(revoked[0]).toMatch(/revokes \d,\d of 0,1,2,3$/)
})

it('an owner that assigns by itself commits to the group without being a member', () => {
  const rig = new OwnedGroup()
  const assignments = [{ partition: rig.partition(2), start: 'committed' as const }]
  const owner = rig.owner('alone', { consumer: { assigns: 'by-owner', assignments } })
  rig.until(() => owner.consumer.position(rig.partition(2)) === 0)
  owner.isPolling = false
  rig.run(2)
  const outcomes: string[] = []
  owner.consumer.commitSync([offset(rig, 2, 9)], (outcome) => outcomes.push(outcome))
  rig.run(1)
  expect(outcomes).toEqual(['committed'])
  expect(owner.story).toEqual([])
  const again = rig.owner('again', { consumer: { assigns: 'by-owner', assignments } })
  rig.until(() => again.consumer.position(rig.partition(2)) !== null)
  expect(again.consumer.subscription.of(rig.partition(2))?.offset).toBe(9)
})

it('a consumer that subscribes by pattern gets the partitions of the topics that match', () => {
  const rig = new OwnedGroup()
  const topics = { accepts: (topic: string) => topic.startsWith('or') }
  const owner = rig.owner('by-pattern', { consumer: { topics } })
  rig.until(() => owner.owned.length > 0)
  expect(owner.story.map((line) => line.split(' ').slice(1))).toEqual([['gets', '0,1,2,3']])
})

it('of a paused partition nothing comes, and all of it once it is paused no longer', () => {
  const rig = new OwnedGroup()
  const got: number[] = []
  const observer = { onDelivered: (partition: number) => got.push(partition) }
  const owner = rig.owner('pausing', { consumer: { observer } })
  rig.until(() => owner.owned.length === 4)
  const [kept, paused] = [rig.partition(0), rig.partition(1)]
  owner.consumer.setPaused(paused, true)
  rig.produce()
  rig.run(3)
  expect(got).toContain(kept)
  expect(got).not.toContain(paused)
  owner.consumer.setPaused(paused, false)
  rig.run(3)
  expect(got).toContain(paused)
})
