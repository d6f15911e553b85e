import type { KafkaError } from '../../../src/kafka/errors.ts'
import type { NodeId, PartitionIndex } from '../../../src/kafka/ids.ts'
import type { LeaderHint } from '../../../src/kafka/leader-hint.ts'
import type {
  MetadataRequest,
  ProducedBatch,
  ProduceRequest,
  Request,
  Response,
} from '../../../src/kafka/messages.ts'
import type { Reply, RequestHandler } from '../../../src/kafka/network/rpc.ts'
import type { ServiceTimes } from '../../../src/kafka/network/service-times.ts'
import { metadataOf } from '../network/metadata-answer.ts'
import { INSTANT, Rig } from '../network/rig.ts'

export interface ScriptedPartition {
  leader: NodeId
  epoch: number
  readonly log: ProducedBatch[]
}

/** Brokers that do what a test tells them: commit times, errors, leaders, held answers. */
export class ScriptedCluster {
  readonly rig: Rig
  readonly partitions: ScriptedPartition[]
  readonly brokers: NodeId[]
  /** From append to answer, for acks=all. */
  commitMs = 0
  /** Decides about a produce request before it is appended; null lets it pass. */
  onProduce: (batch: ProducedBatch, attempt: number) => KafkaError | null = () => null
  /** Appended, but the answer carries this error. */
  afterAppend: (batch: ProducedBatch) => KafkaError | null = () => null
  /** Metadata does not know the topic. */
  hidden = false
  /** The client may not describe the topic. */
  isSecret = false
  /** What a producer hears that asks for its id. */
  idError: KafkaError = 'NONE'
  hint: LeaderHint | null = null
  readonly asked: { atMs: number; node: NodeId; request: Request }[] = []
  private attempts = 0

  private readonly times: ServiceTimes

  constructor(
    nodes: readonly NodeId[],
    partitions: number,
    rttMs: number,
    seed = 'rig',
    times: ServiceTimes = INSTANT,
  ) {
    this.times = times
    this.rig = new Rig(nodes, rttMs, seed)
    this.brokers = [...nodes]
    const leader = nodes[0] ?? 1
    this.partitions = Array.from({ length: partitions }, () => ({ leader, epoch: 1, log: [] }))
    for (const node of nodes) this.start(node)
  }

  start(node: NodeId): void {
    const handler: RequestHandler = {
      handle: (request, reply) => this.handle(node, request, reply),
    }
    this.rig.serve(node, handler, this.times)
  }

  countOf(api: Request['api']): number {
    return this.asked.filter((entry) => entry.request.api === api).length
  }

  protected handle(node: NodeId, request: Request, reply: Reply): void {
    this.asked.push({ atMs: this.rig.nowMs, node, request })
    switch (request.api) {
      case 'Metadata':
        reply.send(this.metadata(request))
        break
      case 'InitProducerId':
        reply.send({ api: 'InitProducerId', error: this.idError, producerId: 7, producerEpoch: 0 })
        break
      case 'Produce':
        this.produce(node, request, reply)
        break
      default:
        reply.send(null)
    }
  }

  private metadata({ topics }: MetadataRequest): Response {
    const partitions = this.partitions.map(({ leader, epoch: leaderEpoch }) => {
      const error: KafkaError = leader < 0 ? 'LEADER_NOT_AVAILABLE' : 'NONE'
      return { leader, leaderEpoch, error }
    })
    const answer = metadataOf(this.brokers, partitions)
    if (this.isSecret) {
      const error = 'TOPIC_AUTHORIZATION_FAILED'
      return { ...answer, topics: [{ name: 't', error, partitions: [] }] }
    }
    const isKnown = !this.hidden && (topics === null || topics.includes('t'))
    return isKnown ? answer : { ...answer, topics: [] }
  }

  private produce(node: NodeId, request: ProduceRequest, reply: Reply): void {
    const answers = request.partitions.map(({ partition, batch }) => {
      const error = this.append(node, partition, batch)
      return {
        partition,
        error,
        baseOffset: error === 'NONE' ? this.baseOffset(partition, batch) : -1,
        currentLeader: error === 'NOT_LEADER_OR_FOLLOWER' ? this.hint : null,
      }
    })
    const answer: Response = { api: 'Produce', partitions: answers }
    const process = this.rig.processOf(node)
    if (request.acks === 0) reply.done()
    else if (request.acks === 1 || process === null || this.commitMs === 0) reply.send(answer)
    else process.timer(() => reply.send(answer)).arm(this.commitMs * 1_000)
  }

  private baseOffset(partition: PartitionIndex, batch: ProducedBatch): number {
    let offset = 0
    for (const earlier of this.partitions[partition]?.log ?? []) {
      if (earlier.firstRecordId === batch.firstRecordId) return offset
      offset += earlier.count
    }
    return offset
  }

  private append(node: NodeId, partition: PartitionIndex, batch: ProducedBatch): KafkaError {
    const state = this.partitions[partition]
    if (state === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
    if (state.leader !== node) return 'NOT_LEADER_OR_FOLLOWER'
    const refused = this.onProduce(batch, ++this.attempts)
    if (refused !== null) return refused
    if (batch.baseSequence >= 0) {
      const mine = state.log.filter((b) => b.producerEpoch === batch.producerEpoch)
      if (mine.some((b) => b.baseSequence === batch.baseSequence)) return 'NONE'
      const last = mine[mine.length - 1]
      const next = last === undefined ? 0 : last.baseSequence + last.count
      if (batch.baseSequence !== next) return 'OUT_OF_ORDER_SEQUENCE_NUMBER'
    }
    state.log.push(batch)
    return this.afterAppend(batch) ?? 'NONE'
  }
}
