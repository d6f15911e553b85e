// What happened in a run, as facts: what clients sent, saw and were told, what leaders appended and
// lost, what the controller decided, and which fault or earlier event caused it. Written by the
// lab's recorder, read by the judge, which knows nothing else of the model. history/facts.ts says
// what each row means.

import type {
  Broker,
  BrokerChange,
  ClientDown,
  ClientErrorRow,
  CommitRow,
  ConnectionEvent,
  ConsumerClient,
  ControllerChange,
  DeletionRow,
  DiskLoss,
  DiskLostRangeRow,
  Fault,
  FilteredRow,
  FinalLog,
  GroupChange,
  HistoryEvent,
  LeadershipRow,
  Link,
  LinkBytes,
  LogRangeRow,
  MetadataLoss,
  MinIsrChange,
  MistakenRepeat,
  PartitionChange,
  Promotion,
  Region,
  Removal,
  Residency,
  SteadyBytes,
  Stream,
  SuppressedRow,
  TopicPartition,
  TruncatedRangeRow,
  TruncationRow,
} from './history/facts.ts'
import { RECORDS_PER_STREAM } from './history/record-ids.ts'
import { Names, Table } from './history/table.ts'
import {
  appendsTable,
  deliveredTable,
  highWatermarksTable,
  polledTable,
  producedTable,
  rangeTable,
  replicaSamplesTable,
} from './history/tables.ts'

export { RECORDS_PER_STREAM } from './history/record-ids.ts'

export const NO_EVENT = -1

/** Jepsen's outcomes. Fail is definite: the broker cannot have appended it. */
export const OK = 0
export const FAIL = 1
/** The client gave up without knowing. */
export const UNKNOWN = 2
/** Still open when the run ended. */
export const PENDING = 3
export type Outcome = 0 | 1 | 2 | 3

/** Of a log with more batches most are of one range: room for all of them would lie empty. */
const RANGES_FIRST_MAX = 1_024

/**
 * A final log's ranges: its batches in order, as one where ids, offsets and epoch go on.
 * @param expected about how many batches come, where that is known
 */
export function logRanges(batches: Iterable<LogRangeRow>, expected = 1): Table<LogRangeRow> {
  const ranges = rangeTable(Math.min(expected, RANGES_FIRST_MAX))
  const open = { baseOffset: 0, count: 0, firstRecordId: 0, leaderEpoch: 0 }
  for (const { baseOffset, count, firstRecordId, leaderEpoch } of batches) {
    const goesOn =
      open.baseOffset + open.count === baseOffset &&
      open.firstRecordId + open.count === firstRecordId &&
      open.leaderEpoch === leaderEpoch
    if (goesOn && open.count > 0) open.count += count
    else {
      if (open.count > 0) ranges.push(open)
      open.baseOffset = baseOffset
      open.count = count
      open.firstRecordId = firstRecordId
      open.leaderEpoch = leaderEpoch
    }
  }
  if (open.count > 0) ranges.push(open)
  return ranges
}

const INTERNAL = /^__|[.-]internal$|(^|\.)heartbeats$/

/** Whether Kafka, Connect or a replicator keeps it for itself. */
export function isInternal({ topic }: TopicPartition): boolean {
  return INTERNAL.test(topic)
}

/**
 * Rows of a table stand in the order in which they were recorded; times are micros since the start
 * of the run. Nothing is changed after `close`.
 */
export class History {
  readonly names = new Names()
  readonly regions: Region[] = []
  /** Names, in the order of the scenario. */
  readonly clusters: string[] = []
  readonly brokers: Broker[] = []
  readonly partitions: TopicPartition[] = []
  readonly streams: Stream[] = []
  readonly consumers: ConsumerClient[] = []
  readonly faults: Fault[] = []
  /** In the order of their ids, which is the order of time. */
  readonly events: HistoryEvent[] = []

  readonly produced = producedTable()
  readonly delivered = deliveredTable()
  readonly suppressed = new Table<SuppressedRow>({
    consumer: 'i32',
    partition: 'i32',
    firstRecordId: 'f64',
    count: 'i32',
    at: 'f64',
  })
  readonly appends = appendsTable()
  readonly polled = polledTable()
  readonly truncations = new Table<TruncationRow>({
    partition: 'i32',
    broker: 'i32',
    fromOffset: 'f64',
    toOffset: 'f64',
    at: 'f64',
    event: 'i32',
  })
  readonly truncatedRanges = new Table<TruncatedRangeRow>({
    truncation: 'i32',
    baseOffset: 'f64',
    count: 'f64',
    firstRecordId: 'f64',
  })
  readonly diskLostRanges = new Table<DiskLostRangeRow>({
    event: 'i32',
    baseOffset: 'f64',
    count: 'f64',
    firstRecordId: 'f64',
  })
  readonly filtered = new Table<FilteredRow>({ link: 'i32', firstRecordId: 'f64', count: 'f64' })
  readonly deletions = new Table<DeletionRow>({
    partition: 'i32',
    baseOffset: 'f64',
    count: 'f64',
    firstRecordId: 'f64',
    leaderEpoch: 'i32',
  })
  readonly highWatermarks = highWatermarksTable()
  readonly leaderships = new Table<LeadershipRow>({
    partition: 'i32',
    broker: 'i32',
    leaderEpoch: 'i32',
    at: 'f64',
    logEnd: 'f64',
  })
  readonly replicaSamples = replicaSamplesTable()
  readonly commits = new Table<CommitRow>({
    consumer: 'i32',
    partition: 'i32',
    offset: 'f64',
    at: 'f64',
    error: 'i32',
  })
  readonly clientErrors = new Table<ClientErrorRow>({
    client: 'i32',
    error: 'i32',
    partition: 'i32',
    at: 'f64',
    event: 'i32',
  })
  readonly connections: ConnectionEvent[] = []
  readonly partitionChanges: PartitionChange[] = []
  readonly minIsrChanges: MinIsrChange[] = []
  readonly mistakenRepeats: MistakenRepeat[] = []
  readonly removals: Removal[] = []
  readonly brokerChanges: BrokerChange[] = []
  readonly controllerChanges: ControllerChange[] = []
  readonly groupChanges: GroupChange[] = []
  readonly diskLosses: DiskLoss[] = []
  readonly metadataLosses: MetadataLoss[] = []
  readonly clientDowns: ClientDown[] = []
  private readonly clientsUp = new Set<string>()
  readonly finalLogs: FinalLog[] = []
  readonly links: Link[] = []
  /** In the order of time. */
  readonly promotions: Promotion[] = []
  readonly residency: Residency[] = []
  readonly linkBytes: LinkBytes[] = []
  /** Of these, what went from the start of the load to the first fault, or to the load's end. */
  readonly steadyLinkBytes: SteadyBytes[] = []
  /** When the clients began to send, when they stopped, and when the run ended, micros. */
  startAt = 0
  loadEndAt = 0
  /** End of the time that `steadyLinkBytes` covers, micros. */
  steadyUntil = 0
  endAt = 0

