// Records what one consumer was handed.

import type { ConsumerClient } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import type { ConsumerObserver } from '../../kafka/clients/consumer-observer.ts'
import type { KafkaError } from '../../kafka/errors.ts'
import type { CommittedOffset } from '../../kafka/group-messages.ts'
import { visitRanges } from '../../kafka/id-ranges.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { RecordBatch } from '../../kafka/messages.ts'
import type { Micros } from '../../sim/time.ts'
import type { DedupWindow } from '../../workload/dedup-window.ts'
import type { InvariantWatch } from '../invariants/watch.ts'
import type { Causes } from './causes.ts'
import type { Clock } from './clock.ts'

/** Where what a client sees is written down, and who looks at it. */
export interface ClientRecord {
  readonly history: History
  readonly causes: Causes
  readonly clock: Clock
  /** Who watches the consumers of a cluster. */
  invariantsOf(cluster: string): Pick<InvariantWatch, 'onDelivered'>
}

/** Outlives the client's processes. The same trouble again is told once until something changes. */
export class ConsumerRecorder implements ConsumerObserver {
  readonly #history: History
  readonly #causes: Causes
  readonly #clock: Clock
  readonly #name: string
  readonly #client: Omit<ConsumerClient, 'id'>
  readonly #record: ClientRecord
  /** Rows of the history by cluster: whoever comes to another one is another consumer there. */
  readonly #rows = new Map<string, number>()
  /** What the application remembers of its work; null where it remembers nothing. */
  memory: DedupWindow | null = null
  /** Told whenever records are handed over. */
  onServed: (batches: readonly RecordBatch[]) => void = () => {}
  readonly #positions = new Map<PartitionIndex, Offset>()
  /** Of the last commit; the same error again is no news. */
  #commitError = ''
  /** What it was told since its last delivery that it may not do; the same again is no news. */
  readonly #refusals = new Set<KafkaError>()
  /** Of its deserializer; the same again is no news. */
  #schemaTrouble = ''
  #unreadable = ''

  constructor(record: ClientRecord, client: Omit<ConsumerClient, 'id'>) {
    const { history } = record
    this.#history = history
    this.#causes = record.causes
    this.#clock = record.clock
    this.#record = record
    this.#name = client.name
    this.#client = client
    this.#rowAt(client.cluster)
  }

