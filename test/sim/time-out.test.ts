import { describe, expect, it } from 'vitest'
import { TimeOut } from '../../src/sim/time-out.ts'
import { World } from '../../src/sim/world.ts'

/** A process that runs, and a time-out of it that says when it fires. */
function oneTimeOut() {
  const world = new World({ seed: 'time-out' })
  const zone = world.addZone('z', world.addRegion('r'))
  const process = world.addProcess('p', world.addHost('h', zone))
  process.start()
  world.scheduler.run(0)
  const fired: number[] = []
  const timeOut = new TimeOut(process, () => fired.push(world.now))
  const at = (time: number, then: () => void) => {
    world.scheduler.run(time)
    then()
  }
  return { world, timeOut, fired, at }
}

describe('a time-out', () => {
  it('fires at the deadline that was set last, whether it was put off or brought forward', () => {
    const { world, timeOut, fired, at } = oneTimeOut()
    timeOut.arm(10)
    at(5, () => timeOut.arm(20))
    at(20, () => timeOut.arm(2))
    world.scheduler.run(100)
    expect(fired).toEqual([22])
  })

  it('that is cancelled does not fire, and one that is armed again after that does once', () => {
    const { world, timeOut, fired, at } = oneTimeOut()
    timeOut.arm(10)
    at(3, () => timeOut.cancel())
    expect(timeOut.armed).toBe(false)
    at(50, () => timeOut.arm(7))
    at(51, () => timeOut.cancel())
    at(52, () => timeOut.arm(30))
    expect([timeOut.armed, timeOut.deadline]).toEqual([true, 82])
    world.scheduler.run(200)
    expect([fired, timeOut.armed]).toEqual([[82], false])
  })

  it('that is put off a thousand times has one event, and not a thousand', () => {
    const { world, timeOut, fired, at } = oneTimeOut()
    timeOut.arm(1_000_000)
    const { pending } = world.scheduler
    for (let i = 1; i <= 1_000; i++) at(i, () => timeOut.arm(1_000_000))
    expect(world.scheduler.pending).toBe(pending)
    const before = world.scheduler.fired
    world.scheduler.run(3_000_000)
    expect([fired, world.scheduler.fired - before]).toEqual([[1_001_000], 2])
  })
})
