import { describe, expect, test } from 'vitest'
import type { AllocateProducerIdsResponse } from '../../../src/kafka/messages.ts'
import { millis, SECOND } from '../../../src/sim/time.ts'
import { type BrokerBench, started } from './broker-bench.ts'

const WITHOUT_BLOCK = { error: 'COORDINATOR_LOAD_IN_PROGRESS', producerId: -1, producerEpoch: -1 }

const ask = (bench: BrokerBench) => bench.ask(1, { api: 'InitProducerId' })

/** The controller, or the channel to it, answers the oldest question. */
function answer(bench: BrokerBench, response: Partial<AllocateProducerIdsResponse> | null): void {
  const call = bench.toController.shift()
  if (call?.request.api !== 'AllocateProducerIds') throw new Error('nobody asked for ids')
  const whole = {
    api: 'AllocateProducerIds',
    error: 'NONE',
    firstProducerId: -1,
    count: 0,
  } as const
  call.caller.onReply(call.request, response && { ...whole, ...response }, null, 100)
}

const block = (firstProducerId: number, count = 1_000) => ({ firstProducerId, count })

describe('producer ids of a broker', () => {
  test('without a block who asks is refused at once; one request goes to the controller', () => {
    const bench = started([1])
    expect([ask(bench), ask(bench)]).toMatchObject([[WITHOUT_BLOCK], [WITHOUT_BLOCK]])
    expect(bench.toController.map(({ request }) => request.api)).toEqual(['AllocateProducerIds'])
    answer(bench, block(1_000))
    expect([ask(bench), ask(bench)]).toMatchObject([
      [{ error: 'NONE', producerId: 1_000, producerEpoch: 0 }],
      [{ error: 'NONE', producerId: 1_001, producerEpoch: 0 }],
    ])
    expect(bench.toController).toEqual([])
  })

  test('the next block is asked for with the id at 90 % of one, and nobody waits for it', () => {
    const bench = started([1])
    ask(bench)
    answer(bench, block(0, 20))
    for (let id = 0; id < 18; id++) ask(bench)
    expect(bench.toController).toHaveLength(0)
    ask(bench)
    expect(bench.toController).toHaveLength(1)
    ask(bench)
    answer(bench, block(60, 20))
    expect(ask(bench)).toMatchObject([{ error: 'NONE', producerId: 60 }])
    expect(bench.toController).toHaveLength(0)
  })

  test('after the controller’s refusal nobody asks it again for 50 ms, then who comes', () => {
    const bench = started([1])
    ask(bench)
    answer(bench, { error: 'STALE_BROKER_EPOCH' })
    bench.run(millis(49))
    expect([ask(bench), bench.toController.length]).toMatchObject([[WITHOUT_BLOCK], 0])
    bench.run(millis(1))
    expect(bench.toController).toHaveLength(0)
    expect([ask(bench), bench.toController.length]).toMatchObject([[WITHOUT_BLOCK], 1])
  })

  test('a request that the channel gave up is made anew by the next who comes', () => {
    const bench = started([1])
    ask(bench)
    answer(bench, null)
    expect([ask(bench), bench.toController.length]).toMatchObject([[WITHOUT_BLOCK], 1])
  })
})

describe('producer ids of a broker before 3.6', () => {
  const old = () => started([1], { version: '3.5' })

  test('who finds no block waits for it, in order', () => {
    const bench = old()
    const waiting = [ask(bench), ask(bench)]
    expect(waiting).toEqual([[], []])
    expect(bench.toController).toHaveLength(1)
    answer(bench, { error: 'BROKER_ID_NOT_REGISTERED' })
    answer(bench, block(1_000))
    bench.run(0)
    expect([...waiting, ask(bench)]).toMatchObject([
      [{ producerId: 1_000, producerEpoch: 0 }],
      [{ producerId: 1_001 }],
      [{ producerId: 1_002 }],
    ])
  })

  test('each waits for request.timeout.ms, one after the other', () => {
    const bench = old()
    const [first, second] = [ask(bench), ask(bench)]
    bench.run(30 * SECOND)
    expect([first, second]).toMatchObject([[WITHOUT_BLOCK], []])
    bench.run(30 * SECOND)
    expect(second).toMatchObject([WITHOUT_BLOCK])
  })
})
