import { FINAL_SESSION_EPOCH, NO_FETCH_SESSION, type NodeId } from '../../../src/kafka/ids.ts'
import type {
  FetchRequest,
  ProduceRequest,
  Request,
  Response,
} from '../../../src/kafka/messages.ts'
import { FETCHER_CHANNEL } from '../../../src/kafka/network/channel-options.ts'
import { ClientChannel } from '../../../src/kafka/network/client-channel.ts'
import { RequestChannel } from '../../../src/kafka/network/request-channel.ts'
import type { Reply, RequestHandler, RpcCaller } from '../../../src/kafka/network/rpc.ts'
import { SERVICE_TIMES } from '../../../src/kafka/network/service-times.ts'
import type { Process } from '../../../src/sim/process.ts'
import { World } from '../../../src/sim/world.ts'
import { metadataOf } from './metadata-answer.ts'

/**
 * One partition, its leader in r1 and two followers elsewhere, nothing but offsets: enough to see
 * what the wire, the muted connections and the service times make of acks=all.
 */
export class ScriptedReplication implements RequestHandler {
  readonly world: World
  readonly client: Process
  readonly brokers = new Map<NodeId, Process>()
  private end = 0
  private readonly fetched = new Map<NodeId, number>([
    [2, 0],
    [3, 0],
  ])
  private readonly waiting: { offset: number; reply: Reply; response: Response }[] = []
  private readonly parked: { request: FetchRequest; reply: Reply }[] = []

  constructor(rttMs: number, clientRegion: string, seed: string) {
    this.world = new World({ seed })
    const regions = ['r1', 'r2', 'r3']
    const zones = new Map(
      regions.map((name) => [name, this.world.addZone(name, this.world.addRegion(name))]),
    )
    for (const [a, from] of zones) {
      for (const [b, to] of zones) {
        const delay = a === b ? 200 : rttMs * 500
        this.world.network.setLink(from, to, { delay, jitter: 0, lossPpm: 0, bandwidthBps: 0 })
      }
    }
    const process = (name: string, region: string) => {
      const zone = zones.get(region)
      if (zone === undefined) throw new Error(region)
      return this.world.addProcess(name, this.world.addHost(name, zone))
    }
    regions.forEach((region, i) => {
      const broker = process(`b${i + 1}`, region)
      this.brokers.set(i + 1, broker)
      broker.onBoot = () => (i === 0 ? this.lead(broker) : this.follow(broker, i + 1))
      broker.start()
    })
    this.client = process('client', clientRegion)
  }

  processOf(node: NodeId): Process | null {
    return this.brokers.get(node) ?? null
  }

  private lead(broker: Process): void {
    new RequestChannel(broker, this.world.network, this, SERVICE_TIMES)
  }

  private follow(broker: Process, id: NodeId): void {
    const channel = new ClientChannel(broker, this.world.network, this, FETCHER_CHANNEL)
    const fetch = (fetchOffset: number) => {
      const request: Request = {
        api: 'Fetch',
        replicaId: id,
        brokerEpoch: 1,
        maxWaitMs: 500,
        minBytes: 1,
        maxBytes: 1_000_000,
        isolation: 'read_uncommitted',
        clientRack: '',
        sessionId: NO_FETCH_SESSION,
        sessionEpoch: FINAL_SESSION_EPOCH,
        partitions: [
          {
            partition: 0,
            currentLeaderEpoch: 1,
            fetchOffset,
            lastFetchedEpoch: 1,
            logStartOffset: 0,
            maxBytes: 1_000_000,
          },
        ],
      }
      channel.send(1, request, 30_000, caller)
    }
    const caller: RpcCaller = {
      onReply: (_request, response) => {
        const entry = response?.api === 'Fetch' ? response.partitions[0] : undefined
        fetch(entry?.logStartOffset ?? 0)
      },
    }
    fetch(0)
  }

  handle(request: Request, reply: Reply): void {
    switch (request.api) {
      case 'Metadata':
        reply.send(this.metadata())
        break
      case 'InitProducerId':
        reply.send({ api: 'InitProducerId', error: 'NONE', producerId: 7, producerEpoch: 0 })
        break
      case 'Produce':
        this.produce(request, reply)
        break
      case 'Fetch':
        this.fetch(request, reply)
        break
      default:
        reply.send(null)
    }
  }

  private produce(request: ProduceRequest, reply: Reply): void {
    const baseOffset = this.end
    for (const { batch } of request.partitions) this.end += batch.count
    const entry = { partition: 0, error: 'NONE' as const, baseOffset, currentLeader: null }
    const response: Response = { api: 'Produce', partitions: [entry] }
    if (request.acks === -1) this.waiting.push({ offset: this.end, reply, response })
    else reply.send(response)
    for (const poll of this.parked.splice(0)) this.answer(poll.request, poll.reply)
  }

  private fetch(request: FetchRequest, reply: Reply): void {
    const offset = request.partitions[0]?.fetchOffset ?? 0
    this.fetched.set(request.replicaId, offset)
    const committed = Math.min(...this.fetched.values())
    while ((this.waiting[0]?.offset ?? Number.POSITIVE_INFINITY) <= committed) {
      const done = this.waiting.shift()
      done?.reply.send(done.response)
    }
    if (offset < this.end) this.answer(request, reply)
    else this.parked.push({ request, reply })
  }

  /** The new end travels in `logStartOffset`; there are no batches to send. */
  private answer(_request: FetchRequest, reply: Reply): void {
    const entry = {
      partition: 0,
      error: 'NONE' as const,
      highWatermark: 0,
      lastStableOffset: 0,
      logStartOffset: this.end,
      diverging: null,
      currentLeader: null,
      preferredReadReplica: -1,
      batches: [],
    }
    reply.send({ api: 'Fetch', error: 'NONE', sessionId: NO_FETCH_SESSION, partitions: [entry] })
  }

  private metadata(): Response {
    return metadataOf([...this.brokers.keys()], [{ leader: 1, leaderEpoch: 1 }])
  }
}
