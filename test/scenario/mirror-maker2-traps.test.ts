import { expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

interface Flow {
  readonly version?: string
  readonly config?: Readonly<Record<string, unknown>>
  /** Topics of A. */
  readonly topics?: readonly string[]
  readonly isBothWays?: boolean
  readonly workers?: number
  /** A second link the same way. */
  readonly isTwice?: boolean
}

function flow({
  version = '4.1',
  config = {},
  topics = ['orders'],
  isBothWays = false,
  workers = 1,
  isTwice = false,
}: Flow) {
  const link = (from: string, to: string, name = `${from}-${to}`) => ({
    ...{ system: 'mirror-maker2', name, from, to, workers: { us: workers }, config },
  })
  const cluster = { brokers: { us: 3 }, controllers: { us: 1 } }
  const document = {
    ...{ version, regions: { us: {} }, clusters: { A: cluster, B: cluster } },
    topics: topics.map((name) => ({ name, cluster: 'A', replicationFactor: 1 })),
    links: [
      link('A', 'B'),
      ...(isBothWays ? [link('B', 'A')] : []),
      ...(isTwice ? [link('A', 'B', 'more')] : []),
    ],
  }
  const { problems, notes, scenario } = parseScenario(JSON.stringify(document), 'x.yaml')
  const told = [...problems, ...notes].map(({ path, message }) => `${path}: ${message}`)
  const [first] = scenario?.links ?? []
  return { told, config: first?.system === 'mirror-maker2' ? first.config : undefined }
}

it.each(['B.foo', 'x.B.y'])('a topic called %s seems to come home, and a note says so', (name) => {
  const told = [`links[0]: topic ${name} is never copied: its name says that it came from B`]
  expect(flow({ topics: ['orders', name] }).told).toEqual(told)
  expect(flow({ topics: [name], isBothWays: true }).told).toEqual([])
  const without = { 'topics.exclude': '.*B.*' }
  expect(flow({ topics: ['orders', name], config: without }).told).toEqual([])
  const policy = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy'
  expect(flow({ topics: [name], config: { 'replication.policy.class': policy } }).told).toEqual([])
})

it.each(['foo.B', 'Bx.foo', 'B_foo'])('a topic called %s does not', (name) => {
  expect(flow({ topics: [name] }).told).toEqual([])
})

it.each([
  ['emit.offset-syncs.enabled', '3.8', '3.9'],
  ['heartbeats.replication.enabled', '3.9', '4.0'],
] as const)('%s does nothing in %s, and is known to %s', (name, before, since) => {
  const early = flow({ version: before, config: { [name]: false } })
  expect(early.told.at(-1)).toBe(
    `links[0].config["${name}"]: no effect: MirrorMaker 2 has it from ${since} on`,
  )
  expect(early.config?.[name]).toBe(true)
  const late = flow({ version: since, config: { [name]: false } })
  expect(late.told.filter((text) => text.includes('no effect'))).toEqual([])
  expect(late.config?.[name]).toBe(false)
})

it('without offset syncs nothing may be said of them: the source connector would not start', () => {
  const off = { 'emit.offset-syncs.enabled': false }
  expect(flow({ config: off }).told).toEqual([])
  expect(flow({ config: { ...off, 'offset-syncs.topic.location': 'target' } }).told).toEqual([
    'links[0].config["offset-syncs.topic.location"]: without offset syncs the source connector ' +
      'refuses it, and copies nothing',
  ])
})

it.each(['emit.offset-syncs.enabled', 'emit.checkpoints.enabled'])(
  'offsets of groups do not cross without %s',
  (name) => {
    const { told } = flow({ config: { [name]: false, 'sync.group.offsets.enabled': true } })
    expect(told).toEqual([
      `links[0].config["sync.group.offsets.enabled"]: no group crosses: ${name} is false, and ` +
        'offsets are synced from checkpoints',
    ])
  },
)

it('several workers must be able to call one another', () => {
  const told = [
    'links[0].workers: several workers without dedicated.mode.enable.internal.rest: nothing is ' +
      'copied where the source connector runs in one that does not lead',
  ]
  const rest = { 'dedicated.mode.enable.internal.rest': true }
  expect(flow({ workers: 2 }).told).toEqual(told)
  expect(flow({ workers: 2, config: rest }).told).toEqual([])
  expect(flow({ isBothWays: true }).told).toEqual([])
})

it('two links the same way are one group of workers', () => {
  const rest = { 'dedicated.mode.enable.internal.rest': true }
  const told = [
    'links[1]: more and A-B are one group of workers, A-mm2: each connector runs once, by one of ' +
      'the two configurations',
  ]
  expect(flow({ isTwice: true, config: rest }).told).toEqual(told)
  expect(flow({ isTwice: true }).told).toHaveLength(2)
})
