import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'
import { linkedText } from '../lab/links/two-regions.ts'

const SPEC = 'mirror.start.offset.spec'
const problemsOf = (text: string) => parseScenario(text, 'linked.yaml').problems
const messageOf = (text: string) => problemsOf(text)[0]?.message

describe('a cluster link in a file', () => {
  it('brings its mirror topics, with the partitions and settings of their sources', () => {
    const topic = 'retention.ms: 60000, min.insync.replicas: 2'
    const { scenario } = parseScenario(
      linkedText({ topic, config: { 'cluster.link.prefix': 'us.' } }),
      'linked.yaml',
    )
    const mirror = scenario?.topics.find(
      ({ cluster, name }) => cluster === 'B' && name === 'us.orders',
    )
    expect(mirror).toMatchObject({
      partitions: 2,
      replicationFactor: 3,
      mirror: { link: 'dr', sourceTopic: 'orders' },
    })
    expect(mirror?.config).toMatchObject({ 'retention.ms': 60_000, 'min.insync.replicas': 1 })
  })

  it('is refused to Apache Kafka', () => {
    const apache = linkedText({}).replace('flavour: confluent', 'flavour: apache')
    expect(messageOf(apache)).toBe('cluster links live in brokers of Confluent Server')
  })

  it('has a prefix of at most twelve characters', () => {
    const long = linkedText({ config: { 'cluster.link.prefix': 'thirteen-long' } })
    expect(messageOf(long)).toBe('a prefix has at most 12 characters')
  })

  it('is not dialled by an Apache source', () => {
    const inbound = { 'connection.mode': 'INBOUND' }
    const text = linkedText({ config: inbound })
    expect(problemsOf(text)).toEqual([])
    expect(messageOf(text.replace('    to: B\n', '    to: B\n    sourceFlavour: apache\n'))).toBe(
      'an Apache Kafka source cannot initiate the link',
    )
  })

  it('has a side at the source where that dials, with settings of its own', () => {
    const config = { 'connection.mode': 'INBOUND' }
    const { scenario } = parseScenario(
      linkedText({ config, source: { 'reconnect.backoff.max.ms': 7_000 } }),
      'linked.yaml',
    )
    const [link] = scenario?.links ?? []
    if (link?.system !== 'cluster-link') throw new Error('a cluster link')
    expect(link.source).toMatchObject({ 'link.mode': 'SOURCE', 'connection.mode': 'OUTBOUND' })
    expect(link.source?.['reconnect.backoff.max.ms']).toBe(7_000)
    expect(link.config['reconnect.backoff.max.ms']).toBe(1_000)
    expect(messageOf(linkedText({ source: {} }))).toBe(
      'the source has no side of its own: the destination dials',
    )
    const wrong = linkedText({ config, source: { 'connection.mode': 'INBOUND' } })
    expect(messageOf(wrong)).toBe('one side dials and the other does not')
    const { notes } = parseScenario(
      linkedText({ config, source: { 'consumer.offset.sync.ms': 1_000 } }),
      'linked.yaml',
    )
    expect(notes.map(({ message }) => message)).toEqual([
      'consumer.offset.sync.ms has no effect at the side that only dials',
    ])
  })

  it('begins at a place or at a time', () => {
    const at = (spec: string) => messageOf(linkedText({ config: { [SPEC]: spec } }))
    expect(at('1970-01-01T00:00:05Z')).toBeUndefined()
    expect(at('yesterday')).toBe('no place to begin at')
  })

  it('mirrors topics that exist, under names that are free', () => {
    expect(messageOf(linkedText({ mirrors: '[paid]' }))).toBe('unknown topic "paid"')
    const taken = linkedText({}).replace(
      'links:',
      '  - {name: orders, cluster: B, partitions: 1, replicationFactor: 1}\nlinks:',
    )
    expect(messageOf(taken)).toBe('topic orders exists in B already')
  })

  it('mirrors a mirror, whichever of the links is written first', () => {
    const chain = linkedText({}).replace(
      'links:',
      'links:\n  - {system: cluster-link, from: B, to: C, mirrors: [orders]}',
    )
    const third =
      '  C: {brokers: {eu: 3}, controllers: {eu: 1}, config: {default.replication.factor: 3}}'
    const text = chain.replace('topics:', `${third}\ntopics:`)
    const { scenario, problems } = parseScenario(text, 'linked.yaml')
    expect(problems).toEqual([])
    const mirrors = scenario?.topics.flatMap(({ cluster, mirror }) =>
      mirror === undefined ? [] : [`${cluster} by ${mirror.link}`],
    )
    expect(mirrors).toEqual(['B by dr', 'C by B->C'])
  })

  it('is named by commands, which know no other', () => {
    const faults = ['{at: 1s, mirror-failover: {link: rd}}']
    expect(messageOf(linkedText({ faults }))).toBe('unknown link "rd"')
  })

  it('takes filters as Confluent’s tools do', () => {
    const config = { 'consumer.offset.group.filters': 'billing' }
    expect(messageOf(linkedText({ config }))).toBe('not a list of filters')
  })
})

describe('what a release of Confluent Platform has not yet', () => {
  const of = (version: string, config: Record<string, string | boolean>) =>
    problemsOf(`version: "${version}"\n${linkedText({ config })}`).map(({ message }) => message)

  it.each([
    ['link.mode', 'BIDIRECTIONAL', '3.4', '3.5', '7.5'],
    ['connection.mode', 'INBOUND', '3.0', '3.1', '7.1'],
    ['acl.sync.enable', true, '3.0', '3.1', '7.1'],
  ])('%s: %s is refused with %s and taken with %s', (name, value, before, since, platform) => {
    expect(of(before, { [name]: value })).toEqual([
      `it came with Confluent Platform ${platform}, which holds Kafka ${since}`,
    ])
    expect(of(since, { [name]: value })).toEqual([])
  })
})

it.each([
  ['consumer.offset.sync.enable', true, 'no consumer.offset.group.filters: no group is synced'],
  ['auto.create.mirror.topics.enable', true, 'no auto.create.mirror.topics.filters: no mirror'],
  ['acl.sync.enable', true, 'no acl.filters: nothing is synced'],
  ['consumer.group.prefix.enable', true, 'no effect: the prefix is cluster.link.prefix'],
  [
    'consumer.offset.group.filters',
    '{"groupFilters": []}',
    'no effect while consumer.offset.sync.enable is false',
  ],
])('%s: %s alone does nothing, and a note says so', (name, value, message) => {
  const { notes } = parseScenario(linkedText({ config: { [name]: value } }), 'linked.yaml')
  expect(notes).toMatchObject([{ kind: 'remark', path: `links[0].config["${name}"]` }])
  expect(notes[0]?.message).toContain(message)
})
