import { expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

/** Two clusters of one broker each, and a link. */
function problemsOf(link: string): string[] {
  const text = `
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 9ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}}
topics: [{name: orders, cluster: A, partitions: 1, replicationFactor: 1}]
links: [{from: A, to: B, workers: {eu: 1}, ${link}}]
`
  return parseScenario(text, 'x.yaml').problems.map(({ path, message }) => `${path}: ${message}`)
}

it('a link with groups needs as many brokers as the offsets topic has replicas', () => {
  const message = '__consumer_offsets wants 3 replicas and there are 1'
  expect(problemsOf('system: mirror-maker1, options: {include: orders}')).toEqual([
    `links[0].from: ${message}`,
    `links[0].to: ${message}`,
  ])
})

it('one that keeps offsets elsewhere needs none', () => {
  const places = 'controllers: {eu: 1}, zookeeper: {helix: eu}'
  expect(problemsOf(`system: ureplicator, topics: [orders], ${places}`)).toEqual([])
})

it('workers that could never create their topics are noted: they would wait without a word', () => {
  const notesOf = (worker: string) => {
    const text = `
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 9ms}}
clusters:
  A: {brokers: {us: 3}, controllers: {us: 1}}
  B: {brokers: {eu: 2}, controllers: {eu: 1}, config: {offsets.topic.replication.factor: 2}}
topics: [{name: orders, cluster: A, partitions: 1, replicationFactor: 1}]
links: [{from: A, to: B, workers: {eu: 1}, system: mirror-maker2, worker: {${worker}}}]
`
    const { notes } = parseScenario(text, 'x.yaml')
    return notes.map(({ path, message }) => `${path}: ${message}`)
  }
  const two = ['config', 'offset', 'status'].map((one) => `${one}.storage.replication.factor: 2`)
  expect(notesOf(two.join(', ')).filter((note) => note.includes('replicas'))).toEqual([])
  const [stored, status] = notesOf(two[1] ?? '').filter((note) => note.includes('replicas'))
  expect(stored).toContain('config.storage.replication.factor')
  expect(stored).toContain('3 replicas are more than the brokers of B, 2: no worker gets to work')
  expect(status).toContain('Kafka’s workers would not start')
})
