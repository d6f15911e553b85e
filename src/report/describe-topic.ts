// What `kafka-topics --describe` prints, byte for byte, tabs included.

import type { TopicDescription } from '../contract.ts'

/** Kafka's own filters: they print matching partitions without the topics' own lines. */
export type TopicFilter = 'under-replicated' | 'under-min-isr' | 'at-min-isr' | 'unavailable'

type Partition = TopicDescription['partitions'][number]

/**
 * Without a filter, a head line a topic and its partitions; with one, only the partitions that
 * match, without heads, as the tool does with `--under-replicated-partitions` and its like.
 */
export function describeTopics(
  topics: readonly TopicDescription[],
  filter: TopicFilter | null = null,
): string {
  const lines: string[] = []
  for (const topic of topics) {
    if (filter === null) lines.push(topicLine(topic))
    for (const partition of topic.partitions) {
      if (filter === null || matches(partition, filter)) {
        lines.push(partitionLine(topic.name, partition))
      }
    }
  }
  return lines.map((line) => `${line}\n`).join('')
}

function topicLine(topic: TopicDescription): string {
  const configs = topic.configs.map(([name, value]) => `${name}=${value}`).join(',')
  return [
    `Topic: ${topic.name}`,
    `TopicId: ${topic.topicId}`,
    `PartitionCount: ${topic.partitions.length}`,
    `ReplicationFactor: ${topic.replicationFactor}`,
    `Configs: ${configs}`,
  ].join('\t')
}

function partitionLine(topic: string, partition: Partition): string {
  const fields = [
    '',
    `Topic: ${topic}`,
    `Partition: ${partition.number}`,
    `Leader: ${partition.leader < 0 ? 'none' : partition.leader}`,
    `Replicas: ${partition.replicas.join(',')}`,
    `Isr: ${partition.isr.join(',')}`,
    `Elr: ${partition.elr.join(',')}`,
    `LastKnownElr: ${partition.lastKnownElr.join(',')}`,
  ]
  if (partition.observers !== null) {
    fields.push(`Offline: ${(partition.offline ?? []).join(',')}`)
    fields.push(`Observers: ${partition.observers.join(',')}`)
  }
  return fields.join('\t')
}

function matches(partition: Partition, filter: TopicFilter): boolean {
  const inSync = partition.isr.length
  switch (filter) {
    case 'under-replicated':
      return inSync < partition.replicas.length - (partition.observers ?? []).length
    case 'under-min-isr':
      return inSync < partition.minIsr
    case 'at-min-isr':
      return inSync === partition.minIsr
    case 'unavailable':
      return partition.leader < 0 || (partition.offline ?? []).includes(partition.leader)
  }
}
