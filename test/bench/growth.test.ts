import { expect, it } from 'vitest'
import { MIXED_RATES } from './mixed-rates.ts'
import { withNumber } from './scenario-line.ts'
import { readScenario, SIZES, scenarioText } from './timed-run.ts'

it('the reference scenarios are as large as they say', () => {
  const sizes = SIZES.map((size) => {
    const { regions, clusters, topics, producers } = readScenario(scenarioText(size))
    const nodes = clusters.flatMap((cluster) => cluster.nodes)
    const brokers = nodes.filter(({ roles }) => roles.includes('broker'))
    const partitions = topics.reduce((sum, topic) => sum + topic.partitions, 0)
    return [regions.length, brokers.length, partitions, producers.length]
  })
  expect(sizes).toEqual([
    [1, 3, 1, 1],
    [3, 9, 60, 9],
    [5, 30, 1_000, 15],
    [5, 15, 236, 2],
  ])
})

it('a changed line has another number and leaves a valid scenario', () => {
  const text = scenarioText('medium')
  const twice = withNumber(text, /^ *partitions: (\d+)/m, (number) => number * 2)
  expect(readScenario(twice).topics[0]?.partitions).toBe(120)
  expect(readScenario(twice).duration).toBe(readScenario(text).duration)
  expect(() => withNumber(text, /^ *no such line: (\d+)/m, () => 1)).toThrow('no line')
})

it('the other rates of the mixed scenario are below its own', () => {
  const [, own] = /^ *rate: (\d+)/m.exec(scenarioText('mixed')) ?? []
  expect(Math.max(...MIXED_RATES)).toBeLessThan(Number(own))
})
