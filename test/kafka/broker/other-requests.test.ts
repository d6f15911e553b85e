import { describe, expect, test } from 'vitest'
import { recoveryTime } from '../../../src/kafka/broker/broker.ts'
import { millis } from '../../../src/sim/time.ts'
import { produced } from '../log/batches.ts'
import { errorOf, produceOf, started } from './broker-bench.ts'

describe('other requests', () => {
  test('a starting broker serves nobody until it is unfenced, a fenced one goes on', () => {
    const bench = started([1, 2])
    const ask = () => bench.ask(2, { api: 'Metadata', topics: ['t'] })
    const own = { brokerId: 2, brokerEpoch: bench.brokers.get(2)?.epoch ?? -1 }
    bench.commit({ type: 'BrokerRegistrationChange', ...own, fenced: true })
    expect(ask()).toMatchObject([{ api: 'Metadata' }])
    bench.restart(2, true)
    expect(ask()).toEqual([null])
    const again = { brokerId: 2, brokerEpoch: bench.brokers.get(2)?.epoch ?? -1 }
    bench.commit({ type: 'BrokerRegistrationChange', ...again, fenced: false })
    expect(ask()).toMatchObject([{ api: 'Metadata' }])
  })

  test('metadata names the leader, or says that there is none', () => {
    const bench = started([1, 2])
    bench.commit({ type: 'PartitionChange', partition: 0, leader: -1 })
    expect(bench.ask(1, { api: 'Metadata', topics: ['t', 'u'] })).toMatchObject([
      {
        brokers: [
          { id: 1, rack: 'rack1' },
          { id: 2, rack: 'rack2' },
        ],
        topics: [
          { name: 't', partitions: [{ error: 'LEADER_NOT_AVAILABLE', leader: -1 }] },
          { name: 'u', error: 'UNKNOWN_TOPIC_OR_PARTITION' },
        ],
      },
    ])
  })

  test('a known producer gets its next epoch without any block', () => {
    const bench = started([1])
    const asked = { api: 'InitProducerId', producerId: 7, producerEpoch: 3 } as const
    expect(bench.ask(1, asked)).toMatchObject([{ producerId: 7, producerEpoch: 4 }])
    expect(bench.toController).toEqual([])
  })

  test('a refused block is asked for again after 50 ms', () => {
    const bench = started([1])
    const answers = bench.ask(1, { api: 'InitProducerId', producerId: -1, producerEpoch: -1 })
    const call = bench.toController.shift()
    if (call === undefined) throw new Error('no request')
    const refused = { error: 'STALE_BROKER_EPOCH', firstProducerId: 5, count: 5 } as const
    call.caller.onReply(call.request, { api: 'AllocateProducerIds', ...refused }, null, 100)
    bench.run(millis(49))
    expect(bench.toController).toEqual([])
    bench.run(millis(1))
    expect([answers, bench.toController.length]).toEqual([[], 1])
  })

  test('with an authorizer a stranger may not write, and a node of the cluster may', () => {
    const authorizer = { superUsers: [], allowEveryoneIfNoAclFound: false }
    const bench = started([1], { broker: { authorizer } })
    const ask = (principal?: string) => {
      const answers: unknown[] = []
      const reply = { send: (response: unknown) => answers.push(response), done: () => {} }
      bench.broker(1).handle(produceOf(produced(), 1), { ...reply, principal })
      return errorOf(answers)
    }
    expect([ask('User:shop'), ask()]).toEqual(['TOPIC_AUTHORIZATION_FAILED', 'NONE'])
  })

  test('what must be scanned after an unclean stop takes its time', () => {
    const opening = { isClean: false, bytesToRecover: 3 * 1_048_576 }
    expect(recoveryTime(opening, 20_000)).toBe(60_000)
  })

  test('producer ids come from a block of the controller’s, each once', () => {
    const bench = started([1])
    const ask = () => bench.ask(1, { api: 'InitProducerId', producerId: -1, producerEpoch: -1 })
    const [first, second] = [ask(), ask()]
    expect(first).toEqual([])
    expect(bench.toController).toHaveLength(1)
    const call = bench.toController.shift()
    const block = { firstProducerId: 1000, count: 1000 }
    if (call === undefined) throw new Error('no request')
    const response = { api: 'AllocateProducerIds', error: 'NONE', ...block } as const
    call.caller.onReply(call.request, response, null, 100)
    expect([first, second, ask()]).toMatchObject([
      [{ producerId: 1000, producerEpoch: 0 }],
      [{ producerId: 1001 }],
      [{ producerId: 1002 }],
    ])
  })
})
