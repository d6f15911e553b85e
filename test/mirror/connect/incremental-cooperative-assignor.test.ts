// The cases are those of Kafka's own IncrementalCooperativeAssignorTest.

import { describe, expect, it } from 'vitest'
import {
  type ClusterAssignment,
  IncrementalCooperativeAssignor,
} from '../../../src/mirror/connect/incremental-cooperative-assignor.ts'
import { NO_WORK, taskId, together, type Work, without } from '../../../src/mirror/connect/work.ts'
import { deal, loadOf } from '../../../src/mirror/connect/worker-load.ts'
import { millis } from '../../../src/sim/time.ts'

const MAX_DELAY_MS = 300_000

/** A connector and its tasks. */
const connector = (name: string, tasks = 4): Work => ({
  connectors: [name],
  tasks: Array.from({ length: tasks }, (_, i) => taskId(name, i)),
})

/** Workers that tell what they have, and take up what they are told. */
class Group {
  nowMs = 1_000
  configured = new Map([1, 2].map((n) => [`c${n}`, connector(`c${n}`)]))
  readonly members = new Map<string, Work>([['w1', NO_WORK]])
  last: ClusterAssignment | null = null
  #generation = 1_000
  #assignor: IncrementalCooperativeAssignor
  readonly #maxDelayMs: number

  constructor(maxDelayMs = MAX_DELAY_MS) {
    this.#maxDelayMs = maxDelayMs
    this.#assignor = new IncrementalCooperativeAssignor(millis(maxDelayMs))
  }

  /** The leader bounced: its memory is gone. */
  newLeader(): void {
    this.#assignor = new IncrementalCooperativeAssignor(millis(this.#maxDelayMs))
  }

  join(...workers: string[]): this {
    for (const worker of workers) this.members.set(worker, NO_WORK)
    return this
  }

  leave(worker: string): this {
    this.members.delete(worker)
    return this
  }

