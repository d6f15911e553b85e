// Models: a committed record that does not fit what was replayed before it.
// Leaves out: faults of publishers, which Kafka only logs; metrics of either.
// Source: QuorumController.handleCommit, MetadataBatchLoader.replay, SharedServer's fault handlers.

import { InvariantViolation } from '../../sim/invariant.ts'

/**
 * Kept voters never show one. After a voter's disk was lost two logs may carry the same epochs over
 * different records, which no comparison of epochs finds: a node that has applied one and reads on
 * in the other meets a change of what it never heard of.
 */
export class ReplayFault extends InvariantViolation {}

/** @throws ReplayFault with the facts when a record does not fit */
export function fits(
  condition: unknown,
  sentence: string,
  facts: Record<string, unknown>,
): asserts condition {
  if (!condition) throw new ReplayFault(sentence, facts)
}
