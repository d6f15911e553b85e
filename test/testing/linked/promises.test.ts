import { describe, expect, it } from 'vitest'
import type { LinkSpec } from '../../../src/scenario/links.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { promisesOf } from '../../../src/testing/linked/promises.ts'
import { mayComeHome } from '../../../src/testing/linked/ways-home.ts'

const HOME = { cluster: 'A', topic: 'orders' }

function linksOf(version: string, ...links: readonly string[]): readonly LinkSpec[] {
  const cluster = '{brokers: {r: 3}, controllers: {r: 1}}'
  const text = `
version: "${version}"
flavour: confluent
regions: {r: {}}
clusters: {A: ${cluster}, B: ${cluster}, C: ${cluster}}
topics: [{name: orders, cluster: A, partitions: 2, replicationFactor: 1}]
links: [${links.map((link) => `{${common(link)}, ${link}}`).join(', ')}]
`
  return scenarioOf(text, 'promises.yaml').links
}

/** From A to B where a link says nothing else. */
function common(link: string): string {
  const ends = link.includes('from:') ? [] : ['from: A, to: B']
  return [...ends, ...(link.includes('cluster-link') ? [] : ['workers: {r: 1}'])].join(', ')
}

function promisesIn(link: string, version = '4.1') {
  const [spec] = linksOf(version, link)
  if (spec === undefined) throw new Error('there is no link')
  return promisesOf(spec, { version })
}

const FLINK = 'system: flink, jobManager: r, checkpoints: r, topic: orders'
const SAFE = `${FLINK}, deliveryGuarantee: at-least-once`
const UREPLICATOR =
  'system: ureplicator, controllers: {r: 1}, zookeeper: {helix: r}, topics: [orders]'
const BROOKLIN = 'system: brooklin, config: {topics: orders'
const MM1 = 'system: mirror-maker1, options: {include: orders}'
const MIRUS = 'system: mirus, config: {topics.whitelist: orders, enable.partition.matching: true}'
const REPLICATOR = 'system: replicator, config: {topic.whitelist: orders'

describe('what a link promises', () => {
  it.each([
    ['system: mirror-maker2', 'without a gap'],
    ['system: mirror-maker2, producer: {acks: 1}', 'not promised'],
    ['system: mirror-maker2, producer: {max.in.flight.requests.per.connection: 5}', 'not promised'],
    ['system: connect, transforms: [{filter: 0.5}]', 'without a gap'],
    ['system: cluster-link, mirrors: [orders]', 'at their offsets'],
    [MIRUS, 'without a gap'],
    ['system: mirus, config: {topics.whitelist: orders}', 'by key'],
    [`${REPLICATOR}}`, 'without a gap'],
    [`${REPLICATOR}, topic.preserve.partitions: false}`, 'by key'],
    [MM1, 'by key'],
    [`${MM1}, handler: {keepsPartition: true}`, 'without a gap'],
    [`${BROOKLIN}}`, 'by key'],
    [`${BROOKLIN}, identityPartitioningEnabled: true}`, 'without a gap'],
    [UREPLICATOR, 'by key'],
    [`${UREPLICATOR}, worker: {topic_partition_count_observer: true}`, 'without a gap'],
    [SAFE, 'by key'],
    [`${SAFE}, producer: {enable.idempotence: false}`, 'not promised'],
    [FLINK, 'not promised'],
  ])('of order: %s: %s', (link, order) => {
    expect(promisesIn(link).order).toBe(order)
  })

  it.each([
    ['system: mirror-maker2', true],
    ['system: mirror-maker2, producer: {acks: 1}', false],
    [`${SAFE}, config: {execution.checkpointing.interval: 5000}`, true],
    // Without checkpoints a job that fails once does not begin again.
    [SAFE, false],
    [`${FLINK}, config: {execution.checkpointing.interval: 5000}`, false],
    [`${MM1}, producer: {acks: 0}`, false],
  ])('of arrival: %s: %s', (link, arrives) => {
    expect(promisesIn(link).arrives).toBe(arrives)
  })

  it.each([
    ['system: mirror-maker2', '4.1', 'never past the truth'],
    ['system: mirror-maker2', '3.4', 'not promised'],
    ['system: connect', '3.5', 'never past the truth'],
    ['system: cluster-link, mirrors: [orders]', '4.1', 'never past the truth'],
    [`${REPLICATOR}}`, '4.1', 'by timestamp'],
    [MM1, '3.9', 'not carried'],
    [UREPLICATOR, '3.9', 'not carried'],
  ])('of groups: %s in %s: %s', (link, version, groups) => {
    expect(promisesIn(link, version).groups).toBe(groups)
  })
})

describe('whether links may bring a topic home', () => {
  const mayLoop = (...links: readonly string[]) => {
    return mayComeHome({ links: linksOf('4.1', ...links) }, HOME)
  }
  const back = (link: string) => `${link}, from: B, to: A`.replace('system', 'name: back, system')

  it('they may to and fro under one name, where nothing marks a record', () => {
    expect(mayLoop(MM1)).toBe(false)
    expect(mayLoop(MM1, back(MM1))).toBe(true)
    expect(mayLoop(`${MM1}, handler: {prefix: A.}`, back(MM1))).toBe(false)
  })

  it('default names of MirrorMaker 2 tell where a topic comes from, and kept ones do not', () => {
    const both = ['system: mirror-maker2', back('system: mirror-maker2')]
    expect(mayLoop(...both)).toBe(false)
    const policy = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy'
    const kept = both.map((one) => `${one}, config: {replication.policy.class: ${policy}}`)
    expect(mayLoop(...kept)).toBe(true)
  })

  it('provenance stops a record only where both ways mark it', () => {
    const marked = `${REPLICATOR}, provenance.header.enable: true}`
    expect(mayLoop(marked, back(marked))).toBe(false)
    expect(mayLoop(marked, back(`${REPLICATOR}}`))).toBe(true)
    expect(mayLoop(`${REPLICATOR}}`, back(marked))).toBe(true)
  })
})
