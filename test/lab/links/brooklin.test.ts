import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { type BrooklinCase, brooklinText, runBrooklin, toldBy } from './brooklin.ts'
import { endsOf, runText } from './mirror-maker1.ts'

const FLUSHLESS = { isFlushlessModeEnabled: true }
const KILL = '{at: 20s, for: 5s, crash: brooklin-A-B-1}'
const SLOW = '{at: 15s, for: 10s, slow-link: {between: [region us, region eu], bandwidth: 1Mbit}}'
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

/** Everything arrives in the end; how much more than once. */
function again(of: BrooklinCase): number {
  const { fates, links } = runBrooklin({ settle: '60s', ...of }).result
  expect(fates.lost).toBe(0)
  expect(links[0]?.onlyAtSource).toBe(0)
  return links[0]?.copied.again ?? -1
}

describe('Brooklin', () => {
  it('copies each record once, to a topic with its prefix that a broker creates', () => {
    const config = { destinationTopicPrefix: 'A.' }
    const run = runBrooklin({ config, targetConfig: { 'num.partitions': 3 } })
    expect(run.result.links[0]).toMatchObject({ onlyAtSource: 0, copied: { again: 0 } })
    expect(endsOf(run, 'B', 'A.orders')).toHaveLength(3)
    expect(sum(endsOf(run, 'B', 'A.orders'))).toBe(8_000)
  })

  it('keeps numbers of partitions only with identity partitioning', () => {
    const ends = (identityPartitioningEnabled: boolean) => {
      const config = { identityPartitioningEnabled }
      const run = runBrooklin({ config, partitions: 3, targetPartitions: 3, duration: '20s' })
      return [endsOf(run, 'A', 'orders'), endsOf(run, 'B', 'orders')]
    }
    const [from, to] = ends(true)
    expect(to).toEqual(from)
    const [source, scattered] = ends(false)
    expect(scattered).not.toEqual(source)
    expect(sum(scattered ?? [])).toBe(sum(source ?? []))
  })

  it('copies again after a kill what it had not committed, in either mode', () => {
    expect(again({ faults: [KILL] })).toBeGreaterThan(3_900)
    expect(again({ faults: [KILL], config: FLUSHLESS })).toBeGreaterThan(3_900)
    const often = { commitIntervalMs: 1_000 }
    expect(again({ faults: [KILL], config: often })).toBeLessThan(400)
    expect(again({ faults: [KILL], config: { ...FLUSHLESS, ...often } })).toBeLessThan(400)
  })

  it('flushes and commits when it is asked to end, and copies nothing again', () => {
    const faults = ['{at: 20s, restart: {target: brooklin-A-B-1, downtime: 5s}}']
    expect(again({ faults })).toBe(0)
    expect(again({ faults, config: FLUSHLESS })).toBe(0)
  })

  it.each(['20s', '20.4s', '20.8s'])('killed at %s has committed only what had arrived', (at) => {
    const faults = [SLOW, `{at: ${at}, for: 5s, crash: brooklin-A-B-1}`]
    const producer = { 'linger.ms': 900, 'batch.size': 1_000_000 }
    for (const mode of [{}, FLUSHLESS]) {
      again({ faults, producer, config: { ...mode, commitIntervalMs: 300 } })
    }
  })
})

describe('a record that cannot be sent', () => {
  /** Partition 1 gets records that the producer finds too large. */
  function poisoned(config: Readonly<Record<string, string | number | boolean>>) {
    const all = { config: { ...config, commitIntervalMs: 1_000 }, producer: SMALL }
    const [head = '', tail = ''] = brooklinText(all).split('    recordBytes: 100\n')
    const other =
      '  - {name: big, region: us, cluster: A, topic: orders, rate: 20/s, recordBytes: 400, ' +
      'partitions: [1]}\n'
    const text = `${head}    recordBytes: 100\n    partitions: [0]\n${tail}`
    return runText(text.replace('links:', `${other}links:`))
  }
  const SMALL = { 'max.request.size': 300 }

  it.each([{}, FLUSHLESS])('holds up its partition and no other, in mode %o', (mode) => {
    const run = poisoned(mode)
    expect(run.result.links[0]?.copied.records).toBe(8_000)
    expect(run.result.links[0]?.onlyAtSource).toBe(800)
    const rows = run.result.clusters[0]?.groups.flatMap((group) => group.rows) ?? []
    const offsets = rows.map(({ partition, currentOffset }) => [partition, currentOffset])
    expect(new Map(offsets as [number, number][]).get(1) ?? 0).toBe(0)
  })

  it('is tried again with every poll, or after a pause that may be set', () => {
    const tries = (config: Readonly<Record<string, number | boolean>>) =>
      toldBy(poisoned(config), 'send-failed').length
    expect(tries({})).toBeGreaterThan(20)
    expect(tries({ pausePartitionOnError: true })).toBe(1)
    const short = { pausePartitionOnError: true, pauseErrorPartitionDurationMs: 10_000 }
    expect(tries(short)).toBeGreaterThanOrEqual(5)
    expect(tries(short)).toBeLessThanOrEqual(7)
  })
})

it('an expression that is none is refused', () => {
  const { problems } = parseScenario(brooklinText({ config: { topics: 'orders(' } }), 'x.yaml')
  expect(problems.map(({ path }) => path)).toEqual(['links[0].config.topics'])
})
