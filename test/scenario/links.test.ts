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
