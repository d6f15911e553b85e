// Keys of records, as the producers of a scenario have given them: a key stays with its record on
// every link that it crosses.

import { type History, RECORDS_PER_STREAM } from '../../history.ts'
import { partitionForKey, utf8 } from '../../kafka/clients/murmur2.ts'
import type { IdRange } from '../../kafka/id-ranges.ts'
import type { RecordId } from '../../kafka/ids.ts'
import type { RecordKeys } from '../../mirror/record-keys.ts'
import type { Scenario } from '../../scenario/model.ts'

/** Where a producer's keys sent a stream of records. */
interface KeyedHome {
  readonly keys: number
  readonly number: number
  /** Partitions of the topic that the records were written to. */
  readonly partitions: number
}

/**
 * Keys are 0, 1, 2, … as text. A producer without keys, or one that chooses its partitions itself,
 * has records without one.
 */
export class ScenarioKeys implements RecordKeys {
  readonly #history: Pick<History, 'streams' | 'partitions'>
  readonly #scenario: Pick<Scenario, 'producers' | 'topics'>
  /** By home and number of partitions: where each of the home's keys goes, key by key. */
  readonly #choices = new Map<string, readonly number[]>()

  constructor(
    history: Pick<History, 'streams' | 'partitions'>,
    scenario: Pick<Scenario, 'producers' | 'topics'>,
  ) {
    this.#history = history
    this.#scenario = scenario
  }

  /** The keys of one partition are in turn those of its records. */
  partitionOf(record: RecordId, partitions: number): number | null {
    const home = this.#homeOf(record)
    if (home === null) return null
    const choices = this.#choicesOf(home, partitions)
    return choices[(record % RECORDS_PER_STREAM) % choices.length] ?? null
  }

  /** True for records without keys: there is nothing by which they could part. */
  isUniform({ firstRecordId }: IdRange, partitions: number): boolean {
    const home = this.#homeOf(firstRecordId)
    // A hash modulo six says what it is modulo three.
    return home === null || home.partitions % partitions === 0
  }

  /** null: the record has no key. */
  #homeOf(record: RecordId): KeyedHome | null {
    const stream = this.#history.streams[Math.floor(record / RECORDS_PER_STREAM)]
    if (stream === undefined) return null
    const { producers, topics } = this.#scenario
    const producer = producers.find(({ name }) => name === stream.producer)
    const home = this.#history.partitions[stream.partition]
    if (producer === undefined || home === undefined) return null
    if (producer.keys === null || producer.partitions !== null) return null
    const topic = topics.find(
      ({ cluster, name }) => cluster === home.cluster && name === home.topic,
    )
    if (topic === undefined) return null
    return { keys: producer.keys, number: home.number, partitions: topic.partitions }
  }

  #choicesOf({ keys, number, partitions }: KeyedHome, among: number): readonly number[] {
    const id = `${keys}/${number}/${partitions}/${among}`
    const known = this.#choices.get(id)
    if (known !== undefined) return known
    const choices: number[] = []
    for (let key = 0; key < keys; key++) {
      const bytes = utf8(String(key))
      if (partitionForKey(bytes, partitions) === number) choices.push(partitionForKey(bytes, among))
    }
    this.#choices.set(id, choices)
    return choices
  }
}
