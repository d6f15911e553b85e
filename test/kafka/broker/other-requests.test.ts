import { describe, expect, test } from 'vitest'
import { recoveryTime } from '../../../src/kafka/broker/broker.ts'
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
})
