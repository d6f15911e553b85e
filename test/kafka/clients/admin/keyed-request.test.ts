import { describe, expect, it } from 'vitest'
import { ADMIN_DEFAULTS } from '../../../../src/kafka/clients/admin/admin-config.ts'
import type { AdminError } from '../../../../src/kafka/clients/admin/call.ts'
import { KafkaAdminClient } from '../../../../src/kafka/clients/admin/kafka-admin-client.ts'
import type { KafkaError } from '../../../../src/kafka/errors.ts'
import type { NodeId } from '../../../../src/kafka/ids.ts'
import type { Request } from '../../../../src/kafka/messages.ts'
import type { Reply } from '../../../../src/kafka/network/rpc.ts'
import { metadataOf } from '../../network/metadata-answer.ts'
import { Rig } from '../../network/rig.ts'

/** Two brokers; the test says who is told to lead, and what the next ListOffsets are answered. */
class Script {
  readonly rig = new Rig([1, 2], 20)
  readonly asked: { readonly atMs: number; readonly node: NodeId; readonly api: string }[] = []
  readonly errors: KafkaError[] = []
  readonly told: { readonly atMs: number; readonly error: AdminError }[] = []
  toldLeader = 1
  onListOffsets: (node: NodeId) => void = () => {}

  constructor() {
    for (const node of [1, 2]) {
      this.rig.serve(node, { handle: (request, reply) => this.#handle(node, request, reply) })
    }
  }

  ask(): void {
    const { client, world } = this.rig
    this.rig.boot(() => {
      const options = { config: ADMIN_DEFAULTS, bootstrapNodes: [1, 2] }
      const channel = { receiveServiceMicros: 0 }
      const admin = new KafkaAdminClient(client, world.network, this.rig, { ...options, channel })
      admin.listOffsets([{ topic: 't', partition: 0, at: 'latest' }], (error) => {
        this.told.push({ atMs: this.rig.nowMs, error })
      })
    })
  }

  get listed(): readonly { readonly atMs: number; readonly node: NodeId }[] {
    return this.asked.filter(({ api }) => api === 'ListOffsets')
  }

  #handle(node: NodeId, request: Request, reply: Reply): void {
    this.asked.push({ atMs: this.rig.nowMs, node, api: request.api })
    if (request.api === 'Metadata') {
      reply.send(metadataOf([1, 2], [{ leader: this.toldLeader, leaderEpoch: 3 }]))
    } else if (request.api === 'ListOffsets') {
      const error = this.errors.shift() ?? 'NONE'
      this.onListOffsets(node)
      const [partition, offset, leaderEpoch] = [0, 7, 3]
      reply.send({ api: 'ListOffsets', partitions: [{ partition, error, offset, leaderEpoch }] })
    } else reply.send(null)
  }
}

describe('a request to the broker that has what it is about', () => {
  it('looks the leader up again where the one asked says that it is not', () => {
    const script = new Script()
    script.errors.push('NOT_LEADER_OR_FOLLOWER')
    script.onListOffsets = () => {
      script.toldLeader = 2
    }
    script.ask()
    script.rig.runMs(5_000)
    expect(script.told.map(({ error }) => error)).toEqual(['NONE'])
    expect(script.listed.map(({ node }) => node)).toEqual([1, 2])
  })

  it('asks the same leader again after a growing wait where the error may pass', () => {
    const script = new Script()
    script.errors.push('OFFSET_NOT_AVAILABLE', 'OFFSET_NOT_AVAILABLE', 'OFFSET_NOT_AVAILABLE')
    script.ask()
    script.rig.runMs(5_000)
    expect(script.told.map(({ error }) => error)).toEqual(['NONE'])
    const times = script.listed.map(({ atMs }) => atMs)
    const waits = times.slice(1).map((at, i) => at - (times[i] ?? 0) - 20)
    expect(waits).toHaveLength(3)
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(80 * 2 ** i)
      expect(wait).toBeLessThanOrEqual(120 * 2 ** i)
    }
  })

  it('ends with an error that will not pass', () => {
    const script = new Script()
    script.errors.push('INVALID_REQUEST')
    script.ask()
    script.rig.runMs(5_000)
    expect(script.told.map(({ error }) => error)).toEqual(['INVALID_REQUEST'])
    expect(script.listed).toHaveLength(1)
  })

  it('looks the leader up again where the connection is lost with the request on it', () => {
    const script = new Script()
    let isFirst = true
    script.onListOffsets = (node) => {
      if (!isFirst) return
      isFirst = false
      script.toldLeader = 2
      script.rig.nodes.get(node)?.crash()
    }
    script.ask()
    script.rig.runMs(5_000)
    expect(script.told.map(({ error }) => error)).toEqual(['NONE'])
    expect(script.listed.map(({ node }) => node)).toEqual([1, 2])
  })

  it('sends one request a node at a time and gives each request.timeout.ms', () => {
    const script = new Script()
    script.ask()
    script.rig.runMs(70)
    script.rig.isolate(1)
    script.rig.isolate(2)
    script.rig.runMs(60_000)
    expect(script.told).toMatchObject([{ error: 'REQUEST_TIMED_OUT' }])
    expect(script.told[0]?.atMs).toBeCloseTo(60_000, -2)
  })
})
