import { expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

const FILTERS =
  '{"topicFilters": [{"name": "*", "patternType": "LITERAL", "filterType": "INCLUDE"}]}'
const MAKES = {
  'auto.create.mirror.topics.enable': true,
  'auto.create.mirror.topics.filters': FILTERS,
  'cluster.link.prefix': 'far.',
}

/** What is noted of links between clusters, each as its two ends. */
function notesOf(ends: readonly (readonly [string, string])[], config: object = {}): string[] {
  const names = [...new Set(ends.flat())]
  const cluster = { brokers: { us: 3 }, controllers: { us: 1 } }
  const document = {
    ...{ version: '4.1', flavour: 'confluent', regions: { us: {} } },
    clusters: Object.fromEntries(names.map((name) => [name, cluster])),
    topics: names.map((name) => ({ name: `of-${name}`, cluster: name, replicationFactor: 1 })),
    links: ends.map(([from, to]) => {
      return { system: 'cluster-link', name: `${from}-${to}`, from, to, config }
    }),
  }
  const { notes, problems } = parseScenario(JSON.stringify(document), 'links.yaml')
  expect(problems).toEqual([])
  return notes.map(({ message }) => message).filter((text) => text.includes('Confluent'))
}

it('a hub with more than ten sources is told of, once', () => {
  const spokes = (count: number) =>
    Array.from({ length: count }, (_, n) => [`s${n}`, 'hub'] as const)
  expect(notesOf(spokes(10))).toEqual([])
  expect(notesOf(spokes(12))).toEqual([
    'hub has more than 10 sources, which Confluent advises against',
  ])
})

it('a chain that makes its mirrors under a prefix is, and two active sites are not', () => {
  const chain = [
    ['A', 'B'],
    ['B', 'C'],
  ] as const
  const told = 'in a chain Confluent makes no mirrors by itself under a prefix'
  expect(notesOf(chain, MAKES)).toEqual([told])
  expect(notesOf(chain)).toEqual([])
  const pair = [
    ['A', 'B'],
    ['B', 'A'],
  ] as const
  expect(notesOf(pair, MAKES)).toEqual([])
})
