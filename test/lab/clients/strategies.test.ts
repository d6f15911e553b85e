import { describe, expect, it } from 'vitest'
import { completed } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { movingText } from './two-clusters.ts'

const OFTEN = [
  ...['emit.checkpoints.interval.seconds: 5', 'refresh.groups.interval.seconds: 5'],
  ...['sync.group.offsets.interval.seconds: 5', 'replication.factor: 1', 'topics: orders'],
  ...['offset-syncs.topic.replication.factor: 1', 'checkpoints.topic.replication.factor: 1'],
  ...['heartbeats.topic.replication.factor: 1', 'tasks.max: 2'],
  'replication.policy.class: org.apache.kafka.connect.mirror.IdentityReplicationPolicy',
].join(', ')
const LINK = `links:
  - system: mirror-maker2
    from: A
    to: B
    workers: {eu: 1}
    config: {${OFTEN}, GROUPS}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}`

/** A second link the same way, which is no MirrorMaker 2 and stands before it in the file. */
const OTHER = `
  - name: first
    system: mirror-maker1
    from: A
    to: B
    workers: {eu: 1}
    options: {include: other}`

/** The group moves from A to B at 25 s, the records of A with it. */
function moved(strategy: string, syncsGroups = false, before = '', faults = '[]', end = '40s') {
  const link = LINK.replace('GROUPS', `sync.group.offsets.enabled: ${syncsGroups}`)
  const text = movingText({
    links: link.replace('links:', `links:${before}`),
    client: `cluster: A, ${strategy}`,
    faults,
    runbooks: `
  - name: move
    detect: {at: 25s}
    steps:
      - move-clients: {clients: [billing], to: B, restart: [1s, 1s]}`,
    duration: end,
  })
  // The strategy is the consumer's.
  const own = text.replace(/(- \{name: shop.*), failover: .*\}$/m, '$1}')
  return completed(
    scenarioOf(own.replace(/(- \{name: shop.*), dedup: .*\}$/m, '$1}'), 's.yaml'),
    '1',
    {},
  )
}

const billing = ({ result }: ReturnType<typeof moved>) => {
  const group = result.groups.find((one) => one.group === 'billing')
  if (group === undefined) throw new Error('no group billing')
  return group
}
const redone = (run: ReturnType<typeof moved>) =>
  billing(run).moves.reduce((sum, { redo }) => sum + redo, 0)
const EVERYTHING = 2_000

describe('a group that moves to a cluster in which it has committed nothing', () => {
  it('without a strategy begins where auto.offset.reset says, and is handed all again', () => {
    expect(redone(moved(''))).toBeGreaterThan(EVERYTHING)
  })

  it('goes on at offsets that its application translates, as a synced group does', () => {
    const run = moved('failover: {strategy: translated-offsets}')
    const told = run.history.events.find(({ kind }) => kind === 'offsets-taken')
    expect(told?.text).toMatch(/^comes from A and goes on at B:orders-0 \d+, B:orders-1 \d+$/)
    // A checkpoint every five seconds at a hundred records a second, and syncs that lie apart.
    expect(redone(run)).toBeGreaterThan(0)
    expect(redone(run)).toBeLessThan(EVERYTHING / 2)
    expect(billing(run).skipped).toBe(0)
    expect(redone(moved('', true))).toBeLessThan(EVERYTHING / 2)
  })

  it('finds the link that translates also behind another one that leads the same way', () => {
    const run = moved('failover: {strategy: translated-offsets}', false, OTHER)
    expect(run.history.events.map(({ kind }) => kind)).toContain('offsets-taken')
    expect(redone(run)).toBeLessThan(EVERYTHING / 2)
  })

  it('tries again where its process is killed before it has taken over', () => {
    const failover = 'failover: {strategy: translated-offsets}'
    const taken = (run: ReturnType<typeof moved>) =>
      run.history.events.filter(({ kind }) => kind === 'offsets-taken').map(({ at }) => at / 1e6)
    const [at = 0] = taken(moved(failover))
    expect(at).toBeGreaterThan(26)
    // A millisecond before it would be done.
    const kill = `[{at: ${Math.floor(at * 1e3) - 1}ms, crash: billing, for: 1s}]`
    const killed = moved(failover, false, '', kill)
    expect(taken(killed)).toHaveLength(1)
    expect(taken(killed)[0]).toBeGreaterThan(at + 0.9)
    expect(redone(killed)).toBeLessThan(EVERYTHING / 2)
  })

  it('goes on at a time, and is handed again what its margin covers', () => {
    const margin = (time: string) =>
      redone(moved(`failover: {strategy: timestamp, margin: ${time}}`))
    expect(margin('5s')).toBeGreaterThan(400)
    expect(margin('5s')).toBeLessThan(700)
    expect(margin('10s')).toBeGreaterThan(900)
    expect(margin('10s')).toBeLessThan(1_200)
  })
})

it('a group that goes by time does not begin before it is told of every partition', () => {
  const down = '[{at: 24s, crash: broker-5, for: 70s}]'
  const run = moved('failover: {strategy: timestamp, margin: 20s}', false, '', down, '110s')
  const told = run.history.events.filter(({ kind }) => kind === 'offsets-taken')
  // The first look-up ends after default.api.timeout.ms, before the broker is back.
  expect(told.map(({ text }) => text)).toEqual([
    expect.stringMatching(/(?=.*B:orders-0 \d)(?=.*B:orders-1 \d)/),
  ])
})

describe('an application that remembers what it has worked on', () => {
  it('works on nothing twice where what it remembers moves with it', () => {
    const run = moved('dedup: {window: 5m, state: shared}')
    expect(billing(run)).toMatchObject({ redelivered: 0, skipped: 0 })
    expect(billing(run).suppressed).toBeGreaterThan(EVERYTHING)
    // It is handed them all the same: the group has rewound.
    expect(redone(run)).toBeGreaterThan(EVERYTHING)
  })

  it('works twice on what is older than its window', () => {
    const { redelivered, suppressed } = billing(moved('dedup: {window: 10s, state: shared}'))
    expect(redelivered).toBeGreaterThan(EVERYTHING / 2)
    expect(suppressed).toBeGreaterThan(200)
    expect(suppressed).toBeLessThan(1_000)
  })

  it('works twice on all where what it remembers ends with its process', () => {
    const { redelivered, suppressed } = billing(moved('dedup: {window: 5m}'))
    expect(redelivered).toBeGreaterThan(EVERYTHING)
    expect(suppressed).toBe(0)
  })
})
