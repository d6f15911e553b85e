import { expect, it } from 'vitest'
import type { Request, Response } from '../../../src/kafka/messages.ts'
import type { RpcCaller } from '../../../src/kafka/network/rpc.ts'
import { MirrorEnds } from '../../../src/mirror/cluster-link/mirror-ends.ts'

it('ends of mirrors are those of replicas here, and of others what their leaders tell', () => {
  const asked: { node: number; request: Request; caller: RpcCaller }[] = []
  const host = {
    endsOf: (index: number) => (index === 0 ? { start: 5, end: 9 } : null),
    leaderOf: (index: number) => (index === 3 ? -1 : 10 + index),
  }
  const local = {
    askNode: (node: number, request: Request, caller: RpcCaller) => {
      asked.push({ node, request, caller })
    },
  }
  const told: ReadonlyMap<number, { start: number; end: number }>[] = []
  new MirrorEnds(host, local).of([0, 1, 2, 3], (ends) => told.push(ends))
  expect(asked.map(({ node }) => node)).toEqual([11, 12])
  expect(told).toEqual([])
  for (const { node, request, caller } of asked) {
    const offset = node === 11 ? 40 : -1
    const error = node === 11 ? ('NONE' as const) : ('NOT_LEADER_OR_FOLLOWER' as const)
    const answer = { partition: node - 10, error, offset, timestamp: -1, leaderEpoch: -1 }
    const response: Response = { api: 'ListOffsets', partitions: [answer] }
    caller.onReply(request, response, null, node)
  }
  expect(told).toEqual([
    new Map([
      [0, { start: 5, end: 9 }],
      [1, { start: 0, end: 40 }],
    ]),
  ])
})
