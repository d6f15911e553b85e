import { describe, expect, it } from 'vitest'
import { refusal, serveAllowed } from '../../../src/kafka/authorizer/verdict.ts'
import type { Request, Response } from '../../../src/kafka/messages.ts'
import type { Reply } from '../../../src/kafka/network/rpc.ts'

const NOTHING: Response = { api: 'OffsetCommit', error: 'NONE' }
const REFUSED: Response = { api: 'OffsetCommit', error: 'TOPIC_AUTHORIZATION_FAILED' }
const REQUEST: Request = { api: 'ListGroups' }

function asked() {
  const sent: (Response | null | 'done')[] = []
  const reply: Reply = {
    principal: 'User:shop',
    send: (response) => void sent.push(response),
    done: () => void sent.push('done'),
  }
  return { sent, reply }
}

describe('serving what is allowed', () => {
  const half = { allowed: REQUEST, answer: () => REFUSED }

  it('serves nothing of a refusal', () => {
    const { sent, reply } = asked()
    serveAllowed(refusal(REFUSED), reply, () => expect.unreachable())
    expect(sent).toEqual([REFUSED])
  })

  it('answers for both parts, and keeps in mind who asked', () => {
    const { sent, reply } = asked()
    serveAllowed(half, reply, (request, told) => {
      expect([request, told.principal]).toEqual([REQUEST, 'User:shop'])
      told.send(NOTHING)
    })
    expect(sent).toEqual([REFUSED])
  })

  it('closes the connection where the handler does, and where nobody waits for an answer', () => {
    const { sent, reply } = asked()
    serveAllowed(half, reply, (_, told) => told.send(null))
    serveAllowed(half, reply, (_, told) => told.done())
    expect(sent).toEqual([null, null])
  })
})
