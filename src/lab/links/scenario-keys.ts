// Keys of records, as the producers of a scenario have given them: a key stays with its record on
// every link that it crosses.

import { keyOfRecord } from '../../history/key-of-record.ts'
import { type History, RECORDS_PER_STREAM } from '../../history.ts'
import { partitionForKey, utf8 } from '../../kafka/clients/murmur2.ts'
import type { IdRange } from '../../kafka/id-ranges.ts'
import type { RecordId } from '../../kafka/ids.ts'
import type { RecordKeys } from '../../mirror/record-keys.ts'
import type { Scenario } from '../../scenario/model.ts'

/**
 * Keys are 0, 1, 2, … as text. A producer without keys, or one that chooses its partitions itself,
 * has records without one.
 */
export class ScenarioKeys implements RecordKeys {
  readonly #history: Pick<History, 'streams' | 'partitions'>
  readonly #topics: Scenario['topics']
  /** By number of partitions: where each key goes. */
  readonly #choices = new Map<number, Map<number, number>>()

  constructor(
    history: Pick<History, 'streams' | 'partitions'>,
    { topics }: Pick<Scenario, 'topics'>,
  ) {
    this.#history = history
    this.#topics = topics
  }

  /** By Kafka's own hash of the key that the record has. */
  partitionOf(record: RecordId, partitions: number): number | null {
    const stream = this.#streamOf(record)
    const key = stream === undefined ? null : keyOfRecord(stream, record)
    return key === null ? null : this.#choiceOf(key, partitions)
  }

  /** True for records without keys: there is nothing by which they could part. */
  isUniform({ firstRecordId }: IdRange, partitions: number): boolean {
    const stream = this.#streamOf(firstRecordId)
    if (stream?.keys === undefined) return true
    const home = this.#history.partitions[stream.partition]
    const topic = this.#topics.find(
      ({ cluster, name }) => cluster === home?.cluster && name === home.topic,
    )
    // A hash modulo six says what it is modulo three.
    return topic === undefined || topic.partitions % partitions === 0
  }

  #streamOf(record: RecordId): History['streams'][number] | undefined {
    return this.#history.streams[Math.floor(record / RECORDS_PER_STREAM)]
  }

  #choiceOf(key: number, among: number): number {
    const choices = this.#choices.get(among) ?? new Map<number, number>()
    this.#choices.set(among, choices)
    const known = choices.get(key)
    if (known !== undefined) return known
    const choice = partitionForKey(utf8(String(key)), among)
    choices.set(key, choice)
    return choice
  }
}
