import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseScenario, scenarioOf } from '../../src/scenario/parse.ts'
import { UsageError } from '../../src/scenario/usage-error.ts'
import { appended, changed, MINIMAL, told } from './minimal.ts'

describe('a valid file', () => {
  it('becomes a scenario with every default filled in', () => {
    const scenario = scenarioOf(MINIMAL, 'dir/small.yaml')
    expect(scenario).toMatchObject({ name: 'small', version: '4.1', flavour: 'apache' })
    expect(scenario.duration).toBe(60_000_000)
    expect(scenario.clusters[0].nodes.map(({ name, zone, rack }) => [name, zone, rack])).toEqual([
      ['broker-1', 'east/a', 'east'],
      ['broker-2', 'east/b', 'east'],
      ['broker-3', 'west/a', 'west'],
      ['controller-4', 'east/a', 'east'],
      ['controller-5', 'west/a', 'west'],
      ['controller-6', 'west/a', 'west'],
    ])
    expect(scenario.clusters[0].config['replica.lag.time.max.ms']).toBe(30_000)
    expect(scenario.producers[0]?.config).toMatchObject({ acks: 'all', 'linger.ms': 5 })
  })

  it('gives each direction of a round trip half of it', () => {
    const { network } = scenarioOf(MINIMAL, 'x.yaml')
    expect(network.links.map(({ from, to, delay }) => [from, to, delay])).toEqual([
      ['east', 'west', 25_000],
      ['west', 'east', 25_000],
    ])
  })

  it('may have links that differ by direction, as figures or as netem text', () => {
    const links = `network:
  links:
    east -> west: { delay: 30ms, loss: 0.5% }
    west -> east: delay 10ms 2ms 20% loss 1% rate 100mbit`.replace('mbit', 'Mbit')
    const { scenario } = changed('network:\n  rtt: { east ~ west: 50ms }', links)
    expect(scenario?.network.links).toMatchObject([
      { from: 'east', to: 'west', delay: 30_000, jitter: 0, lossPpm: 5_000, bandwidthBps: 0 },
      { delay: 8_000, jitter: 4_000, lossPpm: 10_000, bandwidthBps: 100_000_000 },
    ])
  })

  it('takes measured round trips of cloud regions, and says from where', () => {
    const text = MINIMAL.replace('east: { zones: [a, b] }', 'east: { cloud: aws:us-east-1 }')
      .replace('west: {}', 'west: { cloud: aws:eu-west-1 }')
      .replace('rtt: { east ~ west: 50ms }', 'jitter: 1ms')
    const [link] = scenarioOf(text, 'x.yaml').network.links
    expect(link?.source).toContain('aws ms round trip, measured 2020-06-05')
    expect(link?.delay).toBeGreaterThan(30_000)
    expect(link?.delay).toBeLessThan(45_000)
  })

  it('makes one process of each count and region', () => {
    const { scenario } = changed('region: east, topic', 'regions: [east, west], count: 2, topic')
    expect(scenario?.producers.map(({ name, region, zone }) => [name, region, zone])).toEqual([
      ['shop-east-1', 'east', 'east/a'],
      ['shop-east-2', 'east', 'east/b'],
      ['shop-west-1', 'west', 'west/a'],
      ['shop-west-2', 'west', 'west/a'],
    ])
  })

  it('has the linger.ms and recovery strategy of its release', () => {
    const old = appended('version: "3.9"\n').scenario?.producers[0]?.config
    expect(old).toMatchObject({ 'linger.ms': 0, 'metadata.recovery.strategy': 'none' })
  })

  it('gives topics the broker’s min.insync.replicas, and lets them override it', () => {
    const config = '\n  config: { min.insync.replicas: 2 }\ntopics:'
    expect(changed('\ntopics:', config).scenario?.topics[0]?.config['min.insync.replicas']).toBe(2)
    const { scenario } = changed(
      'replicationFactor: 3',
      'replicationFactor: 3, config: { min.insync.replicas: 3 }',
    )
    expect(scenario?.topics[0]?.config['min.insync.replicas']).toBe(3)
  })

  it('may use anchors, aliases and merge keys', () => {
    const text = MINIMAL.replace('west: {}', 'west: &w {}\n  north: *w').replace(
      'east ~ west: 50ms',
      'east ~ west: 50ms, east ~ north: 9ms, west ~ north: 9ms',
    )
    expect(scenarioOf(text, 'x.yaml').regions.map(({ name }) => name)).toContain('north')
  })

  it('says which settings have no effect in the model', () => {
    const config = '\n  config: { log.cleaner.threads: 2 }\ntopics:'
    const { scenario, notes } = changed('\ntopics:', config)
    expect(scenario).toBeDefined()
    expect(notes.map(({ path }) => path)).toEqual(['cluster.config["log.cleaner.threads"]'])
  })
})

