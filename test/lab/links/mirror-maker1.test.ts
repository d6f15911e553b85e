import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../../src/scenario/parse.ts'
import {
  endsOf,
  type MirrorMaker1Case,
  mirrorMaker1Text,
  runMirrorMaker1,
  runText,
} from './mirror-maker1.ts'

const OFTEN = { 'offset.commit.interval.ms': 1_000 }
const KILL = '{at: 20s, for: 5s, crash: mm1-A-B-1}'
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

function toldBy({ result }: ReturnType<typeof runMirrorMaker1>): string[] {
  const told = result.timeline.filter(({ actor }) => actor.startsWith('worker '))
  return told.map(({ actor, kind, text }) => `${actor} ${kind} ${text}`)
}

describe('the first MirrorMaker', () => {
  it('copies each record once, to a topic of its name that a broker creates its own way', () => {
    const run = runMirrorMaker1({ targetConfig: { 'num.partitions': 3 } })
    expect(run.result.fates).toMatchObject({ acked: 8_000, lost: 0, duplicated: 0 })
    expect(run.result.links[0]).toMatchObject({ onlyAtSource: 0, system: 'mirror-maker1' })
    expect(endsOf(run, 'A', 'orders')).toHaveLength(2)
    expect(endsOf(run, 'B', 'orders')).toHaveLength(3)
    expect(sum(endsOf(run, 'B', 'orders'))).toBe(8_000)
  })

  it('leaves behind what was there before its group, unless auto.offset.reset forbids', () => {
    const late = (reset: string) => {
      const text = mirrorMaker1Text({ consumer: { 'auto.offset.reset': reset } })
      return text.replace('workers: {eu: 1}', 'workers: {eu: 1}\n    start: 20s')
    }
    const runOf = (reset: string) => runText(late(reset)).result.links[0]?.onlyAtSource ?? -1
    expect(runOf('earliest')).toBe(0)
    expect(runOf('latest')).toBeGreaterThan(3_900)
  })

  it('is a group of consumers at the source, a member a stream', () => {
    const { result } = runMirrorMaker1({ workers: 2, options: { 'num.streams': 2 }, partitions: 8 })
    const group = result.clusters[0]?.groups.find((one) => one.group === 'mm1-A-B')
    const members = new Map<string, number>()
    for (const { member } of group?.rows ?? []) {
      const id = member?.consumerId ?? ''
      members.set(id, (members.get(id) ?? 0) + 1)
    }
    expect([...members.values()]).toEqual([2, 2, 2, 2])
  })
})

describe('a process that ends', () => {
  const again = (of: MirrorMaker1Case) => {
    const { fates, links } = runMirrorMaker1({ settle: '60s', ...of }).result
    expect(fates.lost).toBe(0)
    expect(links[0]?.onlyAtSource).toBe(0)
    return fates.duplicated
  }

  it('by a kill copies again what it had read since its last commit, a minute at the most', () => {
    const never = again({ faults: [KILL] })
    expect(never).toBeGreaterThan(3_900)
    const often = again({ faults: [KILL], options: OFTEN })
    expect(often).toBeGreaterThan(0)
    expect(often).toBeLessThan(300)
  })

  it('by a kill copies again wherever its partitioner puts the second copy', () => {
    expect(again({ faults: [KILL], targetPartitions: 4 })).toBeGreaterThan(3_900)
  })

  it('by a kill keeps its group waiting until its session is over', () => {
    const behind = (ms: number) => {
      const consumer = { 'session.timeout.ms': ms }
      const of = { faults: [KILL], settle: '60s', consumer }
      return (runMirrorMaker1(of).result.links[0]?.lag.msMax ?? 0) / 1_000
    }
    expect(behind(45_000)).toBeGreaterThan(41)
    expect(behind(45_000)).toBeLessThan(47)
    expect(behind(12_000)).toBeGreaterThan(8)
    expect(behind(12_000)).toBeLessThan(14)
  })

  it('by SIGTERM flushes, commits and leaves, and copies nothing again', () => {
    expect(again({ faults: ['{at: 20s, restart: {target: mm1-A-B-1, downtime: 5s}}'] })).toBe(0)
  })

  it.each(['20s', '20.3s', '20.7s', '21s'])(
    'killed at %s has committed no more than arrived',
    (at) => {
      const slow =
        '{at: 15s, for: 10s, slow-link: {between: [region us, region eu], bandwidth: 1Mbit}}'
      const options = { 'offset.commit.interval.ms': 300 }
      const producer = { 'linger.ms': 900, 'batch.size': 1_000_000 }
      const faults = [slow, `{at: ${at}, for: 5s, crash: mm1-A-B-1}`]
      again({ faults, options, producer })
    },
  )
})

describe('a rebalance', () => {
  const LATE = { workers: 2, partitions: 4 }

  it('that is asked for costs no record twice: who gives up flushes and commits first', () => {
    const faults = ['{at: 20s, restart: {target: mm1-A-B-2, downtime: 5s}}']
    const { fates } = runMirrorMaker1({ ...LATE, faults }).result
    expect(fates).toMatchObject({ duplicated: 0, lost: 0 })
  })

  it('that comes unasked has a successor copy again what the member had not committed', () => {
    const faults = ['{at: 20s, for: 50s, pause: mm1-A-B-2}']
    const { fates, links } = runMirrorMaker1({ ...LATE, faults, duration: '100s' }).result
    expect(fates.lost).toBe(0)
    expect(links[0]?.onlyAtSource).toBe(0)
    expect(fates.duplicated).toBeGreaterThan(1_000)
  })
})

describe('a record that the target refuses', () => {
  const small = { 'max.request.size': 160 }

  it('ends the process, which has committed nothing and fails again when it is started', () => {
    const run = runMirrorMaker1({ producer: small, faults: ['{at: 20s, start: mm1-A-B-1}'] })
    const told = toldBy(run)
    expect(told.filter((line) => line.includes('mirror-maker-stopped'))).toHaveLength(2)
    expect(told[0]).toContain('RECORD_TOO_LARGE')
    expect(run.result.links[0]?.copied.records).toBe(0)
  })

  it('is left out without abort.on.send.failure, and nobody copies it later', () => {
    const options = { ...OFTEN, 'abort.on.send.failure': false }
    const run = runMirrorMaker1({ producer: small, options, faults: [KILL], settle: '60s' })
    expect(toldBy(run).some((line) => line.includes('mirror-maker-stopped'))).toBe(false)
    expect(run.result.links[0]?.onlyAtSource).toBe(8_000)
    const rows = run.result.clusters[0]?.groups.flatMap((group) => group.rows) ?? []
    expect(sum(rows.map(({ currentOffset }) => currentOffset ?? 0))).toBeGreaterThan(7_000)
  })
})

it('an include list that is no expression is refused, and a comma parts two of them', () => {
  const problems = (include: string) =>
    parseScenario(mirrorMaker1Text({ options: { include } }), 'mm1.yaml').problems
  expect(problems('orders(').map(({ path }) => path)).toEqual(['links[0].options.include'])
  expect(problems('paid, orders')).toEqual([])
  const both = runMirrorMaker1({ options: { include: 'paid, ord.*' }, duration: '5s' })
  expect(both.result.links[0]?.copied.records).toBe(1_000)
  const none = runMirrorMaker1({ options: { include: 'order' }, duration: '5s' })
  expect(none.result.links[0]?.copied.records).toBe(0)
})
