import { describe, expect, it } from 'vitest'
import { completed, run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { movingText } from '../clients/two-clusters.ts'

const ALTER = '{at: 2s, alter-config: {topic: "A:orders", set: {min.insync.replicas: 2}}}'
const CRASH = '{at: 3s, crash: broker-2, for: 14s}'

function crashed(...faults: readonly string[]) {
  const text = movingText({ faults: `[${faults}]`, duration: '14s', version: '4.1' })
    .replace('cluster: A, partitions: 2, replicationFactor: 1', 'cluster: A, assignment: [[1, 2]]')
    .replace('settle: 10s', 'settle: 1s')
  const result = run(scenarioOf(text, 'min-isr.yaml'), '1')
  const under = result.series.series.find(({ id }) => id === 'under-min-isr')?.values ?? []
  return { result, underMax: Math.max(...under.map((count) => count ?? 0)) }
}

it('a topic whose minimum is altered is shown with the one it has, and charted with each', () => {
  const { result, underMax } = crashed(ALTER, CRASH)
  const orders = result.clusters[0]?.topics.find(({ name }) => name === 'orders')
  expect(orders?.partitions[0]?.minIsr).toBe(2)
  const view = result.partitions.find(({ partition }) => partition === 'A:orders-0')
  expect(view?.minIsr.map(({ replicas }) => replicas)).toEqual([1, 2])
  expect(view?.minIsr[1]?.fromMs).toBeGreaterThan(1_900)
  // One replica of two is enough for a minimum of one, and not for two.
  expect(underMax).toBe(crashed(CRASH).underMax + 1)
})

it('what is altered at a broker concerns its own cluster alone', () => {
  const at = '{at: 2s, alter-config: {broker: 1, set: {min.insync.replicas: 2}}}'
  const text = movingText({ faults: `[${at}]`, duration: '4s', version: '4.0' })
  const { history } = completed(scenarioOf(text, 'broker.yaml'), '1', {})
  const altered = history.minIsrChanges.map(({ partition }) => history.partitions[partition])
  expect(altered.length).toBeGreaterThan(0)
  expect(new Set(altered.map((one) => one?.cluster))).toEqual(new Set(['A']))
})

describe('a topic that is deleted and made again without settings', () => {
  const text = `
duration: 20s
regions: {a: {}}
cluster: {brokers: {a: 3}, controllers: {a: 1}, config: {auto.create.topics.enable: false}}
topics:
  - {name: orders, partitions: 1, replicationFactor: 3, config: {min.insync.replicas: 2}}
faults:
  - {at: 5s, delete-topic: {topic: orders}}
  - {at: 8s, create-topic: {topic: orders, partitions: 1, replicationFactor: 3}}
  - {at: 12s, alter-config: {topic: orders, set: {min.insync.replicas: 3}}}
  - {at: 14s, alter-config: {topic: orders, set: {min.insync.replicas: null}}}
`
  const views = run(scenarioOf(text, 'again.yaml'), '1')
    .partitions.filter(({ topic }) => topic === 'orders')
    .map(({ minIsr }) => minIsr.map(({ replicas }) => replicas))

  it("has its cluster's minimum, and not the one of its namesake", () => {
    expect(views[1]?.[0]).toBe(1)
  })

  it('is altered alone: the deleted one keeps the minimum it had', () => {
    expect(views).toEqual([[2], [1, 3, 1]])
  })
})
