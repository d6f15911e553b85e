// Models: how Replicator moves groups along at the destination: from the timestamp of what a group
// has read to the first record there that is as young.
// Leaves out: offset.translator.batch.size and the division among tasks: each translates what it
// reads; fetch.offset.retry.backoff.ms, of which the batch period takes the place.
// Source: Confluent's docs (consumer offset translation, offset.translator.*): groups with members
// at the destination are left alone.

import type { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { OffsetQuery } from '../../kafka/clients/admin/list-offsets.ts'
import type { CommittedOffset } from '../../kafka/group-messages.ts'
import { NO_EPOCH, type PartitionIndex } from '../../kafka/ids.ts'
import type { ReplicatorSettings } from '../../kafka/settings/modelled.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, millis } from '../../sim/time.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { ConsumerTimestamp } from './consumer-timestamps.ts'

type Admin = Pick<
  KafkaAdminClient,
  'describeConsumerGroups' | 'listOffsets' | 'alterConsumerGroupOffsets' | 'close'
>

export interface TranslatorOptions {
  readonly context: ProcessContext
  readonly admin: Admin
  readonly target: Pick<ClusterPort, 'topics'>
  readonly settings: ReplicatorSettings
  /** Name of the copy of a topic; null where it is not copied. */
  readonly destination: (topic: string) => string | null
}

interface Waiting {
  readonly timestamp: ConsumerTimestamp
  readonly since: Micros
}

/**
 * Offsets of source and destination have nothing in common, so that time is the bridge, and it is
 * only as good as the timestamps of the records:
 *
 * 1. a group at the source has read to 999, a record of 12:00:00.000, and has committed 1,000;
 * 2. its interceptor writes that time down, and a task reads it;
 * 3. the destination is asked for the first record that is as young: it is 940 there;
 * 4. the copy of 999 is 943, for four records are of that millisecond: all four are read again.
 *
 * Where the clocks of producers disagree, a later record may bear an earlier time: such a one is
 * skipped when it stands before the one that is found.
 *
 * Works every offset.translator.batch.period.ms. Of a group and partition only the newest timestamp
 * is translated.
 */
export class OffsetTranslator {
  readonly #options: TranslatorOptions
  readonly #timer: Timer
  /** The newest of each group and partition. */
  #waiting = new Map<string, Waiting>()
  #isClosed = false

  constructor(options: TranslatorOptions) {
    this.#options = options
    this.#timer = options.context.timer(() => this.#translate())
    this.#rearm()
  }

  /** Replaces an older one of the same group and partition that waits. */
  add(timestamp: ConsumerTimestamp): void {
    const { group, topic, number } = timestamp
    const since = this.#options.context.now
    this.#waiting.set(JSON.stringify([group, topic, number]), { timestamp, since })
  }

  /** Its client is closed with it; what waits is lost. */
  close(): void {
    this.#isClosed = true
    this.#timer.cancel()
    this.#options.admin.close()
  }

  #rearm(): void {
    if (this.#isClosed) return
    this.#timer.arm(millis(this.#options.settings['offset.translator.batch.period.ms']))
  }

  /**
   * Group by group, of those without members there; a period later the next batch. A group that
   * cannot be described waits for it, until its timestamps expire.
   */
  #translate(): void {
    const batch = [...this.#waiting.values()]
    this.#waiting = new Map()
    const groups = [...new Set(batch.map(({ timestamp }) => timestamp.group))]
    if (groups.length === 0) {
      this.#rearm()
      return
    }
    this.#options.admin.describeConsumerGroups(groups, (_error, described) => {
      // Of what cannot be told now more may be known with the next batch.
      for (const one of batch) if (!described.has(one.timestamp.group)) this.#keep(one)
      const idle = groups.filter((group) => {
        const state = described.get(group)?.state
        return state === 'EMPTY' || state === 'DEAD'
      })
      this.#eachGroup(idle, batch)
    })
  }

  #eachGroup(groups: string[], batch: readonly Waiting[]): void {
    const group = groups.shift()
    if (group === undefined) {
      this.#rearm()
      return
    }
    const own = batch.filter(({ timestamp }) => timestamp.group === group)
    this.#lookUp(own, (offsets) => {
      const next = () => this.#eachGroup(groups, batch)
      if (offsets.length === 0) next()
      else this.#options.admin.alterConsumerGroupOffsets(group, offsets, next)
    })
  }

  /** What the destination does not have yet is looked for again, until it expires. */
  #lookUp(batch: readonly Waiting[], told: (offsets: readonly CommittedOffset[]) => void): void {
    const asked = new Map<PartitionIndex, Waiting>()
    const queries: OffsetQuery[] = []
    for (const one of batch) {
      const query = this.#queryOf(one.timestamp)
      if (query === null) continue
      queries.push(query)
      asked.set(query.partition, one)
    }
    if (queries.length === 0) {
      told([])
      return
    }
    this.#options.admin.listOffsets(queries, (_error, listed) => {
      const offsets: CommittedOffset[] = []
      for (const [partition, one] of asked) {
        const offset = listed.get(partition)?.offset ?? -1
        if (offset >= 0) offsets.push({ partition, offset, leaderEpoch: NO_EPOCH })
        else this.#keep(one)
      }
      told(offsets)
    })
  }

  #queryOf({ topic, number, timestampMs }: ConsumerTimestamp): OffsetQuery | null {
    const name = this.#options.destination(topic)
    const partition = name === null ? null : this.#options.target.topics.indexOf(name, number)
    if (name === null || partition === null) return null
    return { topic: name, partition, at: { timestampMs } }
  }

  #keep(one: Waiting): void {
    const { context, settings } = this.#options
    const { group, topic, number } = one.timestamp
    const key = JSON.stringify([group, topic, number])
    const isOver = context.now - one.since >= millis(settings['fetch.offset.expiry.ms'])
    if (!isOver && !this.#waiting.has(key)) this.#waiting.set(key, one)
  }
}
