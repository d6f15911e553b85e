import { expect, it } from 'vitest'
import type { CommittedOffset } from '../../../src/kafka/group-messages.ts'
import { OffsetTool } from '../../../src/lab/runbooks/offset-tool.ts'
import { AdminWorld } from '../../kafka/clients/admin/admin-world.ts'

const TEXT = `
duration: 600s
regions: {us: {}}
clusters:
  A: {brokers: [{id: 1, region: us}, {id: 2, region: us}], controllers: [{id: 9, region: us}]}
topics:
  - {name: orders, cluster: A, assignment: [[1]]}
  - {name: __consumer_offsets, cluster: A, assignment: [[2]]}
`

/** What a reset to a time comes to whose leader is killed so many ms after the tool was called. */
function resetAndKill(afterMs: number) {
  const world = new AdminWorld(TEXT)
  world.runMs(10_000)
  const tool = new OffsetTool(world.sim.world, world.sim.clusters[0], 'test')
  const told: string[] = []
  // Nothing is as young as that, so the tool asks a second time: for the end.
  tool.reset('billing', ['orders'], { agoMs: 1_000 }, (error) => told.push(error))
  world.runMs(afterMs)
  world.sim.cluster.nodes.get(1)?.process.crash()
  world.runMs(70_000)
  const committed: CommittedOffset[] = []
  const admin = world.admin([2])
  admin.listConsumerGroupOffsets('billing', (_, offsets) => committed.push(...offsets))
  world.runMs(5_000)
  return { error: told.join(), offsets: committed.map(({ offset }) => offset) }
}

it('offsets are set to what was found, or not at all, whenever the leader goes', () => {
  const moments = Array.from({ length: 16 }, (_, n) => 2 * n)
  const outcomes = moments.map(resetAndKill)
  const set = { error: 'NONE', offsets: [0] }
  const refused = { error: 'REQUEST_TIMED_OUT', offsets: [] }
  expect(outcomes[0]).toEqual(refused)
  expect(outcomes.at(-1)).toEqual(set)
  for (const outcome of outcomes) expect([set, refused]).toContainEqual(outcome)
})
