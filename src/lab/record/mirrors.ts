// Records the states of mirror topics, and when one became a topic to write to.

import type { History } from '../../history.ts'
import type {
  MirrorPartitionRecord,
  MirrorTopicRecord,
} from '../../kafka/metadata/mirror-records.ts'
import type { MetadataRecord } from '../../kafka/metadata/records.ts'
import { backOf } from '../../scenario/links.ts'
import type { Micros } from '../../sim/time.ts'
import type { Clock } from './clock.ts'

/**
 * A mirror that stops becomes a promotion of its link: its topic takes writes from then on. Events
 * of a topic are chained, each the cause of the next.
 */
export class MirrorRecorder {
  readonly #history: History
  readonly #clock: Clock
  readonly #cluster: string
  /** The last event of each topic, which the next one follows from. */
  readonly #last = new Map<string, number>()
  readonly #states = new Map<string, string>()

  constructor(history: History, clock: Clock, cluster: string) {
    this.#history = history
    this.#clock = clock
    this.#cluster = cluster
  }

  /** To be called for each committed record once; `at` is when it was decided. */
  record(record: MetadataRecord, at: Micros): void {
    if (record.type === 'MirrorPartition') this.#failed(record, at)
    if (record.type !== 'MirrorTopic') return
    const { topic, link, state, reason } = record
    const before = this.#states.get(topic) ?? 'none'
    const cause = this.#last.get(topic)
    const event = this.#history.event({
      at,
      actor: `link ${link}`,
      kind: 'mirror',
      text: `mirror ${this.#cluster}:${topic}: ${before} → ${state}${because(reason)}`,
      ...(cause === undefined ? {} : { cause }),
      values: { link, topic, state },
    })
    this.#last.set(topic, event)
    this.#states.set(topic, state)
    if (state === 'STOPPED') this.#promoted(record, event)
  }

  /** Only some of a mirror's partitions may have failed. */
  #failed({ topic, partition, progress, reason }: MirrorPartitionRecord, at: Micros): void {
    if (progress !== 'failed') return
    const name = this.#history.partitionName(partition)
    const cause = this.#last.get(topic)
    this.#history.event({
      ...{ at, actor: 'link', kind: 'mirror', text: `mirror ${name}: FAILED${because(reason)}` },
      ...(cause === undefined ? {} : { cause }),
      values: { topic, state: 'FAILED' },
    })
  }

  /** Writable from the commit on, when its leaders learn of it. */
  #promoted({ topic, link }: MirrorTopicRecord, cause: number): void {
    const { partitions, links, promotions } = this.#history
    const own = partitions.filter((one) => one.cluster === this.#cluster && one.topic === topic)
    const forth = links.find(({ name }) => name === link)
    const name = forth?.to === this.#cluster ? link : backOf(link)
    const at = this.#clock.now()
    const text = `${this.#cluster}:${topic} is writable`
    const event = this.#history.event({ at, actor: `link ${link}`, kind: 'promotion', text, cause })
    promotions.push({ link: name, at, event, partitions: own.map(({ index }) => index) })
  }
}

function because(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : ` (${reason})`
}
