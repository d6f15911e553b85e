// Models: what becomes of a topic that one order names more than once: nothing, and it is told so.
// Leaves out: topics that are named by name and by id.
// Source: ControllerApis (createTopics, createPartitions, deleteTopics,
// handleIncrementalAlterConfigs).

import type { TopicOutcome } from '../admin-messages.ts'

interface Sorted<T> {
  /** To be judged, in their order. */
  readonly once: readonly T[]
  /** Answers for the others. */
  readonly refused: readonly TopicOutcome[]
}

/** No order knows which of two wishes for a topic was meant. */
export function sortOutDuplicates<T extends { readonly name: string }>(
  topics: readonly T[],
  what = 'topic name',
): Sorted<T> {
  const counts = new Map<string, number>()
  for (const { name } of topics) counts.set(name, (counts.get(name) ?? 0) + 1)
  const once = topics.filter(({ name }) => counts.get(name) === 1)
  const refused = [...counts.keys()]
    .filter((name) => counts.get(name) !== 1)
    .map((name): TopicOutcome => {
      return { name, error: 'INVALID_REQUEST', message: `duplicate ${what} '${name}'` }
    })
  return { once, refused }
}
