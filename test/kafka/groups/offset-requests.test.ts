// Source of the expected answers: GroupCoordinatorService.fetchOffsets, handleOffsetFetchException,
// OffsetMetadataManager.validateOffsetCommit of Kafka 4.1.

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

  it.each([
    ['who asks for no stable ones', undefined, false],
    ['whoever asks a coordinator before 4.0', '3.9', true],
  ])('do not hinder %s', (_who, version, requireStable) => {
    const told = written(version).offsets({ requireStable })
    expect(told.response).toMatchObject({ error: 'NONE', offsets: [{ offset: 7 }] })
  })
})

it.each([
  ['4.1', 'GROUP_ID_NOT_FOUND'],
  ['3.9', 'ILLEGAL_GENERATION'],
])('a commit of a member whose group is gone is refused: by %s with %s', (version, error) => {
  const commit = new ShardRig(version).commit({ member: 'm', generation: 1 })
  expect(commit.response?.error).toBe(error)
})
