import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { parseScenario, scenarioOf } from '../../src/scenario/parse.ts'

const TEXT = `
duration: 20s
settle: 40s
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 80ms}}
clusters:
  A: {brokers: {us: 3}, controllers: {us: 1}, config: {offsets.topic.num.partitions: 2}}
  B: {brokers: {eu: 3}, controllers: {eu: 1}, config: {offsets.topic.num.partitions: 2}}
topics:
  - {name: orders, cluster: A, partitions: 2, replicationFactor: 3}
  - {name: orders, cluster: B, partitions: 1, replicationFactor: 3}
producers:
  - {name: shop, region: us, cluster: A, topic: orders, rate: 100/s, config: {acks: all}}
  - {name: depot, region: eu, cluster: B, topic: orders, rate: 50/s, config: {acks: all}}
consumers:
  - name: bill
    region: eu
    cluster: B
    topic: orders
    config: {group.id: billing, auto.offset.reset: earliest}
`

const faulty = (fault: string) => scenarioOf(`${TEXT}faults:\n  - ${fault}\n`, 'two.yaml')

describe('two clusters in one scenario', () => {
  const result = run(scenarioOf(TEXT, 'two.yaml'), '1')

  it('have nodes of their own, whose ids nobody shares', () => {
    const brokers = result.topology.brokers.map(({ id, cluster, region, roles: [role] }) => {
      return `${cluster} ${region} ${role} ${id}`
    })
    expect(brokers).toEqual([
      ...['A us broker 1', 'A us broker 2', 'A us broker 3', 'A us controller 4'],
      ...['B eu broker 5', 'B eu broker 6', 'B eu broker 7', 'B eu controller 8'],
    ])
  })

  it('may both have a topic of a name, and what is written to one is not in the other', () => {
    expect(result.clusters.map(({ name, topics }) => [name, topics.map((t) => t.name)])).toEqual([
      ['A', ['orders']],
      ['B', ['orders', '__consumer_offsets']],
    ])
    const ends = result.partitions.map(({ partition, tracks }) => {
      return [partition, Math.max(...tracks.map(({ logEnd }) => logEnd.at(-1) ?? 0))] as const
    })
    const recordsOf = (cluster: string) =>
      ends.filter(([name]) => name.startsWith(`${cluster}:orders-`)).map(([, end]) => end)
    expect(recordsOf('A').reduce((sum, end) => sum + end)).toBe(2000)
    expect(recordsOf('B')).toEqual([1000])
    expect(result.fates).toMatchObject({ acked: 3000, lost: 0, duplicated: 0 })
    expect(result.consumerView).toMatchObject({ delivered: 1000, skipped: 0 })
  })

  it('do not fall together: a fault takes the cluster that it names', () => {
    const { planes, timeline } = run(faulty('{at: 5s, for: 30s, crash: cluster B}'), '1')
    const fenced = timeline.filter(({ kind }) => kind === 'broker-fenced').map((e) => e.text)
    // Those that time out together come in the order of the controller's table, not of their ids.
    const named = fenced.map((text) => text.slice(0, 8)).sort()
    expect(named).toEqual(['broker 5', 'broker 6', 'broker 7'])
    // Load and faults end at 20 s.
    expect(planes.controlMs).toBeGreaterThan(15_000)
    expect(planes.controlMs).toBeLessThan(20_000)
    const first = run(faulty('{at: 5s, for: 10s, crash: "leader of B:orders-0"}'), '1')
    expect(first.faults[0]?.text).toMatch(/broker-[567]/)
    const other = run(faulty('{at: 5s, for: 10s, crash: active controller of cluster B}'), '1')
    expect(other.faults[0]?.text).toContain('controller-8')
  })
})

