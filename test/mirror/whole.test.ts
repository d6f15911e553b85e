// Each check of a replicator's state meets a state that it is for.

import { expect, it } from 'vitest'
import { SafeCheckpoints } from '../../src/mirror/brooklin/safe-checkpoints.ts'
import { SubmittedRecords } from '../../src/mirror/connect/submitted-records.ts'
import { OffsetSyncWriter } from '../../src/mirror/mirror-maker2/offset-sync-writer.ts'
import {
  assertSlotsWhole,
  onlySync,
  withNewest,
} from '../../src/mirror/mirror-maker2/sync-slots.ts'
import { IdSet } from '../../src/mirror/replicator/id-set.ts'
import type { Checked } from '../../src/sim/state-checks.ts'
import { CURRENT } from './mirror-maker2/mirrored-partition.ts'

const sync = (upstream: number) => ({ partition: 0, upstream, downstream: upstream })

/** Slots of a store that has read every tenth record of a thousand. */
function slots() {
  let held = onlySync(sync(0))
  for (let at = 10; at <= 1_000; at += 10) held = withNewest(held, sync(at), true)
  return [...held]
}

/** The same with these at the beginning. */
function slotsBeginning(...upstreams: number[]) {
  const all = slots()
  all.splice(0, upstreams.length, ...upstreams.map(sync))
  return all
}

it('slots of syncs are whole as they are filled', () => {
  for (const everyOld of [true, false]) assertSlotsWhole(slots(), everyOld)
})

it('a sync that a task writes twice stands beside its twin', () => {
  const held = withNewest(onlySync(sync(10)), sync(10), true)
  expect(held[0]).not.toBe(held[1])
  assertSlotsWhole(held, true)
})

it.each([
  ['there is a slot for each bit', slots().slice(1)],
  ['slots hold ever older syncs', slotsBeginning(1_000, 1_001)],
  ['a slot is not too old for its place', slotsBeginning(1_000, 990)],
  ['different syncs stand apart', slotsBeginning(1_000, 1_000, 1_000, 1_000, 998, 997)],
])('%s', (sentence, wrong) => {
  expect(() => assertSlotsWhole(wrong, true)).toThrow(sentence)
})

function submitted() {
  const records = new SubmittedRecords()
  const first = records.submit(0, 10, 5)
  records.submit(0, 15, 5)
  records.ack(first, 2, 1)
  return { records, first }
}

function checkpoints() {
  const safe = new SafeCheckpoints()
  safe.register(0, 10, 5)
  return safe
}

/** What the check says, a state, and what is done to it. */
const BROKEN: readonly (readonly [string, () => readonly [Checked, () => unknown]])[] = [
  [
    'the first that waits is not wholly acknowledged',
    () => {
      const { records, first } = submitted()
      return [records, () => Object.assign(first, { acked: 5 })]
    },
  ],
  [
    'records wait by partition',
    () => {
      const { records, first } = submitted()
      return [records, () => Object.assign(first, { partition: 1 })]
    },
  ],
  [
    'what is acknowledged later is behind a gap',
    () => {
      const { records, first } = submitted()
      return [records, () => Object.assign(first, { acked: 3 })]
    },
  ],
  [
    'what is under way is in order',
    () => {
      const safe = checkpoints()
      return [safe, () => safe.register(0, 12, 5)]
    },
  ],
  [
    'spans ascend with gaps between them',
    () => {
      const ids = new IdSet()
      return [ids, () => ids.add(5, 5)]
    },
  ],
  [
    'a sync is of its partition',
    () => {
      const writer = new OffsetSyncWriter(CURRENT, 100)
      writer.queue(0, 1, 1)
      return [writer, () => Object.assign(writer.pending[0] ?? {}, { partition: 7 })]
    },
  ],
]

it.each(BROKEN)('%s', (sentence, make) => {
  const [state, breakIt] = make()
  state.assertWhole()
  breakIt()
  expect(() => state.assertWhole()).toThrow(sentence)
})
