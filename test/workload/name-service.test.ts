import { describe, expect, it } from 'vitest'
import { RandomSource } from '../../src/sim/random.ts'
import { AddressBook, type Addresses } from '../../src/workload/address-book.ts'
import { NameService } from '../../src/workload/name-service.ts'

const SECOND = 1_000_000
const TTL = 60 * SECOND

function service(seed = 'dns') {
  const names = new NameService(new RandomSource(seed).fork('dns'))
  names.set('kafka', 'A', 0)
  return names
}

/** When a resolver first answers with the new record. */
function knownAt(names: NameService, region: string, changedAt: number): number {
  for (let at = changedAt; ; at += SECOND) {
    if (names.lookup('kafka', region, TTL, at) === 'B') return at - changedAt
  }
}

describe('resolvers of a DNS name', () => {
  it('learn of a change within the time to live, each at a moment of its own', () => {
    const delays = ['1', '2', '3', '4', '5', '6'].flatMap((seed) => {
      const names = service(seed)
      names.set('kafka', 'B', 200 * SECOND)
      return ['us', 'eu'].map((region) => knownAt(names, region, 200 * SECOND))
    })
    expect(Math.max(...delays)).toBeLessThanOrEqual(TTL)
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(TTL / 2)
    expect(new Set(delays).size).toBeGreaterThan(6)
  })

  it('never go back to the old answer', () => {
    const names = service()
    names.set('kafka', 'B', 200 * SECOND)
    const from = 200 * SECOND + knownAt(names, 'us', 200 * SECOND)
    for (let at = from; at < from + 3 * TTL; at += SECOND) {
      expect(names.lookup('kafka', 'us', TTL, at)).toBe('B')
    }
  })

  it('know of a change at once where there is no time to live, and of no name that is none', () => {
    const names = service()
    names.set('kafka', 'B', 200 * SECOND)
    expect(names.lookup('kafka', 'us', 0, 200 * SECOND - 1)).toBe('A')
    expect(names.lookup('kafka', 'us', 0, 200 * SECOND)).toBe('B')
    expect(names.lookup('other', 'us', 0, 0)).toBeNull()
  })
})

/** An address book over A (brokers 1, 2) and B (3, 4); whom it resolves to is told by id. */
function book(bootstrap: string[], cacheTime: number) {
  const state = { dns: 'A', balancer: 'A', now: 0, lookups: 0 }
  const asked: number[] = []
  const addresses: Addresses = {
    brokersOf: (cluster) => ({ A: [1, 2], B: [3, 4] })[cluster] ?? [],
    clusterOf: (node) => (node <= 2 ? 'A' : 'B'),
    processOf: (node) => {
      asked.push(node)
      return null
    },
    lookup: (name) => {
      state.lookups++
      return name === 'dns' ? state.dns : null
    },
    behind: (name) => (name === 'lb' ? state.balancer : null),
  }
  const clock = {
    get now() {
      return state.now
    },
    random: (stream: string) => new RandomSource('book').fork(stream),
  }
  const made = new AddressBook(bootstrap, addresses, clock, cacheTime)
  const dial = (node = made.bootstrapNodes[0] ?? 0) => {
    made.processOf(node)
    return asked.at(-1) ?? 0
  }
  return { state, book: made, dial }
}

describe('the addresses of a client', () => {
  it('are tried one after the other before a name is looked up again', () => {
    const { state, dial } = book(['dns'], 0)
    const first = dial()
    state.dns = 'B'
    expect(new Set([first, dial()])).toEqual(new Set([1, 2]))
    expect([3, 4]).toContain(dial())
  })

  it('are looked up again after a connection by them had stood', () => {
    const { state, book: own, dial } = book(['dns'], 0)
    dial()
    own.connected(own.bootstrapNodes[0] ?? 0)
    state.dns = 'B'
    expect([3, 4]).toContain(dial())
  })

  it('stay as the JVM has them in its cache, however often they are looked up', () => {
    const { state, dial } = book(['dns'], 30 * SECOND)
    dial()
    state.dns = 'B'
    state.now = 30 * SECOND - 1
    const kept = [dial(), dial(), dial()]
    expect(kept.every((node) => node <= 2)).toBe(true)
    expect(state.lookups).toBe(1)
    state.now = 30 * SECOND
    expect([dial(), dial()].some((node) => node >= 3)).toBe(true)
  })

  it('lead through a balancer to the broker of the same place', () => {
    const { state, dial } = book(['lb'], 0)
    expect([dial(1), dial(2)]).toEqual([1, 2])
    state.balancer = 'B'
    expect([dial(1), dial(2)]).toEqual([3, 4])
    expect([dial(3), dial(4)]).toEqual([3, 4])
  })

  it('are the brokers themselves where a cluster is named', () => {
    const { book: own, dial } = book(['B', 'A'], 0)
    expect(own.bootstrapNodes).toEqual([3, 4, 1, 2])
    expect(own.cluster).toBe('B')
    expect(dial()).toBe(3)
  })
})
