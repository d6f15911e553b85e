import { describe, expect, it } from 'vitest'
import { scenarioOf } from '../../src/scenario/parse.ts'
import type { Claim } from '../../src/testing/claims/claim.ts'
import { LINK_CLAIMS } from '../../src/testing/claims/links/all.ts'
import { linksCatchUp } from '../../src/testing/claims/links/catch-up.ts'
import { linkLedgerAddsUp } from '../../src/testing/claims/links/ledger.ts'
import { noLoop } from '../../src/testing/claims/links/loops.ts'
import { copiesInOrder } from '../../src/testing/claims/links/order.ts'
import { readersSkipNothing } from '../../src/testing/claims/links/readers.ts'
import { translationNotPastTruth } from '../../src/testing/claims/links/translation.ts'
import { type ObservedRun, observe } from '../../src/testing/observed-run.ts'

const IDENTITY = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy'
const SMALL = 'config: {offsets.topic.num.partitions: 2, offsets.topic.replication.factor: 1}'
const ONE = [
  ...['replication.factor', 'checkpoints.topic.replication.factor'],
  ...['heartbeats.topic.replication.factor', 'offset-syncs.topic.replication.factor'],
]
  .map((name) => `${name}: 1`)
  .join(', ')

interface Variant {
  readonly links?: readonly (readonly [from: string, to: string])[]
  readonly config?: string
  readonly guards?: string
  readonly faults?: string
  readonly duration?: string
}

function linkText([from, to]: readonly [string, string], { config = '', guards = '' }: Variant) {
  const timely = [
    ...['emit.checkpoints.interval.seconds: 2', 'sync.group.offsets.enabled: true'],
    ...['sync.group.offsets.interval.seconds: 2', 'refresh.groups.interval.seconds: 2'],
    'refresh.topics.interval.seconds: 5',
  ].join(', ')
  const worker = 'config.storage.replication.factor: 1, offset.storage.replication.factor: 1'
  return `
  - system: mirror-maker2
    from: ${from}
    to: ${to}
    workers: {eu: 1}
    guards: {${guards}}
    worker: {${worker}, offset.flush.interval.ms: 60000}
    config: {${ONE}, ${timely}${config}}`
}

function runOf(of: Variant = {}): ObservedRun {
  const links = of.links ?? [['A', 'B']]
  const text = `
duration: ${of.duration ?? '30s'}
settle: ${of.duration === undefined ? '100s' : 0}
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 40ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, ${SMALL}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, ${SMALL}}
topics: [{name: orders, cluster: A, partitions: 2, replicationFactor: 1}]
producers: [{name: shop, region: us, cluster: A, topic: orders, rate: 100/s, recordBytes: 100}]
consumers:
  - name: billing
    region: us
    cluster: A
    topic: orders
    processTimePerRecord: 2ms
    commit: {every: 1s}
    config: {group.id: billing, auto.offset.reset: earliest, enable.auto.commit: false}
  - name: audit
    region: us
    cluster: A
    topic: orders
    commit: {every: 1s}
    config: {group.id: audit, auto.offset.reset: earliest, enable.auto.commit: false}
runbooks:
  - name: readers
    detect: {at: 20s}
    steps: [move-clients: {clients: [audit], to: B, topics: [A.orders], restart: [1s, 1s]}]
links:${links.map((link) => linkText(link, of)).join('')}
${of.faults === undefined ? '' : `faults: [${of.faults}]`}
`
  return observe(scenarioOf(text, 'linked.yaml'))
}

/** Fresh for each: what a test changes of its history is its own. */
const honest = () => runOf()

describe('every claim about links', () => {
  it.each(LINK_CLAIMS)('$name says something about a simple run, and holds', (claim) => {
    expect(claim.check(honest())).toEqual([])
  })

  it('has nothing to say of a run without links', () => {
    const { scenario, ...rest } = honest()
    const without = { ...rest, scenario: { ...scenario, links: [] } }
    const bare = { ...without, result: { ...rest.result, links: [] } }
    for (const claim of LINK_CLAIMS) expect(claim.check(bare), claim.name).toBeNull()
  })
})

function expectBroken(claim: Claim, run: ObservedRun, sentence: string): void {
  expect(claim.check(run)?.join('\n')).toContain(sentence)
}

