import { expect, it } from 'vitest'
import { AdminJobs } from '../../../src/mirror/mirror-maker2/admin-jobs.ts'
import { type Micros, SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'

/** Jobs on a process, and what they did when, in seconds. */
function start(begin: (jobs: AdminJobs, lasting: Lasting) => void, waitMax?: Micros) {
  const world = new World({ seed: '1' })
  const zone = world.addZone('z', world.addRegion('r'))
  const process = world.addProcess('worker', world.addHost('h', zone))
  const told: string[] = []
  process.onBoot = () => {
    const lasting: Lasting = (name, seconds) => (done) => {
      told.push(`${name} ${world.now / SECOND}`)
      process.timer(done).arm(seconds * SECOND)
    }
    begin(new AdminJobs(process, waitMax), lasting)
  }
  process.start(0)
  return { world, told }
}

type Lasting = (name: string, seconds: number) => (done: () => void) => void

it('one job runs after the other, and what is said first is done first', () => {
  const { world, told } = start((jobs, lasting) => {
    jobs.execute(lasting('create', 2))
    jobs.execute(lasting('list', 3))
    jobs.repeat(lasting('sync', 1), 10 * SECOND, 0)
  })
  world.scheduler.run(16 * SECOND)
  expect(told).toEqual(['create 0', 'list 2', 'sync 5', 'sync 10'])
})

it('a repeating job keeps its rate: a late run is made up for, one by one', () => {
  const { world, told } = start((jobs, lasting) => {
    jobs.repeat(lasting('sync', 1), 5 * SECOND, 5 * SECOND)
    jobs.execute(lasting('slow', 17))
  })
  world.scheduler.run(26 * SECOND)
  expect(told).toEqual(['slow 0', 'sync 17', 'sync 18', 'sync 19', 'sync 20', 'sync 25'])
})

it('nothing runs after the end', () => {
  const ended: AdminJobs[] = []
  const { world, told } = start((jobs, lasting) => {
    ended.push(jobs)
    jobs.repeat(lasting('sync', 1), 5 * SECOND, 0)
  })
  world.scheduler.run(6 * SECOND)
  ended[0]?.close()
  world.scheduler.run(60 * SECOND)
  expect(told).toEqual(['sync 0', 'sync 5'])
})

it('closing waits for the job under way as long as it is told, and no other begins', () => {
  const closedAt = (jobSeconds: number) => {
    let closed = ''
    const { world, told } = start((jobs, lasting) => {
      jobs.execute(lasting('slow', jobSeconds))
      jobs.execute(lasting('next', 1))
      const close = lasting('close', 2)
      close(() => {
        jobs.closeInTime(() => {
          closed += `closed ${world.now / SECOND}`
        })
      })
    }, 60 * SECOND)
    world.scheduler.run(200 * SECOND)
    return [...told, closed]
  }
  expect(closedAt(7)).toEqual(['close 0', 'slow 0', 'closed 7'])
  expect(closedAt(90)).toEqual(['close 0', 'slow 0', 'closed 62'])
})

it('jobs in turn are waited for as long as told; they go on, and others stand behind', () => {
  const { world, told } = start((jobs, lasting) => {
    const steps = [lasting('create', 2), lasting('list', 90), lasting('make', 1)]
    jobs.executeInTurn(steps, () => {
      told.push(`started ${world.now / SECOND}`)
      jobs.repeat(lasting('sync', 1), 100 * SECOND, 0)
    })
  }, 60 * SECOND)
  world.scheduler.run(150 * SECOND)
  expect(told).toEqual(['create 0', 'list 2', 'make 92', 'started 93', 'sync 93'])
})

it('a start is over though its jobs are not', () => {
  const { world, told } = start((jobs, lasting) => {
    const steps = [lasting('create', 90), lasting('list', 3)]
    jobs.executeInTurn(steps, () => told.push(`started ${world.now / SECOND}`))
  }, 5 * SECOND)
  world.scheduler.run(150 * SECOND)
  expect(told).toEqual(['create 0', 'started 10', 'list 90'])
})
