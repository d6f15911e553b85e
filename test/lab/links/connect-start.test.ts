import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../../src/contract.ts'
import { run } from '../../../src/lab/run.ts'
import { PLAIN } from '../../../src/report/palette.ts'
import { textReport } from '../../../src/report/text.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { mirroredText } from './mirrored-regions.ts'

interface Start {
  /** How long the regions are apart; the worker at the target is started anew 2 s into it. */
  readonly cutSeconds: number
  readonly config?: string
  /** More of the timetable. */
  readonly faults?: string
  readonly system?: keyof typeof PROCESS
}

const PROCESS = { 'mirror-maker2': 'mm2-A-B-1', connect: 'connect-A-B-1' }

function started({
  cutSeconds,
  config = '',
  faults = '',
  system = 'mirror-maker2',
}: Start): RunResult {
  const more = `
producers:
  - {name: shop, region: us, cluster: A, topic: orders, rate: 20/s, recordBytes: 100}
faults:
  - {at: 20s, partition: {between: [region us, region eu]}, for: ${cutSeconds}s}
  - {at: 22s, for: 2s, crash: ${PROCESS[system]}}
${faults}`
  const times = { duration: '160s', settle: '20s', rtt: '50ms' }
  const file = mirroredText({ ...times, system, config, more })
  return run(scenarioOf(file, 'start.yaml'), '1', {})
}

const ended = (result: RunResult) => result.timeline.filter(({ kind }) => kind === 'process-ended')
const missing = (result: RunResult) => result.links[0]?.atLoadEnd.records ?? -1

describe('a process of MirrorMaker 2 that starts while the source is away', () => {
  it('waits for it as long as a minute', () => {
    const result = started({ cutSeconds: 45 })
    expect(ended(result)).toEqual([])
    expect(missing(result)).toBeLessThan(50)
  })

  it('ends after it, and the run says that nobody starts it again', () => {
    const result = started({ cutSeconds: 75 })
    const [end, ...more] = ended(result)
    expect(more).toEqual([])
    expect(end?.text).toBe(
      'ends, and no supervisor starts it again: A does not answer at its start, exit code 2',
    )
    expect(((end?.atMs ?? 0) - 24_000) / 1_000).toBeCloseTo(60, 0)
    expect(missing(result)).toBeGreaterThan(2_000)
    expect(textReport(result, PLAIN)).toContain('A does not answer at its start')
  })

  it('ends at once when it is asked to meanwhile, and the next one has a minute of its own', () => {
    const again = 'restart: {target: mm2-A-B-1, how: terminate, downtime: 1s}'
    const result = started({ cutSeconds: 75, faults: `  - {at: 50s, ${again}}\n` })
    expect(ended(result)).toEqual([])
    expect(missing(result)).toBeLessThan(50)
  })

  it('needs no source without heartbeats: nothing of its own is there', () => {
    const result = started({ cutSeconds: 75, config: 'emit.heartbeats.enabled: false' })
    expect(ended(result)).toEqual([])
  })
})

it('a worker of a Connect cluster needs no more than the cluster it writes to', () => {
  const result = started({ cutSeconds: 75, system: 'connect' })
  expect(ended(result)).toEqual([])
  expect(missing(result)).toBeLessThan(50)
})

describe('a checkpoint task that moves to another worker while the source is away', () => {
  const taken = (seed: string, cutSeconds: number) => {
    const config = [
      ...['dedicated.mode.enable.internal.rest: true', 'sync.group.offsets.enabled: true'],
      ...['sync.group.offsets.interval.seconds: 5', 'emit.checkpoints.interval.seconds: 5'],
    ].join(', ')
    const more = `
producers:
  - {name: shop, region: us, cluster: A, topic: orders, rate: 50/s, recordBytes: 100}
consumers:
  - {name: billing, region: us, cluster: A, topic: orders, config: {group.id: billing}}
faults:
  - {at: 60s, partition: {between: [region us, region eu]}, for: ${cutSeconds}s}
  - {at: 62s, crash: mm2-A-B-1}
`
    const link = { start: '15s', workers: 2, worker: 'scheduled.rebalance.max.delay.ms: 0' }
    const times = { duration: '260s', settle: '1s', rtt: '50ms' }
    const file = mirroredText({ ...times, ...link, config, more })
    const result = run(scenarioOf(file, 'taken.yaml'), seed, {})
    const textOf = (kind: string) => result.timeline.find((e) => e.kind === kind)?.text ?? null
    const there = result.clusters[1]?.groups.find(({ group }) => group === 'billing')
    const [row] = there?.rows ?? []
    const behind = (row?.logEndOffset ?? 0) - (row?.currentOffset ?? 0)
    const [unread, unlisted] = [textOf('syncs-unread'), textOf('groups-unlisted')]
    return { unread, unlisted, behind, missing: missing(result) }
  }
  const SEEDS = ['1', '2', '3', '4', '5', '6', '7', '8']

  it('translates nothing any more where syncs or groups were not to be had for a minute', () => {
    const runs = SEEDS.map((seed) => taken(seed, 90))
    const unread = runs.flatMap((one) => one.unread ?? [])
    const unlisted = runs.flatMap((one) => one.unlisted ?? [])
    // Connector and task may each have been with either worker.
    expect(unread.length).toBeGreaterThan(0)
    expect(unlisted.length).toBeGreaterThan(unread.length)
    expect(unread[0]).toMatch(/^cannot look up mm2-offset-syncs.B.internal: REQUEST_TIMED_OUT/)
    expect(unread[0]).toMatch(/translates nothing until the task is started again$/)
    expect(unlisted[0]).toMatch(/^cannot list all groups of A:/)
    const isTold = (one: (typeof runs)[number]) => one.unread !== null || one.unlisted !== null
    // Records are copied again, and groups stand where they were when the cut began.
    for (const { behind } of runs.filter(isTold)) expect(behind).toBeGreaterThan(150 * 50)
    const others = runs.filter((one) => !isTold(one))
    expect(others.length).toBeGreaterThan(0)
    for (const { behind } of others) expect(behind).toBeLessThan(30 * 50)
    for (const { missing } of runs) expect(missing).toBeLessThan(50)
  })

  it('goes on where they are back within that time', () => {
    const runs = SEEDS.slice(0, 3).map((seed) => taken(seed, 40))
    for (const { unread, unlisted, behind } of runs) {
      expect([unread, unlisted]).toEqual([null, null])
      expect(behind).toBeLessThan(30 * 50)
    }
  })
})
