// Source of the expected answers: DefaultAlterPartitionManager.

import { describe, expect, it } from 'vitest'
import { AlterPartitionManager } from '../../../src/kafka/broker/alter-partition-manager.ts'
import type { AlterPartitionResponse } from '../../../src/kafka/messages.ts'
import { committedIsr, pendingShrink } from '../../../src/kafka/partition/isr-state.ts'
import type { IsrAnswer, IsrProposal } from '../../../src/kafka/partition/partition-ports.ts'
import { MS } from '../../../src/sim/time.ts'
import { HeldController, oneProcess } from './scripted.ts'

/** A proposal of broker 1 to go on alone. */
function proposal(partition: number): IsrProposal {
  const pending = pendingShrink(committedIsr([1, 2], 'RECOVERED'), [2])
  const epochs = { leaderEpoch: 3, partitionEpoch: 5, recovery: 'RECOVERED' } as const
  return { partition, ...epochs, newIsr: [{ id: 1, brokerEpoch: 9 }], pending }
}

class Rig {
  readonly answers: string[] = []
  readonly controller: HeldController
  readonly manager: AlterPartitionManager
  readonly #world

  constructor() {
    const { world, process } = oneProcess()
    this.#world = world
    this.controller = new HeldController(() => world.now)
    this.manager = new AlterPartitionManager(process, 1, this.controller, () => 9)
  }

  submit(partition: number): boolean {
    const onIsrAnswer = (one: IsrProposal, { error }: IsrAnswer) =>
      void this.answers.push(`${one.partition} ${error}`)
    return this.manager.submit(proposal(partition), { onIsrAnswer })
  }

  /** The controller answers for these partitions; with an error of the whole request or without. */
  answer(partitions: readonly number[], error: AlterPartitionResponse['error'] = 'NONE'): void {
    const epochs = { leader: 1, leaderEpoch: 3, partitionEpoch: 6, recovery: 'RECOVERED' } as const
    const entries = partitions.map((partition) => {
      return { partition, error: 'NONE' as const, ...epochs, isr: [1] }
    })
    this.controller.answer({ api: 'AlterPartition', error, partitions: entries })
    this.manager.assertWhole()
  }

  asked(): (number[] | null)[] {
    return this.controller.requests.map(({ request }) =>
      request.api === 'AlterPartition' ? request.partitions.map((one) => one.partition) : null,
    )
  }

  wait(millis: number): void {
    this.#world.scheduler.run(this.#world.now + millis * MS)
  }
}

describe('proposals of an ISR', () => {
  it('go one a partition, and what comes meanwhile goes with the next request', () => {
    const rig = new Rig()
    expect([0, 1, 1, 0].map((partition) => rig.submit(partition))).toEqual([
      ...[true, true, false, false],
    ])
    expect(rig.asked()).toEqual([[0]])
    rig.answer([0])
    expect([rig.answers, rig.asked()]).toEqual([['0 NONE'], [[0], [1]]])
    expect(rig.submit(0)).toBe(true)
  })

  it.each([
    ['refused as a whole', (rig: Rig) => rig.answer([0], 'STALE_BROKER_EPOCH')],
    ['not answered', (rig: Rig) => rig.controller.answer(null, 'timed-out')],
  ])('are repeated after 50 ms where they are %s, and nobody is told', (_what, refuse) => {
    const rig = new Rig()
    rig.submit(0)
    refuse(rig)
    rig.wait(49)
    expect([rig.answers, rig.asked()]).toEqual([[], [[0]]])
    rig.wait(1)
    rig.answer([0])
    expect([rig.answers, rig.asked()]).toEqual([['0 NONE'], [[0], [0]]])
  })

  it('that an answer leaves out go again with the next', () => {
    const rig = new Rig()
    rig.submit(0)
    rig.answer([])
    expect([rig.answers, rig.asked()]).toEqual([[], [[0], [0]]])
  })
})
