import { expect, it } from 'vitest'
import { scenarioOf } from '../../src/scenario/parse.ts'

const CLUSTER = 'config: {offsets.topic.replication.factor: 1}'
const OF_ONE = ['A', 'B', 'C'].map((name) => {
  return `  ${name}: {brokers: {eu: 1}, controllers: {eu: 1}, ${CLUSTER}}`
})

function notes(links: readonly string[]): string[] {
  const topics = ['A', 'B', 'C'].map((cluster) => {
    return `  - {name: orders, cluster: ${cluster}, partitions: 1, replicationFactor: 1}`
  })
  const file = `
version: "3.9"
duration: 10s
regions: {eu: {}}
clusters:
${OF_ONE.join('\n')}
topics:
${topics.join('\n')}
links:
${links.map((one) => `  - {${one}, workers: {eu: 1}}`).join('\n')}
`
  const all = scenarioOf(file, 'loops.yaml').notes
  return all.filter(({ message }) => message.includes('go round')).map(({ message }) => message)
}

const mm1 = (from: string, to: string, more = '') =>
  `system: mirror-maker1, from: ${from}, to: ${to}, options: {include: orders}${more}`
const policyOf = (name: string) =>
  `replication.policy.class: org.apache.kafka.connect.mirror.${name}ReplicationPolicy`
const mm2 = (from: string, to: string, policy = 'Identity') =>
  `system: mirror-maker2, from: ${from}, to: ${to}, config: {${policyOf(policy)}}`

it('MirrorMaker 1 both ways is noted when the file is read, and once', () => {
  expect(notes([mm1('A', 'B'), mm1('B', 'A')])).toEqual([
    'records of orders go round for ever while A->B, B->A run: ' +
      'nothing in them tells a copy from the first',
  ])
})

it('so is a ring of three, whatever systems it is made of', () => {
  expect(notes([mm1('A', 'B'), mm1('B', 'C'), mm2('C', 'A')])).toHaveLength(1)
})

it('names that tell where a copy comes from end the circle', () => {
  expect(notes([mm2('A', 'B', 'Default'), mm2('B', 'A', 'Default')])).toEqual([])
  expect(notes([mm1('A', 'B'), mm1('B', 'A', ', handler: {prefix: from-b-}')])).toEqual([])
})

it('names that are kept do not, though each link of MirrorMaker 2 looks for circles', () => {
  expect(notes([mm2('A', 'B'), mm2('B', 'A')])).toHaveLength(1)
})

it('provenance headers end it', () => {
  const names = "topic.whitelist: orders, topic.rename.format: '$" + "{topic}'"
  const replicator = (from: string, to: string, provenance: boolean) =>
    `system: replicator, from: ${from}, to: ${to}, ` +
    `config: {${names}, provenance.header.enable: ${provenance}}`
  expect(notes([replicator('A', 'B', true), replicator('B', 'A', true)])).toEqual([])
  expect(notes([replicator('A', 'B', false), replicator('B', 'A', false)])).toHaveLength(1)
})

it('a chain is no circle', () => {
  expect(notes([mm1('A', 'B'), mm1('B', 'C')])).toEqual([])
})
