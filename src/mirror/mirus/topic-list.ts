// Models: which topics Mirus mirrors, and which of their partitions the destination can
// take.
// Leaves out: RegexRouter; Kafka's own topics, which .* would take as well.
// Source: com.salesforce.mirus: KafkaMonitor (fetchMatchingPartitions), SourcePartitionValidator.

import type { MirusSettings } from '../../kafka/settings/modelled.ts'
import { type NamedPartition, partitionsOf } from '../connect/deal-in-turn.ts'

/** A topic and the number of its partitions. */
export interface ListedTopic {
  readonly name: string
  readonly partitions: number
}

/**
 * The whitelist, the expression and the list of expressions add up; without all three nothing is
 * chosen.
 */
export class TopicChoice {
  readonly #names: ReadonlySet<string>
  readonly #patterns: readonly RegExp[]

  /** @throws SyntaxError where an expression is none */
  constructor(settings: MirusSettings) {
    this.#names = new Set(itemsOf(settings['topics.whitelist']))
    const patterns = [settings['topics.regex'], ...itemsOf(settings['topics.regex.list'])]
    this.#patterns = patterns
      .filter((pattern) => pattern !== '')
      .map((pattern) => new RegExp(`^(?:${pattern})$`))
  }

  /** A whole name must match. */
  accepts(topic: string): boolean {
    return this.#names.has(topic) || this.#patterns.some((pattern) => pattern.test(topic))
  }
}

function itemsOf(list: string): string[] {
  const items = list.split(',').map((item) => item.trim())
  return items.filter((item) => item !== '')
}

/**
 * What is mirrored now, in Mirus's order. The check looks for the source's own name at the
 * destination, not for the one with prefix and suffix: only a router changes the name it looks for.
 */
export function mirroredPartitions(
  settings: MirusSettings,
  source: readonly ListedTopic[],
  destination: readonly ListedTopic[],
): NamedPartition[] {
  const choice = new TopicChoice(settings)
  const there = new Map(destination.map(({ name, partitions }) => [name, partitions]))
  const isChecked = settings['enable.destination.topic.checking']
  const byNumber = settings['enable.partition.matching']
  const isHealthy = ({ topic, number }: NamedPartition) => {
    const partitions = there.get(topic)
    return partitions !== undefined && (!byNumber || number < partitions)
  }
  return partitionsOf(source.filter(({ name }) => choice.accepts(name)))
    .filter((partition) => !isChecked || isHealthy(partition))
    .sort((a, b) => compareNames(keyOf(a), keyOf(b)))
}

/** Topic and number without anything between: 'orders10' stands before 'orders2'. */
function keyOf({ topic, number }: NamedPartition): string {
  return `${topic}${number}`
}

function compareNames(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Prefix, name, suffix: Mirus knows no policy class, and without both the name stays as it is. */
export function destinationTopic(settings: MirusSettings, topic: string): string {
  const { 'destination.topic.name.prefix': prefix, 'destination.topic.name.suffix': suffix } =
    settings
  return `${prefix}${topic}${suffix}`
}
