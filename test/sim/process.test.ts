import { describe, expect, it } from 'vitest'
import type { Process } from '../../src/sim/process.ts'
import { MS } from '../../src/sim/time.ts'
import { World } from '../../src/sim/world.ts'

function oneProcess(): { world: World; process: Process; said: string[] } {
  const world = new World({ seed: 'process' })
  const zone = world.addZone('z', world.addRegion('r'))
  const process = world.addProcess('p', world.addHost('h', zone))
  return { world, process, said: [] }
}

describe('a process', () => {
  it('boots after its delay, once, and counts its incarnations', () => {
    const { world, process, said } = oneProcess()
    process.onBoot = () => said.push(`boot ${process.incarnation} at ${world.now}`)
    process.start(5 * MS)
    process.start(9 * MS)
    world.scheduler.run(20 * MS)
    process.start()
    world.scheduler.run(30 * MS)
    process.crash()
    process.start(1 * MS)
    world.scheduler.run(40 * MS)
    expect(said).toEqual(['boot 1 at 9000', 'boot 2 at 31000'])
  })

  it('takes its timers and events along when it crashes', () => {
    const { world, process, said } = oneProcess()
    process.onBoot = () => {
      const born = process.incarnation
      const tick = process.handler(() => said.push(`event of ${born}`))
      process.schedule(10 * MS, tick)
      process.timer(() => said.push(`timer of ${born}`)).arm(12 * MS)
    }
    process.start()
    world.scheduler.run(5 * MS)
    process.crash()
    process.start()
    world.scheduler.run(50 * MS)
    expect(said).toEqual(['event of 2', 'timer of 2'])
    expect(world.scheduler.pending).toBe(0)
  })

  it('does not let the objects of a dead incarnation act in a later one', () => {
    const { world, process, said } = oneProcess()
    let timerOfFirst = process.timer(() => {})
    process.onBoot = () => {
      if (process.incarnation === 1) timerOfFirst = process.timer(() => said.push('ghost'))
    }
    process.start()
    world.scheduler.run(1)
    process.crash()
    process.start()
    world.scheduler.run(2)
    timerOfFirst.arm(1)
    world.scheduler.run(10)
    expect([said, timerOfFirst.armed]).toEqual([[], false])
  })

  it('re-arms a timer instead of firing it twice', () => {
    const { world, process, said } = oneProcess()
    const timer = process.timer(() => said.push(`at ${world.now}`))
    process.onBoot = () => timer.arm(10)
    process.start()
    world.scheduler.run(5)
    expect([timer.armed, timer.deadline]).toEqual([true, 10])
    timer.arm(20)
    world.scheduler.run(100)
    expect(said).toEqual(['at 25'])
    timer.arm(5)
    timer.cancel()
    world.scheduler.run(200)
    expect([said.length, timer.armed]).toEqual([1, false])
  })

  it('waits while paused, then does all that was due in order before anything newer', () => {
    const { world, process, said } = oneProcess()
    process.onBoot = () => {
      const say = process.handler((n) => {
        said.push(`${n} at ${world.now}`)
        if (n === 1) process.schedule(0, say, 9)
      })
      for (const n of [1, 2, 3]) process.schedule(n * 10, say, n)
      process.schedule(100, say, 4)
      process.schedule(200, say, 5)
      const resume = world.scheduler.register(() => process.resume())
      world.scheduler.schedule(100, resume)
      // Due in the microsecond of the resume, but after it: it may not overtake what was held.
      process.schedule(100, say, 6)
    }
    process.start()
    world.scheduler.run(5)
    process.pause()
    world.scheduler.run(300)
    expect(said).toEqual([
      '1 at 100',
      '2 at 100',
      '3 at 100',
      '4 at 100',
      '6 at 100',
      '9 at 100',
      '5 at 200',
    ])
  })

  it('keeps cancelled events cancelled through a pause, and forgets all if it is killed', () => {
    const { world, process, said } = oneProcess()
    process.onBoot = () => {
      const say = process.handler((n) => said.push(`${n}`))
      const first = process.schedule(10, say, 1)
      process.schedule(11, say, 2)
      world.scheduler.schedule(
        50,
        world.scheduler.register(() => process.cancel(first)),
      )
    }
    process.start()
    world.scheduler.run(5)
    process.pause()
    world.scheduler.run(60)
    process.resume()
    world.scheduler.run(70)
    expect(said).toEqual(['2'])
    process.schedule(
      1,
      process.handler(() => said.push('never')),
    )
    process.pause()
    world.scheduler.run(80)
    process.crash()
    world.scheduler.run(90)
    expect([said, world.scheduler.pending]).toEqual([['2'], 0])
  })

  it('gets its SIGTERM when it resumes, and may take its time to exit', () => {
    const { world, process, said } = oneProcess()
    process.onTerminate = () => {
      said.push(`SIGTERM at ${world.now}`)
      process.timer(() => process.exit()).arm(10)
    }
    process.start()
    world.scheduler.run(5)
    process.pause()
    process.terminate()
    world.scheduler.run(50)
    expect([said, process.state]).toEqual([[], 'paused'])
    process.resume()
    world.scheduler.run(55)
    expect([said, process.state]).toEqual([['SIGTERM at 50'], 'running'])
    world.scheduler.run(60)
    expect(process.state).toBe('stopped')
  })

  it('does not boot on a host without power', () => {
    const { world, process } = oneProcess()
    process.start(10)
    process.host.powerLoss()
    world.scheduler.run(20)
    expect(process.state).toBe('stopped')
    process.host.powerOn()
    process.start()
    world.scheduler.run(30)
    expect(process.state).toBe('running')
    process.host.powerLoss()
    expect(process.state).toBe('stopped')
  })
})