  /** Adds a line to the story and returns its id, which later events name as their cause. */
  event(line: {
    readonly at: number
    readonly actor: string
    readonly kind: string
    readonly text: string
    readonly cause?: number
    readonly partition?: number
    readonly values?: Readonly<Record<string, number | string>>
  }): number {
    const id = this.events.length
    this.events.push({ cause: NO_EVENT, partition: -1, values: {}, ...line, id })
    return id
  }

  /** A fault strikes; returns its id. `endAt` stands for its end until `healed` says otherwise. */
  struck(at: number, kind: string, target: string, text: string): number {
    const id = this.event({ at, actor: 'fault', kind: 'fault', text, values: { kind, target } })
    this.faults.push({ id, kind, target, from: at, until: Number.POSITIVE_INFINITY })
    return id
  }

  /** A fault ends; returns the id of that event. */
  healed(fault: number, at: number, text: string): number {
    const index = this.faults.findIndex((f) => f.id === fault)
    const known = this.faults[index]
    if (known !== undefined) this.faults[index] = { ...known, until: at }
    return this.event({ at, actor: 'fault', kind: 'heal', text, cause: fault })
  }

  /** A client's process runs, for the first time or again. */
  clientStarted(client: string, at: number): void {
    this.clientsUp.add(client)
    const index = this.clientDowns.findLastIndex((down) => down.client === client)
    const down = this.clientDowns[index]
    if (down !== undefined && down.until > at) this.clientDowns[index] = { ...down, until: at }
  }

  /** A client's process ended; of no effect for what is no client or is down already. */
  clientStopped(client: string, at: number): void {
    if (!this.clientsUp.delete(client)) return
    this.clientDowns.push({ client, from: at, until: Number.POSITIVE_INFINITY })
  }

  /** The run is over, and the load with it if it never stopped; so are faults that never healed. */
  close(at: number): void {
    this.endAt = at
    if (this.loadEndAt === 0) this.loadEndAt = at
    for (const [index, fault] of this.faults.entries()) {
      if (fault.until > at) this.faults[index] = { ...fault, until: at }
    }
    for (const [index, down] of this.clientDowns.entries()) {
      if (down.until > at) this.clientDowns[index] = { ...down, until: at }
    }
  }

  /** Memory of the columns, which are what grows with a run. */
  get bytes(): number {
    return (
      this.produced.bytes +
      this.delivered.bytes +
      this.suppressed.bytes +
      this.appends.bytes +
      this.polled.bytes +
      this.truncatedRanges.bytes +
      this.diskLostRanges.bytes +
      this.deletions.bytes +
      this.filtered.bytes +
      this.highWatermarks.bytes +
      this.replicaSamples.bytes +
      this.commits.bytes +
      this.clientErrors.bytes
    )
  }

  /** Whether a producer of the scenario sent it; Kafka and replicators have their own numbers. */
  isSent(recordId: number): boolean {
    return recordId >= 0 && recordId < this.streams.length * RECORDS_PER_STREAM
  }

  /** The scenario's producer that sent a record; '' for those of Kafka and of replicators. */
  producerOf(recordId: number): string {
    return this.streams[Math.floor(recordId / RECORDS_PER_STREAM)]?.producer ?? ''
  }

  /** The `max` partitions that views show: those of applications before those of Kafka itself. */
  shownPartitions(max: number): readonly TopicPartition[] {
    const own = this.partitions.filter((partition) => !isInternal(partition))
    return [...own, ...this.partitions.filter(isInternal)].slice(0, max)
  }

  /**
   * 'orders-0' of a partition's index; 'eu:orders-0' where there are several clusters; 'orders-0~2'
   * of the second topic of that name, after the first one was deleted. No two have the same.
   */
  partitionName(index: number): string {
    const partition = this.partitions[index]
    if (partition === undefined) return ''
    const { cluster, topic, number, namesakes = 0 } = partition
    const name = namesakes === 0 ? `${topic}-${number}` : `${topic}-${number}~${namesakes + 1}`
    return this.clusters.length > 1 ? `${cluster}:${name}` : name
  }
}
