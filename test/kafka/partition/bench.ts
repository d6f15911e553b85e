import type { PartitionRegistration } from '../../../src/kafka/controller/partition-registration.ts'
import { FINAL_SESSION_EPOCH, NO_FETCH_SESSION, type NodeId } from '../../../src/kafka/ids.ts'
import { PartitionLog } from '../../../src/kafka/log/partition-log.ts'
import type { FetchPartition, FetchRequest } from '../../../src/kafka/messages.ts'
import {
  type FollowerOutcome,
  followerHandlesFetchResponse,
} from '../../../src/kafka/partition/follower-append.ts'
import { leaderHandlesFetch } from '../../../src/kafka/partition/leader-fetch.ts'
import { Partition } from '../../../src/kafka/partition/partition.ts'
import type {
  AlterPartitionPort,
  BrokerView,
  IsrAnswer,
  IsrProposal,
  PartitionHost,
  PartitionObserver,
  TopicConfig,
} from '../../../src/kafka/partition/partition-ports.ts'
import { PartitionRead } from '../../../src/kafka/partition/partition-read.ts'
import { type Guards, guardsFor } from '../../../src/kafka/version.ts'
import { LOG_CONFIG } from '../log/batches.ts'

export const TOPIC_CONFIG: TopicConfig = {
  ...LOG_CONFIG,
  minInsyncReplicas: 1,
  observerPromotionPolicy: 'none',
}

/** What the brokers of a bench share: a clock, and the metadata that all of them see. */
export class Bench {
  now = 0
  /** The most that one fetch is answered with, beyond its first batch. */
  fetchBytesMax = 1_048_576
  guards: Guards = guardsFor('4.1')
  readonly fenced = new Set<NodeId>()
  readonly brokerEpochs = new Map<NodeId, number>()

  brokerEpochOf(broker: NodeId): number {
    return this.brokerEpochs.get(broker) ?? -1
  }

  replica(nodeId: NodeId, config: Partial<TopicConfig> = {}): TestReplica {
    return new TestReplica(this, nodeId, { ...TOPIC_CONFIG, ...config })
  }
}

/** A broker's side of a partition: keeps what it would have sent and whom it would have woken. */
export class TestReplica implements PartitionHost, BrokerView, AlterPartitionPort {
  readonly replicaLagTimeMax = 30_000_000
  observer: PartitionObserver | null = null
  readonly proposals: IsrProposal[] = []
  readonly woken: string[] = []
  readonly partition: Partition
  readonly bench: Bench
  readonly nodeId: NodeId
  readonly read = new PartitionRead()

  constructor(bench: Bench, nodeId: NodeId, config: TopicConfig) {
    this.bench = bench
    this.nodeId = nodeId
    this.partition = new Partition(0, this, new PartitionLog(config), config)
  }

  readonly brokers = this
  readonly alterPartition = this
  readonly waiters = {
    onLogEnd: () => this.woken.push('log end'),
    onHighWatermark: () => this.woken.push('high watermark'),
    onRole: () => this.woken.push('role'),
    onState: () => {},
  }

  get now(): number {
    return this.bench.now
  }

  get guards(): Guards {
    return this.bench.guards
  }

  get log(): PartitionLog {
    return this.partition.log
  }

  isActive(broker: NodeId): boolean {
    return !this.bench.fenced.has(broker)
  }

  aliveBrokerEpochOf(broker: NodeId): number | null {
    return this.bench.fenced.has(broker) ? null : this.bench.brokerEpochOf(broker)
  }

  get brokerEpoch(): number {
    return this.bench.brokerEpochOf(this.nodeId)
  }

  submit(proposal: IsrProposal): boolean {
    this.proposals.push(proposal)
    return true
  }

