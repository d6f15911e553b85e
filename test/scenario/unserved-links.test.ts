import { expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

/** What is noted of one link from A, which has orders with four partitions, to an empty B. */
function notesOf(link: object, target: object = {}, topics: readonly object[] = []): string[] {
  const cluster = { brokers: { us: 3 }, controllers: { us: 1 } }
  const document = {
    ...{ version: '3.9', regions: { us: {} } },
    clusters: { A: cluster, B: { ...cluster, config: target } },
    topics: [{ name: 'orders', cluster: 'A', partitions: 4, replicationFactor: 3 }, ...topics],
    links: [{ from: 'A', to: 'B', name: 'dr', workers: { us: 1 }, ...link }],
  }
  const { notes, problems } = parseScenario(JSON.stringify(document), 'links.yaml')
  expect(problems).toEqual([])
  return notes.filter(({ path }) => path === 'links[0]').map(({ message }) => message)
}

const COPY = { name: 'orders', cluster: 'B', partitions: 2, replicationFactor: 3 }
const CLOSED = { 'auto.create.topics.enable': false }
const MM1 = { system: 'mirror-maker1' }
const REPLICATOR = { 'topic.whitelist': 'orders', 'topic.auto.create': false }

it.each([
  ['mirror-maker1', { ...MM1, options: { include: 'order' } }],
  ['mirror-maker2', { system: 'mirror-maker2', config: { topics: 'order' } }],
  ['brooklin', { system: 'brooklin', config: { topics: '^order$' } }],
  ['mirus', { system: 'mirus', config: { 'topics.regex': 'order' } }],
  ['replicator', { system: 'replicator', config: { 'topic.regex': 'order' } }],
])('a link of %s that takes none of the topics there are is told of', (_, link) => {
  const end = 'none of the topics of A is among those that it takes: orders'
  expect(notesOf(link)).toEqual([`copies nothing: ${end}`])
})

it('a link that takes some, or is told later what to mirror, is not', () => {
  expect(notesOf({ ...MM1, options: { include: 'orders' } })).toEqual([])
  expect(notesOf({ system: 'cluster-mirror', workers: undefined })).toEqual([])
})

it('nobody makes the topic that it would write to', () => {
  const message = 'topic orders is never copied: B has no topic orders'
  const link = { ...MM1, options: { include: 'orders' } }
  expect(notesOf(link, CLOSED)).toEqual([`${message}, and auto.create.topics.enable is false`])
  expect(notesOf(link, CLOSED, [COPY])).toEqual([])
  const mirus = { system: 'mirus', config: { 'topics.whitelist': 'orders' } }
  expect(notesOf(mirus)).toEqual([`${message}, and Mirus makes none`])
})

it('the topic that it would write to is smaller, and it keeps the numbers of partitions', () => {
  const waits = 'the link keeps numbers, and waits in send() for the others'
  const link = { system: 'replicator', config: REPLICATOR }
  expect(notesOf(link)).toEqual([`orders has 1 of 4 partitions in B: ${waits}`])
  expect(notesOf(link, {}, [COPY])).toEqual([`orders has 2 of 4 partitions in B: ${waits}`])
  const free = { ...REPLICATOR, 'topic.preserve.partitions': false }
  expect(notesOf({ ...link, config: free })).toEqual([])
  expect(notesOf({ ...MM1, options: { include: 'orders' } })).toEqual([])
})
