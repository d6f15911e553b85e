import { describe, expect, it } from 'vitest'
import { ClientMetadata } from '../../../src/kafka/clients/metadata.ts'
import { leastLoadedNode, MetadataUpdater } from '../../../src/kafka/clients/metadata-updater.ts'
import { RandomSource } from '../../../src/sim/random.ts'
import { NEVER } from '../../../src/sim/time.ts'
import { FakeClient } from './fake-client.ts'

function random() {
  return new RandomSource('updater').fork('test')
}

/** An updater that knows brokers 1, 2 and 3 and was asked to renew. */
function updaterOn(client: FakeClient, rebootstrap = true) {
  const config = {
    metadataMaxAgeMs: 300_000,
    retryBackoffMs: 100,
    retryBackoffMaxMs: 1_000,
    bootstrapNodes: [1],
    topics: ['t'],
    requestTimeoutMs: 30_000,
    reconnectBackoffMs: 50,
    rebootstrap,
    rebootstrapTriggerMs: 300_000,
  }
  const metadata = new ClientMetadata(config, random())
  const brokers = [1, 2, 3].map((id) => ({ id, rack: null }))
  metadata.update({ api: 'Metadata', controllerId: 1, brokers, topics: [] }, 0)
  metadata.requestUpdate()
  client.now = 1_000_000
  return { metadata, updater: new MetadataUpdater(metadata, config, client, random(), () => {}) }
}

describe('least loaded node', () => {
  it('is a connected one without requests in flight before any other', () => {
    const client = new FakeClient()
    for (const node of [1, 2, 3]) client.links.set(node, 'ready')
    client.inFlight.set(1, 3).set(3, 1)
    for (let i = 0; i < 20; i++) {
      expect(leastLoadedNode([1, 2, 3], client, random()).node).toBe(2)
    }
    client.inFlight.set(2, 2)
    expect(leastLoadedNode([1, 2, 3], client, random()).node).toBe(3)
  })

  it('is one being connected to before one that could be', () => {
    const client = new FakeClient()
    client.links.set(2, 'connecting')
    expect(leastLoadedNode([1, 2, 3], client, random()).node).toBe(2)
  })

  it('is the one whose last attempt is longest ago where none is connected', () => {
    const client = new FakeClient()
    client.attempts.set(1, 50).set(2, 20).set(3, 70)
    expect(leastLoadedNode([1, 2, 3], client, random()).node).toBe(2)
  })

  it('counts a full connection as available although it cannot be asked', () => {
    const client = new FakeClient()
    client.links.set(1, 'full').set(2, 'backing-off')
    expect(leastLoadedNode([1, 2], client, random())).toEqual({ node: null, available: true })
    client.links.set(1, 'backing-off')
    expect(leastLoadedNode([1, 2], client, random())).toEqual({ node: null, available: false })
  })
})

describe('metadata updater', () => {
  it('has one request under way at a time', () => {
    const client = new FakeClient()
    client.links.set(2, 'ready')
    const { updater } = updaterOn(client)
    updater.maybeUpdate(client.now)
    updater.maybeUpdate(client.now)
    expect(client.sent.map(({ node }) => node)).toEqual([2])
  })

  it('connects to no further node while one connection is being set up', () => {
    const client = new FakeClient()
    client.links.set(9, 'connecting')
    const { updater } = updaterOn(client)
    updater.maybeUpdate(client.now)
    expect(client.connected).toEqual([])
    client.links.delete(9)
    updater.maybeUpdate(client.now)
    expect(client.connected).toHaveLength(1)
  })

  it('starts again from the bootstrap addresses when no known broker can be reached', () => {
    for (const [rebootstrap, nodes] of [
      [true, [-2]],
      [false, [1, 2, 3]],
    ] as const) {
      const client = new FakeClient()
      for (const node of [1, 2, 3]) client.links.set(node, 'backing-off')
      const { metadata, updater } = updaterOn(client, rebootstrap)
      updater.maybeUpdate(client.now)
      expect(metadata.nodes).toEqual(nodes)
    }
  })

  it('lets every connection go and starts again when no answer came for so long', () => {
    const client = new FakeClient()
    client.links.set(2, 'ready')
    const { metadata, updater } = updaterOn(client)
    expect(updater.maybeUpdate(client.now)).toBe(client.now + 300_000_000)
    client.now += 299_999_999
    updater.maybeUpdate(client.now)
    expect(client.disconnected).toEqual([])
    client.now += 1
    updater.maybeUpdate(client.now)
    expect(client.disconnected).toEqual([1, 2, 3])
    expect(metadata.nodes).toEqual([-2])
  })

  it('waits for an answer without end where it may not start again', () => {
    const client = new FakeClient()
    client.links.set(2, 'ready')
    const { updater } = updaterOn(client, false)
    expect(updater.maybeUpdate(client.now)).toBe(NEVER)
    client.now += 600_000_000
    expect(updater.maybeUpdate(client.now)).toBe(NEVER)
    expect(client.disconnected).toEqual([])
  })

  it('backs off after a lost connection while an update was due', () => {
    const client = new FakeClient()
    const { metadata, updater } = updaterOn(client)
    expect(metadata.nextUpdateAt()).toBeLessThan(client.now)
    updater.onConnectionLost()
    expect(metadata.nextUpdateAt()).toBeGreaterThanOrEqual(client.now + 80_000)
  })

  it('counts an update that is due as failed with any connection', () => {
    const client = new FakeClient()
    for (const node of [1, 2, 3]) client.links.set(node, 'backing-off')
    const { metadata, updater } = updaterOn(client, false)
    const again = updater.maybeUpdate(client.now)
    expect(again - client.now).toBe(50_000)
    updater.onConnectionLost()
    expect(metadata.nextUpdateAt() - client.now).toBeGreaterThanOrEqual(80_000)
  })
})
