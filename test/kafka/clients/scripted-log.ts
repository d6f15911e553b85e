import { NO_FETCH_SESSION, type NodeId } from '../../../src/kafka/ids.ts'
import type {
  FetchPartition,
  FetchPartitionResponse,
  FetchRequest,
  RecordBatch,
  Request,
  Response,
} from '../../../src/kafka/messages.ts'
import type { Reply } from '../../../src/kafka/network/rpc.ts'
import { metadataOf } from '../network/metadata-answer.ts'
import { Rig } from '../network/rig.ts'

/** A batch of `count` records at `baseOffset`, written under `leaderEpoch`. */
export function batch(baseOffset: number, count: number, leaderEpoch: number): RecordBatch {
  return {
    baseOffset,
    count,
    payloadBytes: count * 100,
    bytes: 61 + 100 * count,
    leaderEpoch,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    firstRecordId: baseOffset,
    createdFirst: 0,
    createdLast: 0,
  }
}

/** Brokers with one partition that tests write, truncate and move by hand. */
export class ScriptedLog {
  readonly rig: Rig
  readonly logs = new Map<NodeId, RecordBatch[]>()
  readonly brokers: NodeId[]
  leader: NodeId
  epoch = 1
  logStart = 0
  /** Answer of the leader to a consumer with a rack. */
  preferredReplica: NodeId = -1
  readonly asked: { atMs: number; node: NodeId; request: Request }[] = []
  private readonly parked: { node: NodeId; request: FetchRequest; reply: Reply; done: boolean }[] =
    []

  constructor(nodes: readonly NodeId[], rttMs: number) {
    this.rig = new Rig(nodes, rttMs)
    this.brokers = [...nodes]
    this.leader = nodes[0] ?? 1
    for (const node of nodes) {
      this.logs.set(node, [])
      this.rig.serve(node, { handle: (request, reply) => this.handle(node, request, reply) })
    }
  }

  /** Appends to every replica's log and answers parked fetches. */
  append(count: number, nodes: readonly NodeId[] = this.brokers): void {
    for (const node of nodes) {
      this.logOf(node).push(batch(this.endOf(node), count, this.epoch))
    }
    for (const poll of this.parked.splice(0)) this.fetch(poll)
  }

  elect(leader: NodeId): void {
    this.leader = leader
    this.epoch++
  }

  endOf(node: NodeId): number {
    const log = this.logOf(node)
    const last = log[log.length - 1]
    return last === undefined ? this.logStart : last.baseOffset + last.count
  }

  /** Requests of a kind, by the node that got them. */
  nodesAsked(api: Request['api'], sinceMs = 0): NodeId[] {
    return this.asked
      .filter((entry) => entry.request.api === api && entry.atMs >= sinceMs)
      .map((entry) => entry.node)
  }

  logOf(node: NodeId): RecordBatch[] {
    const log = this.logs.get(node)
    if (log === undefined) throw new Error(`no node ${node}`)
    return log
  }

  private handle(node: NodeId, request: Request, reply: Reply): void {
    this.asked.push({ atMs: this.rig.nowMs, node, request })
    switch (request.api) {
      case 'Metadata':
        reply.send(this.metadata())
        break
      case 'Fetch':
        this.fetch({ node, request, reply, done: false })
        break
      case 'ListOffsets': {
        const at = request.partitions[0]?.at
        const offset = at === 'earliest' ? this.logStart : this.endOf(node)
        const partitions = [
          { partition: 0, error: 'NONE' as const, offset, leaderEpoch: this.epochAt(node, offset) },
        ]
        reply.send({ api: 'ListOffsets', partitions })
        break
      }
      case 'OffsetsForLeaderEpoch':
        reply.send(this.endOfEpoch(node, request.partitions[0]?.leaderEpoch ?? -1))
        break
      default:
        reply.send(null)
    }
  }

  private epochAt(node: NodeId, offset: number): number {
    let epoch = -1
    for (const b of this.logOf(node)) if (b.baseOffset < offset) epoch = b.leaderEpoch
    return epoch
  }

  private endOfEpoch(node: NodeId, epoch: number): Response {
    const upTo = this.logOf(node).filter((b) => b.leaderEpoch <= epoch)
    const last = upTo[upTo.length - 1]
    const later = this.logOf(node).find((b) => b.leaderEpoch > epoch)
    return {
      api: 'OffsetsForLeaderEpoch',
      partitions: [
        {
          partition: 0,
          error: 'NONE',
          leaderEpoch: last?.leaderEpoch ?? -1,
          endOffset: last === undefined ? -1 : (later?.baseOffset ?? this.endOf(node)),
        },
      ],
    }
  }

  private fetch(poll: { node: NodeId; request: FetchRequest; reply: Reply; done: boolean }): void {
    if (poll.done) return
    const asked = poll.request.partitions[0]
    if (asked === undefined) return
    const answer = this.read(poll.node, poll.request, asked)
    const news =
      answer.error !== 'NONE' || answer.batches.length > 0 || answer.preferredReadReplica >= 0
    if (news) {
      poll.done = true
      poll.reply.send({
        api: 'Fetch',
        error: 'NONE',
        sessionId: NO_FETCH_SESSION,
        partitions: [answer],
      })
      return
    }
    this.parked.push(poll)
    const process = this.rig.processOf(poll.node)
    process
      ?.timer(() => {
        if (poll.done) return
        poll.done = true
        poll.reply.send({
          api: 'Fetch',
          error: 'NONE',
          sessionId: NO_FETCH_SESSION,
          partitions: [],
        })
      })
      .arm(poll.request.maxWaitMs * 1_000)
  }

  private read(node: NodeId, request: FetchRequest, asked: FetchPartition): FetchPartitionResponse {
    const isLeader = node === this.leader
    const end = this.endOf(node)
    let error: FetchPartitionResponse['error'] = 'NONE'
    if (!isLeader && request.clientRack === '') error = 'NOT_LEADER_OR_FOLLOWER'
    else if (asked.currentLeaderEpoch >= 0 && asked.currentLeaderEpoch < this.epoch)
      error = 'FENCED_LEADER_EPOCH'
    else if (asked.fetchOffset > end || asked.fetchOffset < this.logStart)
      error = 'OFFSET_OUT_OF_RANGE'
    const redirect = error === 'NONE' && isLeader && this.preferredReplica >= 0
    return {
      partition: 0,
      error,
      highWatermark: end,
      lastStableOffset: end,
      logStartOffset: this.logStart,
      diverging: null,
      currentLeader: null,
      preferredReadReplica: redirect ? this.preferredReplica : -1,
      batches:
        error === 'NONE' && !redirect
          ? this.logOf(node).filter((b) => b.baseOffset + b.count > asked.fetchOffset)
          : [],
    }
  }

  private metadata(): Response {
    const { leader, epoch: leaderEpoch, brokers } = this
    return metadataOf(brokers, [{ leader, leaderEpoch, replicas: [1, 2] }], (id) => `r${id}`)
  }
}
