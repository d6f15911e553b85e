import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckpointStore } from '../../../src/mirror/mirror-maker2/checkpoint-store.ts'
import { groupOffsetsToSync } from '../../../src/mirror/mirror-maker2/group-offset-sync.ts'
import { mm2GuardsFor } from '../../../src/mirror/mirror-maker2/guards.ts'
import { MirroredPartition } from './mirrored-partition.ts'

/** Downstream offsets of the checkpoints of rounds in which the group is at the given offsets. */
function rounds(version: string, partition: MirroredPartition, ...committed: number[]): number[] {
  const checkpoints = new CheckpointStore(mm2GuardsFor(version))
  return committed.flatMap((offset) =>
    checkpoints
      .update('g', new Map([[0, offset]]), partition.store)
      .map(({ downstream }) => downstream),
  )
}

function partitionAt(version: string, records: number): MirroredPartition {
  const partition = new MirroredPartition(mm2GuardsFor(version))
  partition.mirror(records)
  return partition
}

describe('a round of checkpoints', () => {
  it('emits the first, then what gets further, and what went back with its group', () => {
    const partition = partitionAt('4.1', 500)
    // Syncs at 0, 101, 202, 303 and 404; those kept are 404, 303, 202 and 0.
    expect(rounds('4.1', partition, 210, 210, 250, 310, 305, 210)).toEqual([203, 304, 304, 203])
  })

  it('emits anew in every round up to 3.4.0', () => {
    const partition = partitionAt('3.4.0', 500)
    expect(rounds('3.4.0', partition, 450, 450)).toEqual([450, 450])
  })

  it('is monotone for a group that does not go back, though fewer syncs are kept with time', () => {
    let repeats = 0
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 2, maxLength: 30 }), (steps) => {
        const checkpoints = new CheckpointStore(mm2GuardsFor('4.1'))
        const partition = partitionAt('4.1', 200)
        const seen: number[] = []
        let translated = -1
        for (const step of steps) {
          partition.mirror(step)
          if (partition.translate(150) !== translated) repeats++
          translated = partition.translate(150) ?? -1
          const emitted = checkpoints.update('g', new Map([[0, 150]]), partition.store)
          seen.push(...emitted.map(({ downstream }) => downstream))
        }
        expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
      }),
    )
    expect(repeats).toBeGreaterThan(100)
  })

  it('leaves a group at the very first record out up to 2.6 (KAFKA-10048)', () => {
    for (const [version, emitted] of [
      ['2.6', []],
      ['2.7', [0]],
    ] as const) {
      expect(rounds(version, partitionAt(version, 1), 0)).toEqual(emitted)
    }
  })

  it('goes on after a restart from the checkpoints that were read back', () => {
    const { store } = partitionAt('4.1', 500)
    const checkpoints = new CheckpointStore(mm2GuardsFor('4.1'))
    checkpoints.restore('g', [{ partition: 0, upstream: 210, downstream: 203 }])
    expect(checkpoints.update('g', new Map([[0, 210]]), store)).toEqual([])
    expect(checkpoints.update('g', new Map([[0, 310]]), store)).toHaveLength(1)
  })
})

describe('offsets of a group at the target', () => {
  const checkpoint = { partition: 0, upstream: 500, downstream: 400 }

  it('are written where they are behind the checkpoint, and never taken back', () => {
    expect([...groupOffsetsToSync([checkpoint], new Map([[0, 399]]))]).toEqual([[0, 400]])
    for (const there of [400, 401]) {
      expect(groupOffsetsToSync([checkpoint], new Map([[0, there]])).size).toBe(0)
    }
  })

  it('are written where the group has none there, or is not known to be empty', () => {
    for (const idle of [null, new Map(), new Map([[0, null]])]) {
      expect([...groupOffsetsToSync([checkpoint], idle)]).toEqual([[0, 400]])
    }
  })
})
