import { expect, it } from 'vitest'
import { doubled } from './growth.ts'
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

it('doubling changes one number and leaves a valid scenario', () => {
  const text = scenarioText('medium')
  const twice = doubled(text, /^ *partitions: (\d+)/m)
  expect(readScenario(twice).topics[0]?.partitions).toBe(120)
  expect(readScenario(twice).duration).toBe(readScenario(text).duration)
  expect(() => doubled(text, /^ *no such line: (\d+)/m)).toThrow('no line')
})
