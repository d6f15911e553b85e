// Models: how the partitions that a connector copies are dealt to its tasks.
// Leaves out: nothing.
// Source: MirrorSourceConnector.taskConfigs, com.salesforce.mirus.RoundRobinTaskAssignor.

import { invariant } from '../../sim/invariant.ts'
import { fieldOf, isListOf } from '../../sim/plain-data.ts'

/** One partition of the source, as tasks are told of it. */
export interface NamedPartition {
  readonly topic: string
  readonly number: number
}

/** The partitions in a task's configuration. */
export function assignedPartitions(config: unknown): readonly NamedPartition[] {
  invariant(isListOf(config, isNamedPartition), 'a source task is told its partitions')
  return config
}

function isNamedPartition(item: unknown): item is NamedPartition {
  return typeof fieldOf(item, 'topic') === 'string' && typeof fieldOf(item, 'number') === 'number'
}

/** Every partition of some topics. */
export function partitionsOf(
  topics: readonly { readonly name: string; readonly partitions: number }[],
): NamedPartition[] {
  return topics.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, number) => ({ topic: name, number })),
  )
}

/** In turn, to at most `tasksMax` tasks and to none without a partition. */
export function dealInTurn<T>(items: readonly T[], tasksMax: number): T[][] {
  invariant(tasksMax >= 1, 'somebody is there to deal to', { tasksMax })
  const tasks: T[][] = Array.from({ length: Math.min(items.length, tasksMax) }, () => [])
  for (const [i, item] of items.entries()) tasks[i % tasks.length]?.push(item)
  return tasks
}