describe('a file with several clusters is told', () => {
  const problemsOf = (text: string) => parseScenario(text, 'two.yaml').problems

  it('that an entry must say of which it is', () => {
    const [problem] = problemsOf(TEXT.replace('name: orders, cluster: A,', 'name: orders,'))
    expect(problem).toMatchObject({ path: 'topics[0]', fix: 'write cluster: A or cluster: B' })
  })

  it('that a cluster, a topic in it or a node id is not as written', () => {
    expect(
      problemsOf(TEXT.replace('region: eu, cluster: B, topic', 'region: eu, cluster: C, topic'))[0],
    ).toMatchObject({ path: 'producers[1].cluster', message: 'unknown cluster "C"' })
    const crash = `${TEXT}faults:\n  - {at: 1s, crash: "leader of A:paid-0"}\n`
    expect(problemsOf(crash)[0]?.message).toBe('unknown partition "A:paid-0"')
    const taken = TEXT.replace(
      'brokers: {eu: 3}',
      'brokers: [{id: 2, region: eu}, {id: 2, region: eu}]',
    )
    expect(problemsOf(taken)[0]?.message).toBe('node id 2 is taken')
  })

  it('that cluster and clusters exclude each other, and that there must be one', () => {
    const both = `${TEXT}cluster: {brokers: {us: 1}, controllers: {us: 1}}\n`
    expect(problemsOf(both)[0]?.message).toBe('cluster and clusters exclude each other')
    const none = problemsOf('regions: {us: {}}\ntopics: []\n')
    expect(none.map(({ message }) => message)).toEqual(['there is no cluster'])
  })
})

describe('a link of MirrorMaker 2 is told', () => {
  const link = (more: string) =>
    `links:\n  - {system: mirror-maker2, from: A, to: B, workers: {eu: 1}, ${more}}\n`
  const problemsOf = (more: string) => parseScenario(`${TEXT}${more}`, 'two.yaml').problems

  it('that a filter is no expression, and a setting none of its own', () => {
    expect(problemsOf(link('config: {topics: "orders(", offset.lag.maximum: 5}'))).toMatchObject([
      { path: 'links[0].config.topics', message: 'not a list of regular expressions' },
      { path: 'links[0].config["offset.lag.maximum"]', fix: 'did you mean offset.lag.max?' },
    ])
  })

  it('that its processes need names of their own', () => {
    const again = link('name: other, config: {}').replace('other', 'A-B')
    const [problem] = problemsOf(`${link('config: {}')}${again.replace('links:\n', '')}`)
    expect(problem?.message).toBe('the process name mm2-A-B-1 is taken')
  })

  it('elect leaders of all topics where the order names a cluster, and in no other', () => {
    const all = '{ at: 15s, elect-leaders: { type: preferred, cluster: B } }'
    const crash = '{ at: 2s, crash: leader of B:orders-0, for: 3s }'
    const { timeline } = run(scenarioOf(`${TEXT}faults: [${crash}, ${all}]\n`, 'two.yaml'), '1')
    const told = timeline.filter(({ kind }) => kind === 'operator').map(({ text }) => text)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain('preferred election')
    const changed = timeline.filter(({ kind, atMs }) => kind === 'partition' && atMs > 15_000)
    expect(changed.some(({ partition }) => partition?.startsWith('B:') === true)).toBe(true)
  })

  it('must be told apart by an order for all topics', () => {
    const problemsOf = (params: string) => {
      const text = `${TEXT}faults: [{ at: 5s, elect-leaders: { type: unclean${params} } }]\n`
      return parseScenario(text, 'two.yaml').problems.map(({ path, message, fix }) => {
        return `${path}: ${message}: ${fix}`
      })
    }
    expect(problemsOf('')).toEqual([
      'faults[0].elect-leaders: there are several clusters, and it names none: ' +
        'write cluster: A or cluster: B, once for each that is meant',
    ])
    expect(problemsOf(', cluster: C')).toEqual([
      expect.stringContaining('faults[0].elect-leaders.cluster: unknown cluster "C"'),
    ])
    expect(problemsOf(', cluster: A, topic: "A:orders"')).toEqual([
      'faults[0].elect-leaders: an order for two things at once: keep one: topic or cluster',
    ])
    expect(problemsOf(', topic: "A:orders"')).toEqual([])
  })
})
