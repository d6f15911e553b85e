// Models: what an authorizer leaves of a request, and how the answer tells of the rest.
// Leaves out: nothing.
// Source: kafka.server.KafkaApis: each handler adds what it refused to what it was answered.

import type { Request, Response } from '../messages.ts'
import type { Reply } from '../network/rpc.ts'

/** Of a request that is not allowed as a whole. */
export interface Verdict<Q extends Request = Request, A extends Response = Response> {
  /** The part that is allowed; null for none. */
  readonly allowed: Q | null
  /**
   * What the asker hears of both parts; null: his connection is closed.
   * @param served the answer to the allowed part; null where there was none
   */
  answer(served: A | null): A | null
}

/** Nothing of it is allowed. */
export function refusal<A extends Response>(answer: A): Verdict<never, A> {
  return { allowed: null, answer: () => answer }
}

/** Parts a request's entries into those that are allowed and those that are not. */
export function parted<T>(all: readonly T[], isAllowed: (one: T) => boolean): readonly [T[], T[]] {
  const allowed: T[] = []
  const refused: T[] = []
  for (const one of all) (isAllowed(one) ? allowed : refused).push(one)
  return [allowed, refused]
}

/** Serves the allowed part, and answers for both. */
export function serveAllowed(
  verdict: Verdict,
  reply: Reply,
  serve: (request: Request, reply: Reply) => void,
): void {
  const { allowed } = verdict
  if (allowed === null) {
    reply.send(verdict.answer(null))
    return
  }
  serve(allowed, {
    principal: reply.principal,
    host: reply.host,
    send: (served) => reply.send(served === null ? null : verdict.answer(served)),
    // Who waits for no answer learns of a refusal by the end of his connection only.
    done: () => reply.send(null),
  })
}
