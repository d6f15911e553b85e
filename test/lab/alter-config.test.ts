import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { movingText } from './clients/two-clusters.ts'

/** Without eligible leader replicas a broker may have a minimum of its own. */
const OLD = '4.0'
const NAME = 'min.insync.replicas'

/**
 * Three brokers and two topics with a partition led by each of two of them; 'own' sets the minimum
 * itself, to what it would be anyway.
 */
function altered(version: string, ...faults: readonly string[]) {
  const text = `
version: "${version}"
duration: 30s
settle: 1s
regions: {a: {}}
cluster: {brokers: {a: 3}, controllers: {a: 1}}
topics:
  - {name: plain, assignment: [[1, 2, 3], [2, 3, 1]]}
  - {name: own, assignment: [[1, 2, 3], [2, 3, 1]], config: {${NAME}: 1}}
faults: [${faults}]
`
  const { partitions, clusters, timeline } = run(scenarioOf(text, 'altered.yaml'), '1')
  const minima = (topic: string) =>
    partitions
      .filter((one) => one.topic === topic)
      .map(({ minIsr }) => minIsr.map(({ replicas }) => replicas))
  const told = timeline.filter(({ actor }) => actor === 'operator').map(({ text }) => text)
  const topics = new Map(clusters[0]?.topics.map((topic) => [topic.name, topic]))
  return { plain: minima('plain'), own: minima('own'), told, topics }
}

const order = (at: string, whose: string, value: number | null) =>
  `{at: ${at}, alter-config: {${whose}set: {${NAME}: ${value}}}}`

describe('a setting of the whole cluster', () => {
  it('is of the topics that say nothing themselves, and is shown with them', () => {
    const { plain, own, told, topics } = altered(OLD, order('2s', '', 2))
    expect(told).toEqual([`cluster: ${NAME}=2`])
    expect(plain).toEqual([
      [1, 2],
      [1, 2],
    ])
    expect(own).toEqual([[1], [1]])
    expect(topics.get('plain')?.configs).toContainEqual([NAME, '2'])
    expect(topics.get('own')?.configs).toContainEqual([NAME, '1'])
    expect(topics.get('plain')?.partitions.map(({ minIsr }) => minIsr)).toEqual([2, 2])
  })

  it('gives way to the file’s again when it is removed', () => {
    const { plain, topics } = altered(OLD, order('2s', '', 2), order('4s', '', null))
    expect(plain[0]).toEqual([1, 2, 1])
    expect(topics.get('plain')?.configs).toEqual([])
  })

  it('is what a topic falls back to whose own is removed', () => {
    const faults = [order('2s', '', 2), order('4s', 'topic: own, ', null)]
    expect(altered(OLD, ...faults).own[0]).toEqual([1, 2])
  })

  it('is of the cluster that is named, and no other', () => {
    const fault = `{at: 2s, alter-config: {cluster: B, set: {${NAME}: 2}}}`
    const text = movingText({ faults: `[${fault}]`, duration: '4s', version: OLD })
    const { partitions } = run(scenarioOf(text, 'two.yaml'), '1')
    const moved = partitions.filter(({ minIsr }) => minIsr.length > 1)
    expect(moved.length).toBeGreaterThan(0)
    expect(new Set(moved.map(({ partition }) => partition.split(':')[0]))).toEqual(new Set(['B']))
  })
})

describe('a setting of one broker', () => {
  it('is of the partitions that it leads, stands above the cluster’s and below a topic’s', () => {
    const faults = [order('2s', '', 2), order('4s', 'broker: 1, ', 3)]
    const { plain, own } = altered(OLD, ...faults)
    expect(plain).toEqual([
      [1, 2, 3],
      [1, 2],
    ])
    expect(own).toEqual([[1], [1]])
  })

  it('goes with the leadership', () => {
    const move = '{at: 10s, reassign: {topic: plain, partition: 1, replicas: [1, 2, 3]}}'
    const elect = '{at: 15s, elect-leaders: {type: preferred, topic: plain, partitions: [1]}}'
    const { plain } = altered(OLD, order('2s', 'broker: 1, ', 3), move, elect)
    expect(plain).toEqual([
      [1, 3],
      [1, 3],
    ])
  })
})

describe('with eligible leader replicas (KIP-966)', () => {
  it('the minimum is refused to one broker, and the cluster’s cannot be removed', () => {
    const faults = [order('2s', 'broker: 1, ', 2), order('4s', '', null), order('6s', '', 2)]
    const { plain, own, told } = altered('4.1', ...faults)
    expect(told[0]).toContain('INVALID_CONFIG')
    expect(told[1]).toContain('INVALID_CONFIG')
    expect(plain[0]).toEqual([1, 2])
    expect(own[0]).toEqual([1])
  })

  it('the cluster has one from the start, above what the file of a single broker says', () => {
    const text = `
version: "4.1"
duration: 2s
regions: {a: {}}
cluster:
  brokers: [{region: a, config: {${NAME}: 2}}, {region: a}]
  controllers: {a: 1}
topics: [{name: plain, assignment: [[1, 2]]}]
`
    const { clusters } = run(scenarioOf(text, 'file.yaml'), '1')
    expect(clusters[0]?.topics[0]?.configs).toEqual([[NAME, '1']])
  })
})

it('what is written for one setting is not written for another', () => {
  const settings = '{log.retention.ms: 60000, unclean.leader.election.enable: true}'
  const set = `{at: 2s, alter-config: {set: ${settings}}}`
  const { topics, plain } = altered(OLD, set)
  expect(topics.get('plain')?.configs).toEqual([
    ['retention.ms', '60000'],
    ['unclean.leader.election.enable', 'true'],
  ])
  expect(plain[0]).toEqual([1])
})
