import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GUARD_NAMES } from '../../src/kafka/version.ts'
import type { ScenarioInput } from '../../src/scenario/document/document.ts'
import type { Scenario } from '../../src/scenario/model.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { scenarioYaml } from '../../src/scenario/write.ts'
import { DRAWN_KINDS } from '../../src/testing/faults.ts'
import { anyScenario } from '../../src/testing/scenario.ts'

const DRAWN = 600

const drawn: readonly Scenario[] = fc
  .sample(anyScenario, { numRuns: DRAWN, seed: 1 })
  .map((document) => scenarioOf(scenarioYaml(document), 'drawn.yaml'))

const count = (test: (scenario: Scenario) => boolean) => drawn.filter(test).length

describe('scenarios made up by chance', () => {
  it('are valid, each of them', () => {
    expect(drawn.length).toBe(DRAWN)
  })

  it('come with every kind of fault of one cluster, alone and by the seed', () => {
    const kinds = new Set(drawn.flatMap(({ faults }) => faults.map(({ fault }) => fault.kind)))
    expect([...kinds].sort()).toEqual([...DRAWN_KINDS].sort())
    expect(count(({ randomFaults }) => randomFaults !== null)).toBeGreaterThan(30)
    expect(count(({ faults }) => faults.some((one) => one.times > 1))).toBeGreaterThan(30)
    expect(count(({ faults }) => faults.some((one) => one.for === null))).toBeGreaterThan(100)
  })

  it('stand in one to five regions, with one to nine brokers and one, three or five voters', () => {
    expect(new Set(drawn.map(({ regions }) => regions.length))).toEqual(new Set([1, 2, 3, 4, 5]))
    const withRole = (role: 'broker' | 'controller') =>
      new Set(
        drawn.map(({ clusters }) => clusters[0].nodes.filter((n) => n.roles.includes(role)).length),
      )
    expect([...withRole('broker')].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([...withRole('controller')].sort()).toEqual([1, 3, 5])
    const isCombined = ({ clusters: [cluster] }: Scenario) =>
      cluster.nodes.some((n) => n.roles.length > 1)
    expect(count(isCombined)).toBeGreaterThan(DRAWN / 4)
    expect(count(isCombined)).toBeLessThan((3 * DRAWN) / 4)
  })

  it('have every guard on here and off there, and observers with each policy', () => {
    for (const guard of GUARD_NAMES) {
      expect(
        count(({ guards }) => guards[guard]),
        guard,
      ).toBeGreaterThan(0)
      expect(
        count(({ guards }) => !guards[guard]),
        guard,
      ).toBeGreaterThan(0)
    }
    const policies = drawn.flatMap(({ topics }) =>
      topics.flatMap((topic) =>
        topic.assignment?.some(({ observers }) => observers.length > 0)
          ? [topic.observerPromotionPolicy]
          : [],
      ),
    )
    expect(new Set(policies).size).toBe(4)
  })

  it('shrink to the plainest of all, in lines that a person would write', () => {
    const { counterexample } = fc.check(
      fc.property(anyScenario, () => false),
      { seed: 3, numRuns: 1 },
    )
    const [smallest] = counterexample ?? []
    expect(scenarioYaml(smallest as ScenarioInput)).toBe(PLAINEST)
  })
})

const PLAINEST = `\
scenario: found
version: "4.1"
seed: "0"
duration: 5s
settle: 0
regions: {r1: {}}
cluster:
  brokers:
    - {id: 1, region: r1}
  controllers:
    - {id: 101, region: r1}
    - {id: 102, region: r1}
    - {id: 103, region: r1}
topics:
  - {name: orders, partitions: 1, replicationFactor: 1}
producers:
  - name: p1
    region: r1
    topic: orders
    rate: 1/s
    recordBytes: 100
    config: {acks: all}
consumers: []
limits: {events: 3000000}
`
