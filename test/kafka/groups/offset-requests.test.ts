// Source of the expected answers: GroupCoordinatorService.fetchOffsets, handleOffsetFetchException,
// OffsetMetadataManager.validateOffsetCommit of Kafka 4.1; GroupMetadataManager.getOffsets of 3.9.

import { describe, expect, it } from 'vitest'
import { ShardRig } from './shard-rig.ts'

describe('offsets that are written and not replicated', () => {
  /** 7 is replicated, 9 is not, and the coordinator has moved since. */
  function written(version?: string) {
    const rig = new ShardRig(version)
    rig.commit({})
    rig.replicates = false
    rig.commit({ offsets: [{ partition: 0, offset: 9, leaderEpoch: 0 }] })
    rig.reload()
    return rig
  }

  it('are kept from a consumer until they are: it never goes on from older ones', () => {
    const rig = written()
    const told = rig.offsets({})
    expect(told.response).toBeNull()
    rig.replicate()
    expect(told.response).toMatchObject({ error: 'NONE', offsets: [{ offset: 9 }] })
  })

  it('send a consumer to another coordinator after offsets.commit.timeout.ms', () => {
    const rig = written()
    const told = rig.offsets({})
    rig.wait(4)
    expect(told.response).toBeNull()
    rig.wait(1)
    expect(told.response).toMatchObject({ error: 'NOT_COORDINATOR', offsets: [] })
  })

  it('do not hinder who asks for no stable ones', () => {
    const told = written().offsets({ requireStable: false })
    expect(told.response).toMatchObject({ error: 'NONE', offsets: [{ offset: 7 }] })
  })
})

describe('a coordinator before 4.0', () => {
  function commit(rig: ShardRig, partition: number, offset: number) {
    return rig.commit({ offsets: [{ partition, offset, leaderEpoch: 0 }] })
  }

  it('has a consumer ask again while a commit of its partitions is not replicated', () => {
    const rig = new ShardRig('3.9')
    commit(rig, 0, 7)
    commit(rig, 1, 70)
    rig.replicates = false
    commit(rig, 0, 9)
    expect(rig.offsets({}).response).toMatchObject({ error: 'UNSTABLE_OFFSET_COMMIT', offsets: [] })
    expect(rig.offsets({ partitions: [1] }).response?.offsets).toMatchObject([{ offset: 70 }])
    const unstable = rig.offsets({ partitions: [0], requireStable: false })
    expect(unstable.response?.offsets).toMatchObject([{ offset: 7 }])
    rig.replicate()
    expect(rig.offsets({ partitions: [0] }).response?.offsets).toMatchObject([{ offset: 9 }])
  })

  it('tells what it read at its start, replicated or not', () => {
    const rig = new ShardRig('3.9')
    rig.replicates = false
    commit(rig, 0, 9)
    rig.reload()
    expect(rig.offsets({}).response).toMatchObject({ error: 'NONE', offsets: [{ offset: 9 }] })
    commit(rig, 0, 11)
    expect(rig.offsets({}).response?.error).toBe('UNSTABLE_OFFSET_COMMIT')
  })
})

it.each([
  ['4.1', 'GROUP_ID_NOT_FOUND'],
  ['3.9', 'ILLEGAL_GENERATION'],
])('a commit of a member whose group is gone is refused: by %s with %s', (version, error) => {
  const commit = new ShardRig(version).commit({ member: 'm', generation: 1 })
  expect(commit.response?.error).toBe(error)
})