  /** Its row where a partition stands. */
  #rowOf(partition: PartitionIndex): number {
    return this.#rowAt(this.#clusterOf(partition))
  }

  #rowAt(cluster: string): number {
    const known = this.#rows.get(cluster)
    if (known !== undefined) return known
    const id = this.#history.consumers.length
    this.#history.consumers.push({ ...this.#client, id, cluster })
    this.#rows.set(cluster, id)
    return id
  }

  #clusterOf(partition: PartitionIndex): string {
    return this.#history.partitions[partition]?.cluster ?? this.#client.cluster
  }

  /** A row for each range of ids, whether the application then drops them as known or not. */
  onDelivered(
    partition: PartitionIndex,
    batches: readonly RecordBatch[],
    from: Offset,
    to: Offset,
  ): void {
    const at = this.#clock.now()
    this.#positions.set(partition, to)
    for (const batch of batches) this.#deliver(partition, batch, from, to, at)
    this.#record.invariantsOf(this.#clusterOf(partition)).onDelivered(partition, batches, to)
    if (batches.length === 0) return
    this.#refusals.clear()
    this.onServed(batches)
  }

  /**
   * Where a new incarnation goes on: an application without a group keeps its position itself.
   * null before the first delivery.
   */
  positionOf(partition: PartitionIndex): Offset | null {
    return this.#positions.get(partition) ?? null
  }

  /** The part of a batch that lies in [from, to). */
  #deliver(
    partition: PartitionIndex,
    batch: RecordBatch,
    from: Offset,
    to: Offset,
    at: Micros,
  ): void {
    visitRanges(batch, from, to, ({ firstRecordId, count, createdFirst, createdLast }, offset) => {
      this.#history.delivered.push({
        consumer: this.#rowOf(partition),
        partition,
        firstRecordId,
        count,
        baseOffset: offset,
        at,
        createdFirst: this.#clock.of(createdFirst),
        createdLast: this.#clock.of(createdLast),
      })
      this.#suppress(partition, firstRecordId, count, at)
    })
  }

  #suppress(partition: PartitionIndex, firstRecordId: number, count: number, at: Micros): void {
    if (this.memory === null) return
    for (const { start, end } of this.memory.known(firstRecordId, firstRecordId + count, at)) {
      const range = { firstRecordId: start, count: end - start }
      this.#history.suppressed.push({ consumer: this.#rowOf(partition), partition, ...range, at })
    }
  }

  /** Where a consumer begins is no jump; every other one is an event. */
  onSeek(partition: PartitionIndex, from: Offset, to: Offset, reason: string): void {
    if (reason === 'initial' || reason === 'committed') return
    const history = this.#history
    history.event({
      at: this.#clock.now(),
      actor: `consumer ${this.#name}`,
      kind: 'seek',
      text: `${history.partitionName(partition)}: position ${from} → ${to} (${reason})`,
      cause: this.#causes.ofPartition(partition, []),
      partition,
      values: { from, to },
    })
  }

  /** Before it joins its group in another cluster, the application says where the group goes on. */
  onTaken(from: string, offsets: readonly CommittedOffset[], error: string): void {
    const at = offsets.map((one) => `${this.#history.partitionName(one.partition)} ${one.offset}`)
    const where = at.length === 0 ? 'found no offset to go on at' : `goes on at ${at.join(', ')}`
    const outcome = error === 'NONE' ? '' : `: ${error}`
    this.#tell('offsets-taken', `comes from ${from} and ${where}${outcome}`, { error })
  }

  /** An event even where it gets nothing. */
  onAssigned(partitions: readonly PartitionIndex[]): void {
    const names = this.#namesOf(partitions)
    this.#tell('assigned', `gets ${names === '' ? 'nothing' : names}`, { partitions: names })
  }

  /** An event that says whether it was asked or had lost them already. */
  onRevoked(partitions: readonly PartitionIndex[], how: 'revoked' | 'lost'): void {
    const names = this.#namesOf(partitions)
    this.#tell(how, `${how === 'lost' ? 'has lost' : 'gives up'} ${names}`, { partitions: names })
  }

  /** A row for each partition, refused ones too; an event only where the error is a new one. */
  onCommitted(offsets: readonly CommittedOffset[], error: KafkaError): void {
    const { commits, names } = this.#history
    const outcome = error === 'NONE' ? -1 : names.id(error)
    const at = this.#clock.now()
    for (const { partition, offset } of offsets) {
      commits.push({ consumer: this.#rowOf(partition), partition, offset, at, error: outcome })
    }
    if (error === 'NONE') this.#commitError = ''
    else if (error !== this.#commitError) {
      this.#commitError = error
      this.#tell('commit-failed', `a commit fails: ${error}`, { error })
    }
  }

  /** An event, whose cause is the newest fault. */
  onPollIntervalExceeded(): void {
    this.#tell('poll-interval', 'did not poll for max.poll.interval.ms and leaves', {})
  }

  /** An event: the application gets an exception. */
  onGroupFailed(error: KafkaError): void {
    this.#tell('group-failed', `cannot go on in its group: ${error}`, { error })
  }

  /** Its deserializer came to nothing, or has another schema than the writer had. */
  onSchemaTrouble(text: string): void {
    if (text === this.#schemaTrouble) return
    this.#schemaTrouble = text
    const actor = `consumer ${this.#name}`
    const cause = this.#causes.ofRefusal()
    this.#history.event({ at: this.#clock.now(), actor, kind: 'schema-failed', text, cause })
  }

  /** Told once for each place: whoever polls again fails at the same record. */
  onDeserializationFailed(partition: PartitionIndex, offset: Offset): void {
    const place = `${this.#history.partitionName(partition)} ${offset}`
    if (this.#unreadable === place) return
    this.#unreadable = place
    const text = `poll() throws: the record at ${place} cannot be read, and nothing behind it is`
    this.#tell('deserialization-failed', text, {})
  }

  /** Told once until records are handed over again. */
  onUnauthorized(error: KafkaError): void {
    if (this.#refusals.has(error)) return
    this.#refusals.add(error)
    const actor = `consumer ${this.#name}`
    const text = `poll() throws: ${error}`
    const cause = this.#causes.ofRefusal()
    const at = this.#clock.now()
    this.#history.event({ at, actor, kind: 'unauthorized', text, cause, values: { error } })
  }

  #namesOf(partitions: readonly PartitionIndex[]): string {
    return partitions.map((one) => this.#history.partitionName(one)).join(', ')
  }

  #tell(kind: string, text: string, values: Readonly<Record<string, string>>): void {
    const actor = `consumer ${this.#name}`
    const cause = this.#causes.fault
    this.#history.event({ at: this.#clock.now(), actor, kind, text, cause, values })
  }

  /** A row, no event: brokers refuse much in the normal course of things. */
  onError(partition: PartitionIndex, error: KafkaError): void {
    const { names, clientErrors } = this.#history
    const client = names.id(this.#name)
    const row = { client, error: names.id(error), partition, at: this.#clock.now(), event: -1 }
    clientErrors.push(row)
  }
}