/** The log that counts of a copy. */
function copyIn({ history }: ObservedRun) {
  const copy = history.partitions.find(({ topic }) => topic === 'A.orders')
  const log = history.finalLogs.find(
    ({ partition, isSurvivor }) => partition === copy?.index && isSurvivor,
  )
  if (log === undefined) throw new Error('there is no copy')
  return log
}

/** As if the group had been handed only the first of what it was. */
function shorten(run: ObservedRun): ObservedRun {
  const { delivered } = run.history
  for (let row = 0; row < delivered.length; row++) {
    delivered.set(row, 'baseOffset', 0)
    delivered.set(row, 'count', 1)
  }
  return run
}

function checkpointsIn({ simulation }: ObservedRun): readonly object[] {
  const { cluster } = simulation.clusterOf('B')
  const partition = cluster.topics.indexOf('A.checkpoints.internal', 0) ?? -1
  const [node] = [...cluster.nodes.values()].filter(({ brokerStore }) => {
    return brokerStore.logs.has(partition)
  })
  const batches = node?.brokerStore.logs.get(partition)?.batches() ?? []
  return batches.flatMap(({ values = [] }) => values)
}

describe('a claim about links is contradicted by', () => {
  it('flows both ways that keep names: a record comes home and sets out again', () => {
    const config = `, replication.policy.class: ${IDENTITY}`
    const both = [['A', 'B'], ['B', 'A']] as const // biome-ignore format: one line
    const loop = runOf({ links: both, config, duration: '4s' })
    // Links that are told to do that promise nothing; a single one would have had to.
    expect(noLoop.check(loop) ?? []).toEqual([])
    const [there] = loop.scenario.links
    if (there === undefined) throw new Error('there is no link')
    const oneWay = { ...loop, scenario: { ...loop.scenario, links: [there] } }
    expectBroken(noLoop, oneWay, 'records more than were sent')
  })

  it('a copy with a hole, and one that begins elsewhere', () => {
    const holed = honest()
    const { ranges, logEnd } = copyIn(holed)
    const { firstRecordId } = ranges.row(0)
    ranges.push({
      baseOffset: logEnd,
      count: 1,
      firstRecordId: firstRecordId + 1e6,
      leaderEpoch: 0,
    })
    expectBroken(copiesInOrder, holed, 'is not in the source')
    const late = honest()
    const first = copyIn(late).ranges.row(0)
    copyIn(late).ranges.set(0, 'firstRecordId', first.firstRecordId + 1)
    expectBroken(copiesInOrder, late, '0 is missing')
  })

  it('a group’s offset at the target, or a checkpoint, past a record that it has not had', () => {
    const ahead = honest()
    const clusters = ahead.result.clusters.map((cluster) => ({
      ...cluster,
      groups: cluster.groups.map((group) => ({
        ...group,
        rows: group.rows.map((row) => ({ ...row, currentOffset: (row.currentOffset ?? 0) + 400 })),
      })),
    }))
    const result = { ...ahead.result, clusters }
    const left = { ...ahead, result }
    expectBroken(translationNotPastTruth, shorten(left), 'the offset of billing')
    const early = honest()
    for (const value of checkpointsIn(early)) Object.assign(value, { downstream: 2_900 })
    expectBroken(translationNotPastTruth, early, 'a checkpoint of billing')
  })

  it('a reader that begins at the copy behind what it has not had', () => {
    const ahead = honest()
    const { consumers, delivered } = ahead.history
    const home = consumers.find(({ name, cluster }) => name === 'audit' && cluster === 'A')
    for (let row = 0; row < delivered.length; row++) {
      // As if the first records at home had been handed to nobody.
      const { consumer, baseOffset } = delivered.row(row)
      if (consumer === home?.id && baseOffset < 50) delivered.set(row, 'count', 0)
    }
    expectBroken(readersSkipNothing, ahead, 'audit was handed')
  })

  it('a figure that counts something else', () => {
    const wrong = honest()
    const links = wrong.result.links.map((link) => {
      return { ...link, atLoadEnd: { ...link.atLoadEnd, acked: link.atLoadEnd.acked + 1 } }
    })
    expectBroken(linkLedgerAddsUp, { ...wrong, result: { ...wrong.result, links } }, 'not')
  })

  it('a copy that stays behind', () => {
    const behind = honest()
    copyIn(behind).ranges.set(0, 'count', 3)
    expectBroken(linksCatchUp, behind, 'has left out')
  })
})