  /** One round. @param reaches whether the workers hear of the outcome */
  rebalance({ reaches = true, lastCompleted = this.#generation } = {}): this {
    this.#generation++
    const generations = { lastCompleted, current: this.#generation }
    const configured = together(this.configured.values())
    const now = millis(this.nowMs)
    this.last = this.#assignor.assign(configured, this.members, generations, now)
    if (!reaches) return this
    for (const [worker, work] of this.members) {
      const kept = without(work, this.last.revoked.get(worker) ?? NO_WORK)
      const added = this.last.assigned.get(worker) ?? NO_WORK
      this.members.set(worker, together([kept, added]))
    }
    return this
  }

  get delayMs(): number {
    return (this.last?.delay ?? 0) / 1_000
  }

  /** Sizes of what each has, from the least to the most: connectors, then tasks. */
  get sizes(): string {
    const of = (kind: keyof Work) =>
      [...this.members.values()].map((work) => work[kind].length).sort((a, b) => a - b)
    return `${of('connectors').join(',')} ${of('tasks').join(',')}`
  }

  get isComplete(): boolean {
    const all = [...this.members.values()]
    const count = (kind: keyof Work) => all.reduce((sum, work) => sum + work[kind].length, 0)
    const configured = together(this.configured.values())
    const running = together(all)
    return (
      without(configured, running).tasks.length === 0 &&
      count('connectors') === configured.connectors.length &&
      count('tasks') === configured.tasks.length
    )
  }

  /** What the last round moved. */
  get changes(): number {
    const works = [...(this.last?.assigned.values() ?? []), ...(this.last?.revoked.values() ?? [])]
    return works.reduce((sum, work) => sum + work.connectors.length + work.tasks.length, 0)
  }
}

describe('a worker that joins', () => {
  it('gets its share in a second round, after the others have given it up', () => {
    const group = new Group().rebalance()
    expect([group.sizes, group.isComplete]).toEqual(['2 8', true])
    group.join('w2').rebalance()
    expect([group.sizes, group.delayMs]).toEqual(['0,1 0,4', 0])
    group.rebalance()
    expect([group.sizes, group.delayMs, group.isComplete]).toEqual(['1,1 4,4', 0, true])
    expect(group.rebalance().changes).toBe(0)
  })

  it('waits longer with each revocation that would follow right on another', () => {
    const group = new Group()
    group.configured.set('c3', connector('c3'))
    group.rebalance()
    expect(group.join('w2').rebalance().sizes).toBe('0,2 0,6')
    expect(group.join('w3').rebalance().sizes).toBe('0,1,2 3,3,6')
    expect(group.delayMs).toBe(40)
    group.nowMs += group.delayMs
    expect(group.join('w4').rebalance().sizes).toBe('0,0,1,1 0,3,3,3')
    expect(group.join('w5').rebalance().sizes).toBe('0,0,1,1,1 1,2,3,3,3')
    expect(group.delayMs).toBe(1_600)
    group.nowMs += group.delayMs
    expect(group.join('w6').rebalance().sizes).toBe('0,0,0,1,1,1 0,1,2,2,2,2')
    expect(group.delayMs).toBe(0)
    expect(group.rebalance().sizes).toBe('0,0,0,1,1,1 2,2,2,2,2,2')
    expect(group.isComplete).toBe(true)
  })

  it('takes from nobody while such a wait goes on', () => {
    const group = new Group()
    group.configured.set('c3', connector('c3'))
    group.rebalance().join('w2').rebalance().join('w3').rebalance()
    group.nowMs += group.delayMs / 2
    expect(group.join('w4').rebalance().sizes).toBe('0,0,1,2 0,3,3,6')
    expect(group.delayMs).toBe(20)
    group.nowMs += group.delayMs
    expect(group.join('w5').rebalance().sizes).toBe('0,0,0,1,1 0,0,2,3,3')
    expect(group.rebalance().sizes).toBe('0,0,1,1,1 2,2,2,3,3')
    expect(group.isComplete).toBe(true)
  })

  it('waits for nothing where the longest delay is 0, and 1 ms where that is 1', () => {
    const group = new Group(0)
    group.configured.set('c3', connector('c3'))
    group.rebalance().join('w2').rebalance()
    expect(group.join('w3').rebalance().sizes).toBe('0,1,1 3,3,4')
    expect(group.rebalance().sizes).toBe('1,1,1 4,4,4')
    const patient = new Group(1)
    patient.configured.set('c3', connector('c3'))
    patient.rebalance().join('w2').rebalance().join('w3').rebalance()
    expect([patient.sizes, patient.delayMs]).toEqual(['0,1,2 3,3,6', 1])
  })

  it('with work that another runs too has both give it up', () => {
    const group = new Group().rebalance()
    group.members.set('w2', connector('c1'))
    expect(group.rebalance().sizes).toBe('0,1 0,4')
    expect(group.rebalance().sizes).toBe('1,1 4,4')
    expect(group.isComplete).toBe(true)
    expect(group.rebalance().changes).toBe(0)
    const other = new Group().rebalance()
    other.configured.delete('c1')
    other.members.set('w2', connector('c1'))
    expect(other.rebalance().sizes).toBe('0,1 0,2')
    expect(other.rebalance().sizes).toBe('0,1 2,2')
    expect(other.isComplete).toBe(true)
  })
})

describe('what a lost worker ran', () => {
  const pair = (maxDelayMs?: number) => new Group(maxDelayMs).join('w2').rebalance()

  it('is dealt to the others when the delay has passed', () => {
    const group = pair()
    expect(group.sizes).toBe('1,1 4,4')
    group.leave('w2').rebalance()
    expect([group.changes, group.delayMs]).toEqual([0, MAX_DELAY_MS])
    group.nowMs += MAX_DELAY_MS / 2
    group.rebalance()
    expect([group.changes, group.delayMs]).toEqual([0, MAX_DELAY_MS / 2])
    group.nowMs += MAX_DELAY_MS / 2 + 1
    group.rebalance()
    expect([group.sizes, group.delayMs, group.isComplete]).toEqual(['2 8', 0, true])
  })

  it('goes to the one that came back within the delay, when the delay ends', () => {
    const group = pair().leave('w2').rebalance()
    group.nowMs += (MAX_DELAY_MS * 3) / 4
    group.join('w2-again').rebalance()
    expect([group.changes, group.delayMs]).toEqual([0, MAX_DELAY_MS / 4])
    group.nowMs += MAX_DELAY_MS / 4
    group.rebalance()
    expect(group.last?.revoked.size).toBe(0)
    expect([group.sizes, group.delayMs, group.isComplete]).toEqual(['1,1 4,4', 0, true])
  })

  it('is shared by all that came meanwhile, and by everybody where they left again', () => {
    const group = pair().leave('w2').rebalance().join('w3', 'w4').rebalance()
    group.nowMs += MAX_DELAY_MS
    expect(group.rebalance().sizes).toBe('0,1,1 2,2,3')
    expect(group.rebalance().sizes).toBe('0,1,1 2,3,3')
    const alone = pair().leave('w2').rebalance().join('w3').rebalance()
    alone.nowMs += MAX_DELAY_MS
    expect(alone.leave('w3').rebalance().sizes).toBe('2 8')
  })

  it('is dealt at once where the delay is 0, or where the leader is new', () => {
    expect(pair(0).leave('w2').rebalance().sizes).toBe('2 8')
    const group = new Group().join('w2', 'w3').rebalance()
    expect(group.sizes).toBe('0,1,1 2,3,3')
    group.leave('w1').newLeader()
    expect(group.rebalance().sizes).toBe('1,1 4,4')
    expect(group.delayMs).toBe(0)
    expect(group.rebalance().changes).toBe(0)
    expect(group.join('w1').rebalance().sizes).toBe('0,1,1 0,3,3')
    expect(group.rebalance().sizes).toBe('0,1,1 2,3,3')
  })
})

describe('an assignment that did not reach the workers', () => {
  it('is made anew without a delay, as nobody is missing', () => {
    const group = new Group().join('w2').rebalance({ reaches: false })
    expect(group.sizes).toBe('0,0 0,0')
    expect(group.rebalance().sizes).toBe('1,1 4,4')
    expect(group.delayMs).toBe(0)
  })

  it.each([
    ['with the generation completed', {}],
    ['with one generation missed', { lastCompleted: 1_001 }],
  ])('counts as a revocation, %s', (_, mismatch) => {
    const group = new Group().join('w2').rebalance().join('w3').rebalance({ reaches: false })
    expect(group.sizes).toBe('0,1,1 0,4,4')
    group.rebalance(mismatch)
    expect([group.sizes, group.delayMs]).toEqual(['0,1,1 0,4,4', 40])
    group.nowMs += group.delayMs
    expect(group.rebalance().sizes).toBe('0,1,1 0,3,3')
    expect(group.rebalance().sizes).toBe('0,1,1 2,3,3')
    expect(group.isComplete).toBe(true)
  })
})

it('what was revoked and runs on is what there was: work lost beside it is dealt as new', () => {
  const group = new Group().join('w2').rebalance().join('w3').rebalance({ reaches: false })
  group.leave('w2').rebalance()
  expect([group.sizes, group.delayMs]).toEqual(['1,1 4,4', MAX_DELAY_MS])
})

it('a connector that is deleted is revoked with its tasks', () => {
  const group = new Group().join('w2')
  group.configured.set('c3', connector('c3'))
  expect(group.rebalance().sizes).toBe('1,2 6,6')
  group.configured.delete('c3')
  expect(group.rebalance().sizes).toBe('1,1 4,4')
  expect(group.isComplete).toBe(true)
})

describe('work is dealt to those with the least', () => {
  const load = (worker: string, count: number) => {
    const names = Array.from({ length: count }, (_, i) => `${worker}-${i}`)
    return loadOf(worker, { connectors: names, tasks: [] })
  }
  const names = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `connector${from + i}`)

  it('in rounds over all where they have the same', () => {
    const loads = [load('w0', 2), load('w1', 2), load('w2', 2)]
    deal(loads, 'connectors', names(6, 11))
    expect(loads.map(({ connectors }) => connectors.slice(2))).toEqual([
      ['connector6', 'connector9'],
      ['connector7', 'connector10'],
      ['connector8'],
    ])
  })

  it('first to those that are behind', () => {
    const loads = [load('w0', 2), load('w1', 3), load('w2', 4), load('w3', 0)]
    deal(loads, 'connectors', names(9, 24))
    expect(loads.map(({ connectors }) => connectors.length)).toEqual([6, 6, 6, 6])
  })
})
