import { describe, expect, it } from 'vitest'
import {
  CheckpointCoordinator,
  type CoordinatorSettings,
  checkpointToText,
  textToCheckpoint,
} from '../../../src/mirror/flink/checkpoint-coordinator.ts'
import {
  CheckpointStorage,
  StoredCheckpoint,
  serveCheckpoints,
} from '../../../src/mirror/flink/checkpoint-storage.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'

/** A job of two subtasks whose acknowledgements a test gives, beside its storage. */
function rig(of: Partial<CoordinatorSettings> = {}) {
  const world = new World({ seed: 'flink' })
  const zone = world.addZone('here-a', world.addRegion('here'))
  const storage = world.addProcess('storage', world.addHost('storage', zone))
  const stored = new StoredCheckpoint()
  storage.host.disk.register(stored)
  storage.onBoot = () => serveCheckpoints(storage, world.network, stored)
  storage.start()
  const said: string[] = []
  const job = {
    subtasks: 2,
    isRunning: true,
    trigger: (id: number) => said.push(`trigger ${id}`),
    onCompleted: (id: number) => said.push(`completed ${id}`),
    onIntolerable: (reason: string) => said.push(reason),
  }
  const settings = { intervalMs: 5_000, timeoutMs: 60_000, tolerableFailures: 0, ...of }
  const owner = world.addProcess('owner', world.addHost('owner', zone))
  owner.start()
  world.scheduler.run(0)
  const client = new CheckpointStorage(owner, world.network, storage)
  const coordinator = new CheckpointCoordinator(owner, settings, client, job)
  const run = (seconds: number) => world.scheduler.run(world.now + seconds * SECOND)
  return { coordinator, job, said, storage, stored, client, run }
}

describe('a checkpoint', () => {
  it('is complete when every subtask has acknowledged it and it is stored', () => {
    const { coordinator, said, stored, run } = rig()
    run(5)
    coordinator.acknowledge(1, 0, new Map([[7, 100]]))
    run(1)
    expect(said).toEqual(['trigger 1'])
    expect(stored.text).toBeNull()
    coordinator.acknowledge(1, 1, new Map([[8, 50]]))
    run(1)
    expect(said).toEqual(['trigger 1', 'completed 1'])
    expect([...coordinator.restored]).toEqual([
      [7, 100],
      [8, 50],
    ])
    expect(textToCheckpoint(stored.text ?? '')).toEqual([1, coordinator.restored])
  })

  it('is not triggered while a subtask does not run', () => {
    const { job, said, run } = rig()
    job.isRunning = false
    run(20)
    expect(said).toEqual([])
  })

  it('waits for the one before it', () => {
    const { coordinator, said, run } = rig()
    run(12)
    expect(said).toEqual(['trigger 1'])
    for (const subtask of [0, 1]) coordinator.acknowledge(1, subtask, new Map())
    run(1)
    expect(said).toEqual(['trigger 1', 'completed 1', 'trigger 2'])
  })

  it('waits for the one before it also where that one fails and may', () => {
    const { said, run } = rig({ timeoutMs: 7_000, tolerableFailures: 9 })
    // The first from 5 s to 12 s, the second was due at 10 s.
    run(12.5)
    expect(said).toEqual(['trigger 1', 'trigger 2'])
  })

  it('that waits goes with the pending one when a subtask fails', () => {
    const { coordinator, said, run } = rig()
    run(12)
    coordinator.abort()
    run(1)
    expect(said).toEqual(['trigger 1'])
    run(2.5)
    expect(said).toEqual(['trigger 1', 'trigger 2'])
  })

  it('counts for nothing after a subtask has failed', () => {
    const { coordinator, said, run } = rig()
    run(5)
    coordinator.acknowledge(1, 0, new Map([[7, 100]]))
    coordinator.abort()
    coordinator.acknowledge(1, 1, new Map([[8, 50]]))
    run(1)
    expect(said).toEqual(['trigger 1'])
    expect(coordinator.restored.size).toBe(0)
  })

  it('that takes too long fails the job, unless some may fail', () => {
    const strict = rig({ timeoutMs: 3_000 })
    strict.run(9)
    expect(strict.said.at(-1)).toMatch(/expired/)
    const lenient = rig({ timeoutMs: 3_000, tolerableFailures: 1 })
    lenient.run(9)
    expect(lenient.said).toEqual(['trigger 1'])
    lenient.run(5)
    expect(lenient.said.at(-1)).toMatch(/expired/)
  })

  it('that nobody can store fails the job when the storage’s client gives up', () => {
    const { coordinator, said, storage, run } = rig()
    run(5)
    storage.crash()
    for (const subtask of [0, 1]) coordinator.acknowledge(1, subtask, new Map())
    run(20)
    expect(said).toEqual(['trigger 1'])
    run(15)
    expect(said).toContain('Failure to finalize checkpoint')
  })
})

it('what is stored is read after a crash of the storage, and gone with its disk', () => {
  const { client, storage, run } = rig()
  const read: (string | null)[] = []
  client.put('1', () => {})
  run(1)
  storage.crash()
  client.read((text) => read.push(text))
  run(100)
  expect(read).toEqual([])
  storage.start()
  run(5)
  storage.host.disk.lose()
  client.read((text) => read.push(text))
  run(5)
  expect(read).toEqual(['1', null])
})

it('a checkpoint as text is the same checkpoint', () => {
  const offsets = new Map([
    [3, 17],
    [4, 0],
  ])
  expect(textToCheckpoint(checkpointToText(9, offsets))).toEqual([9, offsets])
  expect(textToCheckpoint(checkpointToText(1, new Map()))).toEqual([1, new Map()])
})
