import { expect, it } from 'vitest'
import { CoordinatorLog } from '../../../src/kafka/groups/coordinator-log.ts'
import type { CoordinatorValue } from '../../../src/kafka/groups/group-values.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'

const VALUE: CoordinatorValue = {
  kind: 'offset',
  group: 'g',
  partition: 0,
  offset: 1,
  leaderEpoch: 0,
}

function logWith(appendLingerMs: number) {
  const world = new World({ seed: 'log' })
  const host = world.addHost('h', world.addZone('z', world.addRegion('r')))
  const context = world.addProcess('broker', host)
  context.start()
  world.scheduler.run(0)
  const batches: number[] = []
  const writer = {
    append: (_partition: number, values: readonly CoordinatorValue[]) => {
      batches.push(values.length)
      return 'NONE' as const
    },
  }
  const log = new CoordinatorLog(context, 0, writer, { appendLingerMs, writeTimeoutMs: 5_000 })
  return { log, world, batches }
}

it('writes of one linger share a batch, and are done when the high watermark has passed it', () => {
  const { log, world, batches } = logWith(5)
  const done: string[] = []
  log.write([VALUE], (error) => done.push(`a ${error}`))
  world.scheduler.run(2 * MS)
  log.write([VALUE, VALUE], (error) => done.push(`b ${error}`))
  expect(batches).toEqual([])
  world.scheduler.run(5 * MS)
  expect(batches).toEqual([3])
  log.onHighWatermark(2)
  expect(done).toEqual([])
  log.onHighWatermark(3)
  expect(done).toEqual(['a NONE', 'b NONE'])
})

it('what writes nothing waits for what was written before, and for nothing else', () => {
  const { log } = logWith(0)
  const done: string[] = []
  log.write([], () => done.push('at once'))
  log.write([VALUE], () => done.push('write'))
  log.write([], () => done.push('heartbeat'))
  expect(done).toEqual(['at once'])
  log.onHighWatermark(1)
  expect(done).toEqual(['at once', 'write', 'heartbeat'])
})

it('a write that is not replicated within offsets.commit.timeout.ms fails, and only once', () => {
  const { log, world } = logWith(0)
  const done: string[] = []
  log.write([VALUE], (error) => done.push(error))
  world.scheduler.run(5 * SECOND - 1)
  expect(done).toEqual([])
  world.scheduler.run(5 * SECOND)
  expect(done).toEqual(['REQUEST_TIMED_OUT'])
  log.onHighWatermark(1)
  expect(done).toEqual(['REQUEST_TIMED_OUT'])
})

it('who waits when the coordinator moves is sent away, lingering writes included', () => {
  const { log, world, batches } = logWith(5)
  const done: string[] = []
  log.write([VALUE], (error) => done.push(error))
  world.scheduler.run(5 * MS)
  log.write([VALUE], (error) => done.push(error))
  log.close()
  world.scheduler.run(SECOND)
  expect(done).toEqual(['NOT_COORDINATOR', 'NOT_COORDINATOR'])
  expect(batches).toEqual([1])
})
