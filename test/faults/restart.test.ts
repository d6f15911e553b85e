import { describe, expect, it } from 'vitest'
import { seconds } from '../../src/sim/time.ts'
import { strike, ToyWorld } from './toy-world.ts'

/** Lets a program take some time from SIGTERM to its exit. */
function slowExit(toy: ToyWorld, name: string, after: number): void {
  const process = toy.world.processes.get(name)
  if (process === undefined) throw new Error(`no process ${name}`)
  process.onTerminate = () => process.timer(() => process.exit()).arm(seconds(after))
}

describe('restarts', () => {
  it('wait for the orderly exit, then start', () => {
    const toy = new ToyWorld()
    slowExit(toy, 'r1/broker-1', 3)
    toy.inject([strike(1, 'restart', { target: 'r1/broker-1' })])
    toy.run(3.5)
    expect(toy.state('r1/broker-1')).toBe('running')
    toy.run(20)
    expect(toy.boots).toEqual(['6 r1/broker-1'])
  })

  it('by kill -9 do not wait, but keep the downtime they are given', () => {
    const toy = new ToyWorld()
    slowExit(toy, 'r1/broker-1', 3)
    toy.inject([strike(1, 'restart', { target: 'r1/broker-1', how: 'kill', downtime: '4s' })])
    toy.run(20)
    expect(toy.boots).toEqual(['7 r1/broker-1'])
  })

  it('roll through the brokers one at a time', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'rolling-restart', { target: 'brokers of region r1', pause: '10s' })])
    toy.run(5)
    expect(toy.boots).toEqual(['3 r1/broker-1'])
    toy.run(60)
    expect(toy.boots).toEqual(['3 r1/broker-1', '13 r1/broker-2'])
  })
})

describe('a controlled shutdown', () => {
  it('lets the program exit in its own time and starts it when it heals', () => {
    const toy = new ToyWorld()
    slowExit(toy, 'r1/broker-1', 2)
    toy.inject([strike(1, 'controlled-shutdown', { target: 'r1/broker-1' }, 10)])
    toy.run(2)
    expect(toy.down()).toEqual([])
    toy.run(4)
    expect(toy.down()).toEqual(['r1/broker-1 stopped'])
    toy.run(20)
    expect(toy.boots).toEqual(['13 r1/broker-1'])
  })
})

describe('a pause', () => {
  it('freezes a process until it heals, without a new boot', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'pause', { target: 'leader of orders-0' }, 5)])
    toy.run(2)
    expect(toy.down()).toEqual(['r2/broker-1 paused'])
    toy.run(7)
    expect([toy.down(), toy.boots]).toEqual([[], []])
  })
})

describe('a start', () => {
  it('brings back what a crash without an end took away', () => {
    const toy = new ToyWorld()
    toy.inject([
      strike(1, 'crash', { target: 'r1/broker-1' }, null, 'fault-1'),
      strike(5, 'start', { target: 'same' }, null, 'fault-2'),
    ])
    toy.run(20)
    expect(toy.boots).toEqual(['7 r1/broker-1'])
  })

  it('does nothing on a machine without power, which starts by itself when it is back', () => {
    const toy = new ToyWorld()
    toy.inject([
      strike(1, 'host-loss', { target: 'r1/broker-1' }, 6, 'fault-1'),
      strike(4, 'start', { target: 'r1/broker-1' }, null, 'fault-2'),
    ])
    toy.run(5)
    expect(toy.boots).toEqual([])
    toy.run(20)
    expect(toy.boots).toEqual(['9 r1/broker-1'])
  })
})

describe('operator actions', () => {
  it('reach the operator as they were written', () => {
    const toy = new ToyWorld()
    toy.inject([
      strike(1, 'elect-leaders', { type: 'unclean', topic: 'orders' }),
      strike(2, 'reassign', { topic: 'orders', partition: 0, replicas: [1, 2] }),
      strike(3, 'alter-config', {
        topic: 'orders',
        set: { 'min.insync.replicas': 1, 'retention.ms': null },
      }),
      strike(4, 'unregister-broker', { id: 3 }),
    ])
    toy.run(10)
    expect(toy.asked).toEqual([
      'electLeaders ["unclean",{"topic":"orders"},null]',
      'reassign ["orders",0,[1,2],[]]',
      'alterConfig topic orders [["min.insync.replicas","1"],["retention.ms",null]]',
      'unregister 3',
    ])
    expect(toy.log).toHaveLength(4)
  })
})