describe('a wrong file', () => {
  it('is told with line, column, value and fix', () => {
    const { problems, scenario } = changed('rate: 100/s', 'rate: fast')
    expect(scenario).toBeUndefined()
    expect(problems).toEqual([
      {
        file: 'test.yaml',
        line: 13,
        column: 48,
        path: 'producers[0].rate',
        value: '"fast"',
        message: 'not a rate',
        fix: 'write a rate such as "5000/s"',
        severity: 'error',
      },
    ])
  })

  it('is told everything at once, unknown names beside wrong shapes', () => {
    const text = MINIMAL.replace('partitions: 2', 'partitions: 1.5')
      .replace('region: west', 'region: wets')
      .replace('rate: 100/s', 'rate: 100/s, rat: 1')
      .replace('cluster:', 'cluster:\n  config: { min.insync.replicsa: 2 }')
    expect(told(parseScenario(text, 'x.yaml'))).toEqual([
      'cluster.config["min.insync.replicsa"]: min.insync.replicsa is no broker setting of Kafka',
      'topics[0].partitions: expected an integer',
      'producers[0].rat: unknown key "rat"',
      'consumers[0].region: unknown region "wets"',
    ])
  })

  it.each([
    ['rate: 100/s', 'topik: x', 'did you mean "topic"?'],
    ['region: west, topic: orders', 'region: west, topic: oders', 'did you mean "orders"?'],
    ['brokers: { east: 2', 'brokers: { esat: 2', 'did you mean "east"?'],
  ])('names the nearest name: %s → %s', (from, to, fix) => {
    expect(
      changed(from, to)
        .problems.map((problem) => problem.fix)
        .join(),
    ).toContain(fix)
  })

  it('throws a UsageError that lists its problems', () => {
    const read = () => scenarioOf(MINIMAL.replace('rate: 100/s', 'rate: x'), 'x.yaml')
    expect(read).toThrow(UsageError)
    expect(read).toThrow(
      /x\.yaml:13:48: error: producers\[0\]\.rate: not a rate \(found "x"\)\n {2}fix: /,
    )
  })

  it.each([
    ['no text', '', 'the file is empty'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'the file holds more than one document'],
    ['a cycle', 'a: &a [*a]\n', 'its aliases form a cycle or unfold without bound'],
    ['a key twice', `${MINIMAL}cluster: {}\n`, 'the key "cluster" is there twice'],
    ['many aliases', `a: &a 1\nb: [${'*a,'.repeat(300)}]\n`, '300 aliases; the limit is 200'],
    ['10,000 levels', '['.repeat(10_000), 'nested deeper than 100 levels'],
    ['10,000 compact levels', '- '.repeat(10_000), 'nested deeper than 100 levels'],
    ['10 MB', `# ${'x'.repeat(10_000_000)}`, 'the text has 10000 kB, the limit is 500 kB'],
    ['a list', '- 1\n', 'expected a mapping'],
    ['a number', '5', 'expected a mapping'],
  ])('of %s is refused with a clear sentence', (_what, text, message) => {
    expect(parseScenario(text, 'x.yaml').problems.map((p) => p.message)).toContain(message)
  })

  it('with an alias bomb is refused before it unfolds', () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `l${i}: &l${i} [${`*l${i - 1},`.repeat(i === 0 ? 0 : 9)}]`,
    )
    const { problems } = parseScenario(levels.join('\n'), 'x.yaml')
    expect(problems[0]?.message).toContain('aliases')
  })
})

describe('the library', () => {
  const files = readdirSync('scenarios').filter((file) => file.endsWith('.yaml'))

  it.each(files)('%s is valid', (file) => {
    const { problems } = parseScenario(readFileSync(`scenarios/${file}`, 'utf8'), file)
    expect(problems).toEqual([])
  })
})
