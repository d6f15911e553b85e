import { describe, expect, it } from 'vitest'
import type { ForwardedRequest } from '../../../src/kafka/admin-messages.ts'
import { alterAcls, judgeEnvelope } from '../../../src/kafka/controller/acl-control.ts'
import { ControllerState } from '../../../src/kafka/controller/controller-state.ts'
import { guardsFor } from '../../../src/kafka/version.ts'
import { right, SHOP } from '../authorizer/lists.ts'

const CLOSED = { superUsers: ['User:admin'], allowEveryoneIfNoAclFound: false }

function controller(authorizer: typeof CLOSED | null, ...rights: readonly string[]) {
  const state = new ControllerState({
    nodeId: 101,
    ...{ guards: guardsFor('4.1'), sessionTimeout: 9_000_000, minInsyncReplicas: 1 },
    ...{ uncleanLeaderElectionEnable: false, authorizer },
  })
  for (const text of rights) state.replay({ type: 'AccessControlEntry', acl: right(text) }, 0)
  return state
}

describe('an order about access control lists', () => {
  const read = right('READ topic orders')
  const write = right('WRITE topic orders')

  it('writes down what is new, once', () => {
    const state = controller(CLOSED, 'READ topic orders')
    const { records, reply } = alterAcls(state, { api: 'CreateAcls', acls: [read, write, write] })
    expect(records).toEqual([{ type: 'AccessControlEntry', acl: write }])
    expect(reply.error).toBe('NONE')
  })

  it('removes what is there, and nothing else', () => {
    const state = controller(CLOSED, 'READ topic orders')
    const { records } = alterAcls(state, { api: 'DeleteAcls', acls: [read, write] })
    expect(records).toEqual([{ type: 'RemoveAccessControlEntry', acl: read }])
  })

  it('is refused where there is no authorizer', () => {
    const { records, reply } = alterAcls(controller(null), { api: 'CreateAcls', acls: [read] })
    expect([records, reply.error]).toEqual([[], 'SECURITY_DISABLED'])
  })
})

describe('a request that a broker hands on', () => {
  const topic = { partitions: 1, replicationFactor: 1, configs: {} }
  const create: ForwardedRequest = {
    api: 'CreateTopics',
    topics: [
      { ...topic, name: 'orders' },
      { ...topic, name: 'returns' },
    ],
  }
  const judged = (request: ForwardedRequest, ...rights: readonly string[]) =>
    judgeEnvelope(controller(CLOSED, ...rights), {
      ...{ api: 'Envelope', request, client: { principal: SHOP, host: 'office' } },
    })

  it('is judged for the client that sent it, topic by topic', () => {
    expect(judged(create, 'CREATE cluster')).toBeNull()
    const verdict = judged(create, 'CREATE topic orders')
    expect(verdict?.allowed).toMatchObject({ topics: [{ name: 'orders' }] })
    const done = { name: 'orders', error: 'NONE' as const, message: '' }
    expect(verdict?.answer({ api: 'CreateTopics', topics: [done] })).toMatchObject({
      topics: [done, { name: 'returns', error: 'TOPIC_AUTHORIZATION_FAILED' }],
    })
    expect(judged(create)?.allowed).toBeNull()
  })

  it.each<[string, ForwardedRequest]>([
    [
      'ALTER topic orders',
      { api: 'CreatePartitions', topics: [{ name: 'orders', partitions: 2 }] },
    ],
    [
      'ALTER_CONFIGS topic orders',
      { api: 'IncrementalAlterConfigs', topics: [{ name: 'orders', configs: {} }] },
    ],
    ['DELETE topic orders', { api: 'DeleteTopics', topics: [{ name: 'orders' }] }],
    ['DELETE cluster', { api: 'DeleteTopics', topics: [{ name: 'orders' }] }],
    ['ALTER cluster', { api: 'CreateAcls', acls: [right('READ topic orders')] }],
    ['ALTER cluster', { api: 'DeleteAcls', acls: [right('READ topic orders')] }],
  ])('takes %s', (needed, request) => {
    expect(judged(request, needed)).toBeNull()
    expect(judged(request, 'READ topic orders', 'CREATE cluster')?.allowed).toBeNull()
  })

  it('is the broker’s own where it names nobody, and everybody’s without an authorizer', () => {
    expect(judgeEnvelope(controller(CLOSED), { api: 'Envelope', request: create })).toBeNull()
    const envelope = { api: 'Envelope', request: create, principal: SHOP } as const
    expect(judgeEnvelope(controller(null), envelope)).toBeNull()
  })
})
