import { describe, expect, it } from 'vitest'
import { acksAt, readsAt, runMoving } from './two-clusters.ts'

const DNS = '{kafka: {cluster: A, ttl: 20s}}'
const flip = (more = '') => `
  - name: flip
    detect: {at: 20s}
    steps:
      - repoint: {endpoint: kafka, to: B}
${more}`
/** Errors after which a client looks for leaders, and goes on. */
const RETRIED = ['NOT_LEADER_OR_FOLLOWER', 'UNKNOWN_TOPIC_OR_PARTITION', 'NETWORK_EXCEPTION']
const restart = `
      - takes: 5s
        move-clients: {clients: [shop, billing], restart: [1s, 2s]}
`

describe('a DNS name of bootstrap addresses that is flipped', () => {
  it('moves no client that runs: it keeps the brokers that it knows', () => {
    const run = runMoving({ endpoints: DNS, client: 'bootstrap: kafka', runbooks: flip() })
    expect(acksAt(run, 'B').count).toBe(0)
    expect(acksAt(run, 'A').last).toBeGreaterThan(59)
  })

  it('moves clients that start anew, once resolvers have forgotten the old answer', () => {
    const moved = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'].map((seed) => {
      const of = { endpoints: DNS, client: 'bootstrap: kafka', runbooks: flip(restart) }
      return acksAt(runMoving(of, seed), 'B').count > 0
    })
    // Of twenty seconds six to seven are over: about one start in three finds the new answer.
    expect(new Set(moved)).toEqual(new Set([true, false]))
  })

  it('moves every client that starts anew when it has no time to live', () => {
    const endpoints = '{kafka: {cluster: A, ttl: 0s}}'
    const run = runMoving({ endpoints, client: 'bootstrap: kafka', runbooks: flip(restart) })
    const { first } = acksAt(run, 'B')
    expect(first).toBeGreaterThan(26)
    expect(first).toBeLessThan(29)
    expect(acksAt(run, 'A').last).toBeLessThan(first)
    expect(readsAt(run, 'B').first).toBeGreaterThan(first)
  })
})

describe('a seed list with the addresses of both clusters', () => {
  it('leads each client to either of them from the start', () => {
    const homes = ['1', '2', '3', '4', '5', '6'].map((seed) => {
      const run = runMoving({ client: 'bootstrap: [A, B]', duration: '5s' }, seed)
      return acksAt(run, 'A').count > 0 ? 'A' : 'B'
    })
    expect(new Set(homes)).toEqual(new Set(['A', 'B']))
  })
})

describe('a client that starts again from its bootstrap addresses', () => {
  const lost = '[{at: 20s, region-loss: region us, for: 300s}]'
  const endpoints = '{kafka: {cluster: A, ttl: 1s}}'
  const config = 'delivery.timeout.ms: 200000, metadata.recovery.rebootstrap.trigger.ms: 30000'
  const client = 'bootstrap: kafka, dnsCache: 1s'
  const of = { endpoints, client, config, faults: lost, duration: '140s', runbooks: flip() }

  it('goes on at the other cluster with what it had buffered, partition by partition', () => {
    const run = runMoving(of)
    const { first } = acksAt(run, 'B')
    expect(first).toBeGreaterThan(20)
    expect(first).toBeLessThan(120)
    expect(run.result.fates).toMatchObject({ reordered: 0, duplicated: 0 })
    const { partitions, streams, produced } = run.history
    const moved = [...produced].filter(({ outcome, partition, stream }) => {
      return outcome === 0 && partition !== streams[stream]?.partition
    })
    expect(moved.length).toBeGreaterThan(0)
    for (const { partition, stream } of moved) {
      const from = partitions[streams[stream]?.partition ?? -1]
      expect(partitions[partition]).toMatchObject({ topic: 'orders', number: from?.number })
    }
  })

  it('never does where it may not', () => {
    const never = runMoving({ ...of, config: `${config}, metadata.recovery.strategy: none` })
    expect(acksAt(never, 'B').count).toBe(0)
  })
})

describe('a load balancer before the brokers', () => {
  const flips = (resets: boolean) => {
    const endpoints = `{kafka: {kind: load-balancer, cluster: A, resets: ${resets}}}`
    return runMoving({ endpoints, client: 'bootstrap: kafka', runbooks: flip() })
  }

  it('takes its clients along when it resets their connections', () => {
    const run = flips(true)
    expect(acksAt(run, 'A').last).toBeLessThan(20.2)
    expect(acksAt(run, 'B').first).toBeLessThan(23)
    expect(readsAt(run, 'B').count).toBeGreaterThan(0)
  })

  it('leaves them where they are while their connections last', () => {
    const run = flips(false)
    expect(acksAt(run, 'B').count).toBe(0)
    expect(acksAt(run, 'A').last).toBeGreaterThan(59)
  })

  it('takes them along as a gateway, which ends what it carries', () => {
    const endpoints = `{kafka: {kind: gateway, cluster: A, resets: false}}`
    const run = runMoving({ endpoints, client: 'bootstrap: kafka', runbooks: flip() })
    expect(acksAt(run, 'B').first).toBeLessThan(23)
  })
})

describe('a client that is led to the brokers of the wrong cluster', () => {
  const endpoints = '{kafka: {kind: load-balancer, cluster: A}}'
  const mistake = runMoving({ endpoints, client: 'bootstrap: kafka', runbooks: flip() })

  it('writes there without a word: before 4.4 nobody asks which cluster it is (KIP-1242)', () => {
    const { clientErrors, events, names } = mistake.history
    expect(acksAt(mistake, 'B').count).toBeGreaterThan(100)
    expect(mistake.result.fates).toMatchObject({ lost: 0, duplicated: 0 })
    // What it is told is what a change of leaders looks like, and nothing that names a cluster.
    const told = new Set([...clientErrors].map(({ error }) => names.text(error)))
    expect([...told].filter((error) => !RETRIED.includes(error))).toEqual([])
    expect(events.filter(({ kind }) => kind === 'mistaken-repeat')).toEqual([])
  })

  it('leaves behind in its own cluster what nobody reads any more', () => {
    const { result } = mistake
    const left = result.partitions.filter(({ partition }) => partition.startsWith('A:orders'))
    const ends = left.map(({ tracks }) =>
      Math.max(...tracks.map(({ logEnd }) => logEnd.at(-1) ?? 0)),
    )
    expect(ends.reduce((sum, end) => sum + end, 0)).toBeLessThan(result.fates.acked / 2)
    expect(readsAt(mistake, 'A').last).toBeLessThan(21)
  })
})
