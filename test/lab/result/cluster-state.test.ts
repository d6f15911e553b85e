import { expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { describeTopics } from '../../../src/report/describe-topic.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

it('the table of topics names the replicas on brokers that are fenced', () => {
  const text = `
flavour: confluent
duration: 25s
settle: 1s
regions: {us: {}}
cluster: {brokers: {us: 3}, controllers: {us: 1}}
topics: [{name: orders, assignment: [[1, 2, 3]]}]
faults: [{at: 5s, crash: broker-2}]
`
  const { clusters } = run(scenarioOf(text, 'fenced.yaml'), '1')
  const topics = clusters[0]?.topics ?? []
  expect(topics[0]?.partitions[0]).toMatchObject({ isr: [1, 3], offline: [2] })
  expect(describeTopics(topics)).toContain('\tOffline: 2\tObservers: \n')
})
