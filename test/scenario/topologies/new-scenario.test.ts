import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseScenario, scenarioOf } from '../../../src/scenario/parse.ts'
import { TOPOLOGIES } from '../../../src/scenario/topologies/catalogue.ts'
import { newScenario, type TopologyRequest } from '../../../src/scenario/topologies/new-scenario.ts'
import { LINK_SYSTEMS } from '../../../src/scenario/topologies/systems.ts'
import { UsageError } from '../../../src/scenario/usage-error.ts'

const PATTERNS = TOPOLOGIES.map(({ name }) => name)
const CLOUD = [
  ...['aws:us-east-1', 'aws:eu-west-1', 'aws:ap-southeast-1'],
  ...['aws:eu-central-1', 'aws:us-west-2', 'aws:sa-east-1'],
]
const OWN = ['berlin', 'a', 'Site_2', 'true', '7', 'x'.repeat(30)]
const RUNS = 300

/** One to six regions: of a cloud, of one's own, or of both and of two clouds. */
const regions = fc
  .record({
    names: fc.shuffledSubarray([...CLOUD, ...OWN, 'gcp:us-east1', 'azure:westeurope'], {
      minLength: 1,
      maxLength: 6,
    }),
    isMeasured: fc.boolean(),
    count: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ names, isMeasured, count }) =>
    isMeasured
      ? { regions: CLOUD.slice(0, count).join(',') }
      : { regions: [...new Set(['own', ...names])].slice(0, count).join(','), rtt: '80ms' },
  )

const request: fc.Arbitrary<TopologyRequest> = fc
  .record({
    pattern: fc.constantFrom(...PATTERNS),
    where: regions,
    brokers: fc.constantFrom(undefined, '1', '2', '3', '5'),
    rate: fc.constantFrom(undefined, '10/s', '90/min'),
    system: fc.constantFrom(undefined, ...LINK_SYSTEMS.map(({ name }) => name)),
  })
  .map(({ where, ...rest }) => ({ ...rest, ...where }))

