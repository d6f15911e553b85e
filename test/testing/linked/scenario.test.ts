import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScenarioInput } from '../../../src/scenario/document/document.ts'
import type { ClusterLinkSpec, LinkSpec } from '../../../src/scenario/links.ts'
import type { Scenario } from '../../../src/scenario/model.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { LINK_SYSTEMS } from '../../../src/scenario/topologies/systems.ts'
import { scenarioYaml } from '../../../src/scenario/write.ts'
import { anyLinkedScenario } from '../../../src/testing/linked/scenario.ts'
import { mayComeHome } from '../../../src/testing/linked/ways-home.ts'

const DRAWN = 300

const inputs: readonly ScenarioInput[] = fc.sample(anyLinkedScenario, { numRuns: DRAWN, seed: 1 })
const drawn: readonly Scenario[] = inputs.map((one) => scenarioOf(scenarioYaml(one), 'drawn.yaml'))

const count = (test: (scenario: Scenario) => boolean) => drawn.filter(test).length

function isClusterLink(link: LinkSpec): link is ClusterLinkSpec {
  return link.system === 'cluster-link'
}

describe('scenarios of linked clusters made up by chance', () => {
  it('are valid, and have links of every system', () => {
    expect(drawn).toHaveLength(DRAWN)
    for (const { name } of LINK_SYSTEMS) {
      expect(
        count(({ links }) => links.some(({ system }) => system === name)),
        name,
      ).toBeGreaterThan(10)
    }
  })

  it('come with faults, orders of operators, and runbooks', () => {
    const kinds = new Set(drawn.flatMap(({ faults }) => faults.map(({ fault }) => fault.kind)))
    for (const kind of [
      ...(['crash', 'pause', 'partition', 'isolate', 'restart', 'region-loss'] as const),
      ...(['mirror-pause', 'link-pause', 'mirror-failover', 'mirror-promote'] as const),
      ...(['mirror-reverse', 'mirror-truncate-and-restore'] as const),
      ...(['mirror-start', 'mirror-stop'] as const),
      ...(['delete-topic', 'create-topic', 'create-acls', 'delete-acls'] as const),
    ]) {
      expect(kinds, kind).toContain(kind)
    }
    const names = new Set(drawn.flatMap(({ runbooks }) => runbooks.map(({ name }) => name)))
    expect(names).toEqual(new Set(['maintenance', 'failover', 'failback', 'readers', 'flip']))
  })

  it('stand over a slice, over several regions and behind an authorizer, some of them', () => {
    expect(count(({ network }) => network.overlay !== null)).toBeGreaterThan(10)
    const isStretched = ({ clusters }: Scenario) =>
      clusters.some(({ nodes }) => new Set(nodes.map(({ region }) => region)).size > 1)
    expect(count(isStretched)).toBeGreaterThan(10)
    const isSecured = ({ clusters }: Scenario) =>
      clusters.some(({ config }) => config['authorizer.class.name'] !== '')
    expect(count(isSecured)).toBeGreaterThan(10)
    expect(
      count(({ topics }) => topics.some((one) => one.config['retention.ms'] < 60_000)),
    ).toBeGreaterThan(10)
  })

  it('have readers that go over, by their strategies, and clients with names and lists', () => {
    const strategies = drawn.flatMap(({ consumers }) => consumers.map((one) => one.failover))
    expect(new Set(strategies.map((one) => one?.strategy))).toEqual(
      new Set([undefined, 'translated-offsets', 'timestamp']),
    )
    expect(
      count(({ runbooks }) => runbooks.some(({ name }) => name === 'readers')),
    ).toBeGreaterThan(DRAWN / 10)
    const kinds = drawn.flatMap(({ endpoints }) => endpoints.map(({ kind }) => kind))
    expect(new Set(kinds)).toEqual(new Set(['dns', 'load-balancer', 'gateway']))
    const hasSeeds = ({ consumers }: Scenario) =>
      consumers.some(({ access }) => (access?.bootstrap?.length ?? 0) > 1)
    expect(count(hasSeeds)).toBeGreaterThan(0)
  })

  it('have observers, mirrors that a link makes by itself, and such as begin at a moment', () => {
    expect(
      count(({ topics }) => topics.some((one) => one.observerPromotionPolicy !== 'none')),
    ).toBeGreaterThan(0)
    const ofLinks = drawn.flatMap(({ links }) => links).filter(isClusterLink)
    expect(ofLinks.some(({ autoMirrors }) => autoMirrors.length > 0)).toBe(true)
    const starts = ofLinks.map(({ config }) => config['mirror.start.offset.spec'])
    expect(starts.some((start) => start.startsWith('1970-'))).toBe(true)
  })

  it('bring records home where links go to and fro under one name, and seldom elsewhere', () => {
    const loops = count((scenario) =>
      scenario.topics.some(({ cluster, name: topic }) => mayComeHome(scenario, { cluster, topic })),
    )
    expect(loops).toBeGreaterThan(10)
    expect(loops).toBeLessThan(DRAWN / 3)
  })
})
