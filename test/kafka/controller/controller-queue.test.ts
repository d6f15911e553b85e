import { describe, expect, it } from 'vitest'
import { ControllerQueue, NO_TIME } from '../../../src/kafka/controller/controller-queue.ts'
import { DeferredReplies } from '../../../src/kafka/controller/deferred-replies.ts'
import { PeriodicTasks } from '../../../src/kafka/controller/periodic-tasks.ts'
import type { Response } from '../../../src/kafka/messages.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { oneProcess } from '../broker/scripted.ts'

describe('the controller’s queue', () => {
  it('serves one event after the other, each after its service time', () => {
    const { world, process } = oneProcess()
    const served: [string, number][] = []
    const queue = new ControllerQueue<string>(
      process,
      () => 500,
      (event) => {
        served.push([event, world.now])
        if (event === 'first') queue.append('from within')
      },
    )
    queue.append('first')
    queue.append('second')
    world.scheduler.run(10 * MS)
    expect(served).toEqual([
      ['first', 500],
      ['second', 1000],
      ['from within', 1500],
    ])
    queue.append('later')
    world.scheduler.run(20 * MS)
    expect(served[3]).toEqual(['later', 10 * MS + 500])
  })

  it('serves what takes no time at once where nothing waits, and else in its turn', () => {
    const { world, process } = oneProcess()
    const served: [string, number][] = []
    const queue = new ControllerQueue<string>(
      process,
      (event) => (event.startsWith('raft') ? NO_TIME : 500),
      (event) => {
        served.push([event, world.now])
        if (event === 'raft 1') queue.append('raft from within')
        if (event === 'raft 2') queue.prepend('before all')
      },
    )
    queue.append('raft 1')
    expect(served.map(([event]) => event)).toEqual(['raft 1', 'raft from within'])
    for (const event of ['a', 'raft 2', 'b']) queue.append(event)
    queue.appendDue('due')
    world.scheduler.run(10 * MS)
    expect(served.slice(2)).toEqual([
      ['a', 500],
      ['due', 1000],
      ['raft 2', 1000],
      ['before all', 1500],
      ['b', 2000],
    ])
  })
})

describe('periodic tasks', () => {
  it('begin the stale check at any phase of its period', () => {
    const { world, process } = oneProcess()
    const runs: number[] = []
    const tasks = new PeriodicTasks(process, { maybeFenceStaleBroker: SECOND }, (task) => {
      runs.push(world.now)
      tasks.done(task, false)
    })
    for (let i = 0; i < 40; i++) {
      const activatedAt = world.now
      tasks.activate()
      world.scheduler.run(activatedAt + SECOND)
      tasks.deactivate()
      runs[i] = (runs[i] ?? 0) - activatedAt
    }
    expect(Math.min(...runs)).toBeLessThan(0.2 * SECOND)
    expect(Math.max(...runs)).toBeGreaterThan(0.8 * SECOND)
    expect(Math.max(...runs)).toBeLessThanOrEqual(SECOND)
  })

  it('run after their period, soon again where work is left, and never once inactive', () => {
    const { world, process } = oneProcess()
    const runs: number[] = []
    const tasks = new PeriodicTasks(process, { writeNoOpRecord: SECOND }, (task) => {
      runs.push(world.now)
      tasks.done(task, runs.length < 3)
    })
    world.scheduler.run(5 * SECOND)
    expect(runs).toEqual([])
    tasks.activate()
    world.scheduler.run(7.5 * SECOND)
    const soon = 6 * SECOND + 20 * MS
    expect(runs).toEqual([6 * SECOND, 6 * SECOND + 10 * MS, soon, soon + SECOND])
    tasks.deactivate()
    world.scheduler.run(20 * SECOND)
    expect(runs).toHaveLength(4)
  })

  it('without a period run only when asked to, at the moment given last', () => {
    const { world, process } = oneProcess()
    const runs: number[] = []
    const tasks = new PeriodicTasks(process, {}, (task) => {
      runs.push(world.now)
      tasks.done(task, false)
    })
    tasks.activate()
    tasks.at('maybeFenceStaleBroker', 3 * SECOND)
    tasks.at('maybeFenceStaleBroker', 4 * SECOND)
    world.scheduler.run(20 * SECOND)
    expect(runs).toEqual([4 * SECOND])
  })
})

describe('an answer', () => {
  const answer = (message: string): Response => ({ api: 'Admin', error: 'NONE', message })
  const refusal: Response = { api: 'Admin', error: 'NOT_CONTROLLER', message: '' }

  function held(): { deferred: DeferredReplies; sent: string[] } {
    const deferred = new DeferredReplies()
    const sent: string[] = []
    for (const [offset, name] of [
      [4, 'a'],
      [6, 'b'],
      [6, 'read after b'],
    ] as const) {
      const send = (response: Response | null) =>
        sent.push(response?.api === 'Admin' ? `${name} ${response.error}` : name)
      deferred.add(offset, { send, done: () => {} }, answer(name), refusal)
    }
    return { deferred, sent }
  }

  it('goes out when its last record is committed, in order', () => {
    const { deferred, sent } = held()
    deferred.completeUpTo(4)
    expect(sent).toEqual([])
    deferred.completeUpTo(5)
    expect(sent).toEqual(['a NONE'])
    expect(deferred.highestPendingOffset).toBe(6)
    deferred.completeUpTo(7)
    expect(sent).toEqual(['a NONE', 'b NONE', 'read after b NONE'])
    expect(deferred.highestPendingOffset).toBe(-1)
  })

  it('waits for what the controller wrote of itself, as for a request', () => {
    const { deferred, sent } = held()
    deferred.addTask(9)
    expect(deferred.highestPendingOffset).toBe(9)
    deferred.completeUpTo(10)
    expect(sent).toHaveLength(3)
    expect(deferred.highestPendingOffset).toBe(-1)
  })

  it('is a refusal when the controller is one no more', () => {
    const { deferred, sent } = held()
    deferred.failAll()
    expect(sent).toEqual(['a NOT_CONTROLLER', 'b NOT_CONTROLLER', 'read after b NOT_CONTROLLER'])
    expect(deferred.size).toBe(0)
  })
})