function textOf(asked: TopologyRequest): string | UsageError {
  try {
    return newScenario(asked)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
}

/** Every fault that waits behind a comment, taken out of it. */
function uncommented(text: string): string {
  return text.replace(/^ {2}#( {2}|- )/gm, '  $1')
}

describe('a scenario of a pattern', () => {
  it('is valid for every pattern, one to six regions, few brokers and many', () => {
    const seen = { valid: 0, refused: 0 }
    fc.assert(
      fc.property(request, (asked) => {
        const text = textOf(asked)
        if (typeof text !== 'string') {
          seen.refused++
          expect(text.message).toMatch(/needs|takes|cannot be built|measured/)
          return
        }
        seen.valid++
        for (const one of [text, uncommented(text)]) {
          const { problems, notes } = parseScenario(one, 'new.yaml')
          expect(problems).toEqual([])
          expect(notes).toEqual([])
        }
        expect(text.split('\n').filter((line) => line.length > 100 && !isLong(line))).toEqual([])
      }),
      { numRuns: RUNS, seed: 1 },
    )
    expect(Math.min(seen.valid, seen.refused)).toBeGreaterThan(RUNS / 10)
  })

  it.each(TOPOLOGIES)('$name is refused with too few regions, and told how many', (topology) => {
    const { name, regions, example } = topology
    const few = CLOUD.slice(0, regions.min - 1).join(',')
    const error = textOf({ pattern: name, regions: few })
    expect(error).toBeInstanceOf(UsageError)
    expect(String(error)).toContain(`${name} needs ${regions.min} regions`)
    expect(String(error)).toContain(`--regions ${example}`)
    expect(textOf({ pattern: name, regions: example })).toEqual(expect.any(String))
  })

  it.each(PATTERNS)('%s gives a reason for every part, a fault, and others to try', (pattern) => {
    const text = newScenario({ pattern })
    const keys = text.match(
      /^(regions|clusters?|topics|producers|consumers|faults|objectives|links):/gm,
    )
    expect(keys?.length).toBeGreaterThan(6)
    for (const key of keys ?? []) expect(text).toMatch(new RegExp(`^# .*\\n${key}`, 'm'))
    const [now, all] = [text, uncommented(text)].map((one) => scenarioOf(one, 'new.yaml'))
    expect(now?.faults.length).toBeGreaterThan(0)
    expect(now?.objectives.length).toBeGreaterThan(0)
    expect(all?.faults.length).toBeGreaterThan((now?.faults.length ?? 0) + 1)
  })

  it.each(PATTERNS)('%s begins with the line that writes it again', (pattern) => {
    const text = newScenario({ pattern, rate: '50/s', brokers: '4' })
    const [, command = ''] = /^# highwater new (.*)$/m.exec(text) ?? []
    const [name = '', ...words] = command.split(' ')
    const options = Object.fromEntries(
      words.flatMap((word, i) => (word.startsWith('--') ? [[word.slice(2), words[i + 1]]] : [])),
    )
    expect(newScenario({ pattern: name, ...options })).toBe(text)
  })

  it('puts the brokers, the rate and the round trip where they belong', () => {
    const asked = { regions: 'oslo,rome', rtt: '35ms', brokers: '4', rate: '70/s' }
    const { clusters, producers, network } = scenarioOf(
      newScenario({ pattern: 'active-active', ...asked }),
      'new.yaml',
    )
    const brokers = clusters.map(({ nodes }) => nodes.filter((n) => n.roles.includes('broker')))
    expect(brokers.map(({ length }) => length)).toEqual([4, 4])
    const rates = producers.map(({ load }) => (load.kind === 'open' ? load.steps[0] : null))
    expect(new Set(rates.map((step) => step?.recordsPerSecond))).toEqual(new Set([70]))
    expect(network.links.map(({ delay }) => delay)).toEqual([17_500, 17_500])
  })

  it('knows a measured round trip, and asks only for those that nobody measured', () => {
    const { network } = scenarioOf(newScenario({ pattern: 'active-passive' }), 'new.yaml')
    expect(network.links[0]?.source).toMatch(/^aws .*measured/)
    const mixed = { pattern: 'fan-in', regions: 'aws:us-east-1,aws:eu-west-1,oslo', rtt: '9ms' }
    const links = scenarioOf(newScenario(mixed), 'new.yaml').network.links
    expect(links.filter(({ source }) => source === 'scenario')).toHaveLength(4)
  })

  it('lets a cluster link keep the name where it is free, and prefixes it where it is not', () => {
    const of = (pattern: string) => {
      const regions = 'aws:us-east-1,aws:eu-central-1,aws:ap-southeast-1'
      const text = newScenario({ pattern, regions, system: 'cluster-link' })
      const { topics, faults } = scenarioOf(text, 'new.yaml')
      const mirrors = topics.filter(({ mirror }) => mirror !== undefined)
      return {
        mirrors: mirrors.map(({ cluster, name }) => `${cluster}:${name}`),
        failsOver: faults.some(({ fault }) => fault.kind === 'mirror-failover'),
      }
    }
    expect(of('active-passive')).toEqual({
      mirrors: ['eu-central-1:orders', 'ap-southeast-1:orders'],
      failsOver: true,
    })
    expect(of('chain').mirrors).toEqual(['eu-central-1:orders', 'ap-southeast-1:orders'])
    expect(of('fan-in')).toEqual({
      mirrors: ['us-east-1:eu-centra-1.orders', 'us-east-1:ap-southe-1.orders'],
      failsOver: false,
    })
  })

  it('is told of a cluster mirror only where the name of its source is free', () => {
    const asked = { regions: CLOUD.slice(0, 3).join(','), system: 'cluster-mirror' }
    const made = PATTERNS.filter((pattern) => typeof textOf({ pattern, ...asked }) === 'string')
    const linked = TOPOLOGIES.filter(({ hasLinks }) => hasLinks).map(({ name }) => name)
    expect(made.filter((pattern) => linked.includes(pattern))).toEqual([
      ...['active-passive', 'fan-out', 'chain', 'read-replica'],
    ])
    const refused = textOf({ ...asked, pattern: 'fan-in' })
    expect(String(refused)).toContain('fan-in cannot be built with copies that keep their names')
    expect(String(refused)).not.toMatch(/with one of .*cluster-mirror/)
  })

  it('gives mirrors that have no factor of their own that of their clusters', () => {
    const asked = { pattern: 'active-passive', system: 'cluster-mirror' }
    const { topics, faults } = scenarioOf(newScenario(asked), 'new.yaml')
    const mirrors = topics.filter(({ mirror }) => mirror !== undefined)
    expect(mirrors.map(({ name, replicationFactor }) => [name, replicationFactor])).toEqual([
      ['orders', 3],
    ])
    expect(faults.map(({ fault }) => fault.kind)).toContain('mirror-stop')
  })

  it('lists the copies of a system that creates no topics', () => {
    const { topics, consumers } = scenarioOf(
      newScenario({ pattern: 'active-active', system: 'mirus' }),
      'new.yaml',
    )
    const listed = topics.filter(({ name }) => !name.startsWith('__'))
    const names = listed.map(({ cluster, name }) => `${cluster}:${name}`)
    expect(names).toEqual([
      ...['us-east-1:orders', 'eu-west-1:orders'],
      ...['eu-west-1:us-east-1.orders', 'us-east-1:eu-west-1.orders'],
    ])
    for (const { cluster, topic } of consumers) expect(names).toContain(`${cluster}:${topic}`)
  })

  it('stretches over three sites and links what lies beyond', () => {
    const linked = (count: number) => {
      const text = newScenario({ pattern: 'hybrid', regions: CLOUD.slice(0, count).join(',') })
      const { clusters, links } = scenarioOf(text, 'new.yaml')
      const sites = clusters.map(({ nodes }) => new Set(nodes.map(({ region }) => region)).size)
      return { sites, links: links.length }
    }
    expect(linked(4)).toEqual({ sites: [3, 1], links: 1 })
    expect(linked(5)).toEqual({ sites: [3, 1, 1], links: 2 })
    expect(linked(6)).toEqual({ sites: [3, 3], links: 1 })
  })
})

/** A line that no space would break: names of thirty letters, stacked by a chain; a filter. */
function isLong(line: string): boolean {
  if (line.includes('{"groupFilters":')) return true
  return line.includes('x'.repeat(30)) || line.startsWith('# highwater new')
}

describe('a request that cannot be met', () => {
  const problemOf = (asked: TopologyRequest) => {
    const error = textOf(asked)
    return error instanceof UsageError ? error.problems[0] : undefined
  }
  const of = (more: Partial<TopologyRequest>) => problemOf({ pattern: 'active-passive', ...more })

  it('is told the nearest pattern, system and cloud region', () => {
    expect(of({ pattern: 'active-pasive' })?.fix).toContain('did you mean active-passive?')
    expect(of({ system: 'mirror-maker-2' })?.fix).toContain('did you mean mirror-maker2?')
    const cloud = of({ regions: 'aws:us-esat-1,aws:eu-west-1' })
    expect(cloud?.message).toContain('unknown cloud region aws:us-esat-1')
    expect(cloud?.fix).toContain('did you mean aws:us-east-1?')
    expect(of({ regions: 'oracle:x,y' })?.fix).toContain('aws, azure, gcp')
  })

  it('is told what is missing or wrong, with a fix', () => {
    expect(of({ regions: 'oslo,rome' })?.fix).toContain('--rtt 80ms')
    expect(of({ regions: 'aws:us-east-1,gcp:us-east1' })?.message).toContain('nobody has measured')
    expect(of({ regions: 'aws:us-east-1,aws:eu-west-1', rtt: '9ms' })?.fix).toContain('leave')
    expect(of({ regions: 'oslo,rome', rtt: 'far' })?.fix).toContain('80ms')
    expect(of({ regions: 'oslo,oslo', rtt: '9ms' })?.message).toContain('twice')
    expect(of({ regions: 'os.lo,rome', rtt: '9ms' })?.message).toBe('not a region')
    expect(of({ brokers: '0' })?.fix).toContain('1 to 30')
    expect(of({ pattern: 'stretch-2-observers', brokers: '2' })?.fix).toContain('3 to 30')
    expect(of({ rate: 'fast' })?.fix).toContain('200/s')
    const four = CLOUD.slice(0, 4).join(',')
    expect(of({ pattern: 'stretch-2-observers', regions: four })?.fix).toContain('leave out')
  })
})