  /** The controller accepts (or refuses) the last proposal. */
  answer(overrides: Partial<IsrAnswer> = {}): void {
    const proposal = this.proposals[this.proposals.length - 1]
    if (proposal === undefined) throw new Error('nothing was proposed')
    this.partition.onIsrAnswer(proposal, {
      error: 'NONE',
      leader: this.nodeId,
      leaderEpoch: proposal.leaderEpoch,
      partitionEpoch: proposal.partitionEpoch + 1,
      isr: proposal.newIsr.map((member) => member.id),
      recovery: 'RECOVERED',
      ...overrides,
    })
  }

  /** The fetch that this replica would send as a follower. */
  fetchRequest(overrides: Partial<FetchPartition> = {}): FetchRequest {
    const entry: FetchPartition = {
      partition: 0,
      currentLeaderEpoch: this.partition.leaderEpoch,
      fetchOffset: this.log.logEndOffset,
      lastFetchedEpoch: this.log.epochs.latestEpoch() ?? -1,
      logStartOffset: this.log.logStartOffset,
      maxBytes: 1_048_576,
      ...overrides,
    }
    return fetchOf(this.nodeId, entry, this.brokerEpoch)
  }

  /** Writes down, from now on, what whoever watches this replica is told. */
  watched(): string[] {
    const told: string[] = []
    const note =
      (what: string) =>
      (...facts: unknown[]) =>
        told.push(`${what} ${facts.slice(1).map(factText).join(' ')}`)
    this.observer = {
      onAppend: note('append'),
      onTruncate: note('truncate'),
      onMistakenRepeat: note('mistaken repeat'),
      onDeleted: note('deleted'),
      onHighWatermark: note('high watermark'),
      onReplicated: note('replicated'),
      onIsr: note('isr'),
      onRole: note('role'),
    }
    return told
  }

  /** The leader serves a fetch, arriving now; not `isArrival`, when it looks at it again. */
  serve(request: FetchRequest, isArrival = true): PartitionRead {
    const [entry] = request.partitions
    if (entry === undefined) throw new Error('a fetch has a partition')
    leaderHandlesFetch(
      this.partition,
      request,
      entry,
      this.bench.fetchBytesMax,
      true,
      isArrival,
      this.read,
    )
    return this.read
  }

  /** One whole fetch from `leader`, answered at once. */
  fetchFrom(leader: TestReplica): FollowerOutcome | string {
    const read = leader.serve(this.fetchRequest())
    if (read.error !== 'NONE') return read.error
    return followerHandlesFetchResponse(this.partition, {
      partition: 0,
      error: 'NONE',
      highWatermark: read.highWatermark,
      lastStableOffset: read.highWatermark,
      logStartOffset: read.logStartOffset,
      diverging: read.diverging,
      currentLeader: null,
      preferredReadReplica: -1,
      batches: read.batches,
    })
  }
}

/** Batches by their first offsets. */
function factText(fact: unknown): string {
  if (Array.isArray(fact)) return `[${fact.map(factText).join(' ')}]`
  if (typeof fact !== 'object' || fact === null) return String(fact)
  return 'baseOffset' in fact ? `@${fact.baseOffset}` : 'batch'
}

export function fetchOf(replicaId: NodeId, entry: FetchPartition, brokerEpoch = -1): FetchRequest {
  return {
    api: 'Fetch',
    replicaId,
    brokerEpoch,
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 10_485_760,
    isolation: 'read_uncommitted',
    clientRack: '',
    sessionId: NO_FETCH_SESSION,
    sessionEpoch: FINAL_SESSION_EPOCH,
    partitions: [entry],
  }
}

/** Replicas 1, 2, 3, all in the ISR, led by 1 in epoch 0. */
export function registration(
  overrides: Partial<PartitionRegistration> = {},
): PartitionRegistration {
  return {
    replicas: [1, 2, 3],
    observers: [],
    addingReplicas: [],
    removingReplicas: [],
    isr: [1, 2, 3],
    elr: [],
    lastKnownElr: [],
    leader: 1,
    leaderEpoch: 0,
    partitionEpoch: 0,
    recovery: 'RECOVERED',
    ...overrides,
  }
}
