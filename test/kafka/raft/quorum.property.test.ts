import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { QuorumLogEntry } from '../../../src/kafka/quorum-messages.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { QuorumRig } from './quorum-rig.ts'

type Step =
  | { do: 'run'; ms: number }
  | { do: 'append' }
  | { do: 'crash' | 'power-loss' | 'start' | 'pause' | 'resume' | 'isolate'; voter: number }
  | { do: 'cut' | 'heal'; voter: number; other: number }

const step = (voters: number): fc.Arbitrary<Step> => {
  const voter = fc.nat(voters - 1)
  const on = (...names: ('crash' | 'power-loss' | 'start' | 'pause' | 'resume' | 'isolate')[]) =>
    fc.record({ do: fc.constantFrom(...names), voter })
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('run' as const), ms: fc.nat(4000) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const) }) },
    { weight: 2, arbitrary: on('start', 'start', 'resume') },
    { weight: 2, arbitrary: on('crash', 'power-loss', 'pause', 'isolate') },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('cut' as const, 'heal' as const),
        voter,
        other: voter,
      }),
    },
  )
}

/** Plays a story and checks, record by record, that history is written once. */
class Story {
  readonly rig: QuorumRig
  readonly ids: readonly number[]
  readonly ledger: QuorumLogEntry[] = []
  #appended = 0

  constructor(seed: number, voters: number, preVote: boolean) {
    this.ids = Array.from({ length: voters }, (_, i) => 101 + i)
    this.rig = new QuorumRig({
      seed: `story-${seed}`,
      voters: this.ids,
      observers: [1],
      guards: { preVote },
      onRecord: (node, offset, entry) => this.#check(node, offset, entry),
    }).startAll()
    this.rig.runUntilLeader()
  }

  play(step: Step): void {
    const { rig } = this
    switch (step.do) {
      case 'run':
        rig.run(step.ms * MS)
        return
      case 'append':
        this.append()
        rig.run(50 * MS)
        return
      case 'isolate':
        rig.isolate(this.#id(step.voter))
        return
      case 'cut':
      case 'heal':
        rig.link(this.#id(step.voter), this.#id(step.other), step.do === 'heal')
        return
      default:
        this.#disturb(step.do, this.#id(step.voter))
    }
  }

  append(): void {
    const record = {
      type: 'Config',
      resource: { type: 'topic', name: 't' },
      name: 'n',
      value: `${this.#appended++}`,
    } as const
    const thread = this.rig.leader?.thread
    thread?.append(thread.node.epoch, [record])
  }

  /** Heals everything and expects every node to end with the same log. */
  settle(): void {
    const { rig } = this
    rig.healAll()
    for (const { process } of rig.nodes.values()) {
      process.resume()
      process.start()
    }
    rig.run(40 * SECOND)
    this.append()
    rig.run(3 * SECOND)
    const logs = [...rig.nodes.values()].map(({ committed }) => committed.length)
    expect(new Set(logs).size, `logs ${logs}`).toBe(1)
    expect(logs[0]).toBe(this.ledger.length)
    const leaders = new Map<number, number>()
    for (const { role, epoch, node } of rig.transitions) {
      if (role !== 'Leader') continue
      expect(leaders.get(epoch) ?? node, `leader of epoch ${epoch}`).toBe(node)
      leaders.set(epoch, node)
    }
  }

  #id(index: number): number {
    return this.ids[index] ?? 101
  }

  #disturb(what: 'crash' | 'power-loss' | 'start' | 'pause' | 'resume', id: number): void {
    const { process, host } = this.rig.node(id)
    switch (what) {
      case 'crash':
        process.crash()
        return
      case 'power-loss':
        process.vanish()
        host.disk.powerLoss()
        return
      case 'start':
        process.start()
        return
      case 'pause':
        process.pause()
        return
      case 'resume':
        process.resume()
    }
  }

  /** Entries are shared between logs, so the same entry is the very same object. */
  #check(node: number, offset: number, entry: QuorumLogEntry): void {
    const known = this.ledger[offset]
    if (known === undefined) {
      expect(offset).toBe(this.ledger.length)
      this.ledger.push(entry)
    } else if (known !== entry) {
      throw new Error(`node ${node} was told another history at offset ${offset}`)
    }
  }
}

describe('whatever crashes, power losses, pauses and cuts a quorum meets', () => {
  for (const [voters, preVote] of [
    [3, true],
    [5, true],
    [3, false],
  ] as const) {
    it(`${voters} voters, pre-vote ${preVote ? 'on' : 'off'}: one leader an epoch, one log`, () => {
      let records = 0
      let epochs = 0
      fc.assert(
        fc.property(
          fc.nat(1_000_000),
          fc.array(step(voters), { minLength: 20, maxLength: 60 }),
          (seed, steps) => {
            const story = new Story(seed, voters, preVote)
            for (const each of steps) story.play(each)
            story.settle()
            records += story.ledger.length
            epochs += story.rig.leader?.thread.node.epoch ?? 0
          },
        ),
        { numRuns: 120, seed: 20_250_901 },
      )
      // The stories had something to lose: records were committed under several leaders.
      expect(records).toBeGreaterThan(900)
      expect(epochs).toBeGreaterThan(250)
    })
  }
})
