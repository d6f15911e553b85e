import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../../src/scenario/parse.ts'
import {
  CHECKPOINTS,
  type FlinkCase,
  flinkText,
  JOB_MANAGER,
  runFlink,
  TASK_MANAGER,
} from './flink.ts'
import { endsOf } from './mirror-maker1.ts'

type Run = ReturnType<typeof runFlink>

const TWO = { workers: 2, config: { 'parallelism.default': 2 }, keys: 100 }
const slowest = ({ result }: Run) => result.links[0]?.latency.record.all.maxMs ?? 0

function told({ result }: Run, kind: string): string[] {
  return result.timeline.filter((one) => one.kind === kind).map(({ text }) => text)
}

/** Everything arrives in the end; how much more than once. */
function arrived(of: FlinkCase): { run: Run; again: number } {
  const run = runFlink({ settle: '40s', ...of })
  expect(run.result.fates.lost).toBe(0)
  expect(run.result.links[0]?.onlyAtSource).toBe(0)
  return { run, again: run.result.links[0]?.copied.again ?? -1 }
}

describe('a router of Flink', () => {
  it('copies each record once, to the topic of its sink', () => {
    const { run, again } = arrived({ ...TWO, sinkTopic: 'routed' })
    expect(again).toBe(0)
    expect(endsOf(run, 'B', 'routed')).toEqual([8_000])
  })

  it('commits its offsets when a checkpoint is complete, for onlookers', () => {
    const { result } = runFlink({ duration: '23s', settle: '0s' })
    const rows = result.clusters[0]?.groups.flatMap((group) => group.rows) ?? []
    const committed = rows.reduce((sum, row) => sum + (row.currentOffset ?? 0), 0)
    // Checkpoints every five seconds, of 200 records each.
    expect(committed).toBeGreaterThan(3_000)
    expect(committed).toBeLessThan(4_600)
    const unseen = runFlink({ duration: '13s', config: { 'commit.offsets.on.checkpoint': false } })
    const groups = unseen.result.clusters[0]?.groups.flatMap((group) => group.rows) ?? []
    expect(groups.filter(({ currentOffset }) => (currentOffset ?? 0) > 0)).toEqual([])
  })
})

describe('a task manager that dies', () => {
  const faults = [`{at: 22s, for: 10s, crash: ${TASK_MANAGER}}`]

  it('takes its own subtask along and no other, back to the last checkpoint', () => {
    const { run, again } = arrived({ ...TWO, faults })
    expect(told(run, 'task-failed')).toHaveLength(1)
    expect(told(run, 'task-failed')[0]).toMatch(/runs 1 subtasks again: .* is unreachable/)
    expect(again).toBeGreaterThan(0)
    // At most a checkpoint's age and what was under way, of one of two partitions.
    expect(again).toBeLessThan(700)
    expect(slowest(run)).toBeGreaterThan(9_000)
    expect(run.result.links[0]?.latency.record.all.p50Ms).toBeLessThan(200)
  })

  it('is replaced within seconds where a slot is free', () => {
    const { run } = arrived({ ...TWO, workers: 3, faults })
    // Two heartbeats that find nobody, and the first backoff.
    expect(slowest(run)).toBeLessThan(6_000)
  })

  it('is missed although it is back before anybody has noticed', () => {
    const { run } = arrived({ faults: [`{at: 22s, for: 300ms, crash: ${TASK_MANAGER}}`] })
    expect(told(run, 'task-failed')[0]).toMatch(/does not run it any more$/)
    expect(slowest(run)).toBeLessThan(4_000)
  })

  it('is waited for until it is silent for heartbeat.timeout where no reset comes', () => {
    const cut = `{at: 22s, for: 30s, partition: {between: [${TASK_MANAGER}, ${JOB_MANAGER}]}}`
    const { run } = arrived({ ...TWO, workers: 3, duration: '50s', faults: [cut] })
    expect(told(run, 'task-failed')[0]).toMatch(/is silent$/)
    // It gives its subtask up by itself: nobody copies twice for long.
    expect(told(run, 'job-manager-lost')).toHaveLength(1)
    expect(slowest(run)).toBeLessThan(10_000)
  })

  it('loses what its producer held where nobody promised anything', () => {
    const slow =
      '{at: 15s, for: 10s, slow-link: {between: [region us, region eu], bandwidth: 1Mbit}}'
    const producer = { 'linger.ms': 4_000, 'batch.size': 1_000_000 }
    const of = { producer, faults: [slow, ...faults], settle: '40s' }
    const missing = (deliveryGuarantee: 'none' | 'at-least-once') =>
      ['19.5s', '20.5s', '21.5s'].reduce((sum, at) => {
        const crash = `{at: ${at}, for: 5s, crash: ${TASK_MANAGER}}`
        const { result } = runFlink({ ...of, faults: [slow, crash], deliveryGuarantee })
        return sum + (result.links[0]?.onlyAtSource ?? 0)
      }, 0)
    expect(missing('none')).toBeGreaterThan(0)
    expect(missing('at-least-once')).toBe(0)
  })
})

describe('the job manager', () => {
  it('that is away for a moment has every subtask begin at the last checkpoint', () => {
    const faults = [`{at: 22s, for: 2s, crash: ${JOB_MANAGER}}`]
    const { run, again } = arrived({ faults })
    expect(again).toBeGreaterThan(0)
    expect(again).toBeLessThan(1_400)
    expect(slowest(run)).toBeLessThan(4_000)
  })

  it('that stays away is missed: subtasks are given up after heartbeat.timeout', () => {
    const faults = [`{at: 12s, for: 20s, crash: ${JOB_MANAGER}}`]
    const { run } = arrived({ faults })
    expect(told(run, 'job-manager-lost')).toHaveLength(1)
    expect(slowest(run)).toBeGreaterThan(13_000)
    expect(slowest(run)).toBeLessThan(18_000)
  })

  it('that stood still for too long finds out who has given up', () => {
    const { run } = arrived({ faults: [`{at: 22s, for: 7s, pause: ${JOB_MANAGER}}`] })
    expect(told(run, 'job-manager-lost')).toHaveLength(1)
    expect(slowest(run)).toBeLessThan(6_000)
  })

  it('without high availability begins as if the job were new', () => {
    const faults = [`{at: 22s, for: 2s, crash: ${JOB_MANAGER}}`]
    const config = { 'high-availability.type': 'NONE' }
    expect(arrived({ faults, config }).again).toBeGreaterThan(4_000)
    expect(arrived({ faults, config, startingOffsets: 'committed' }).again).toBeLessThan(1_600)
    const { links } = runFlink({ faults, config, startingOffsets: 'latest' }).result
    expect(links[0]?.copied.again).toBe(0)
    expect(links[0]?.onlyAtSource).toBeGreaterThan(0)
  })
})

describe('the storage of checkpoints', () => {
  it('may be away as long as its client is patient', () => {
    const { run, again } = arrived({ faults: [`{at: 12s, for: 15s, crash: ${CHECKPOINTS}}`] })
    expect(told(run, 'task-failed')).toEqual([])
    expect(again).toBe(0)
  })

  it('that stays away fails the job again and again: all since the last one is copied anew', () => {
    const faults = [`{at: 12s, for: 80s, crash: ${CHECKPOINTS}}`]
    const { run, again } = arrived({ faults, duration: '95s', rate: '50/s' })
    expect(told(run, 'task-failed').length).toBeGreaterThan(1)
    for (const text of told(run, 'task-failed')) expect(text).toMatch(/finalize checkpoint/)
    expect(again).toBeGreaterThan(50 * 60)
  })
})

describe('a job that fails', () => {
  const poisoned: FlinkCase = { producer: { 'max.request.size': 150 }, duration: '15s' }

  it('tries again and again with checkpoints, and never without', () => {
    expect(told(runFlink(poisoned), 'task-failed').length).toBeGreaterThan(2)
    const never = { ...poisoned, config: { 'execution.checkpointing.interval': 0 } }
    expect(told(runFlink(never), 'task-failed')).toEqual([])
    expect(told(runFlink(never), 'job-failed')).toHaveLength(1)
  })

  it('gives up after the attempts of a fixed delay', () => {
    const config = { 'restart-strategy.type': 'fixed-delay' }
    const run = runFlink({ ...poisoned, config })
    expect(told(run, 'task-failed')).toHaveLength(1)
    expect(told(run, 'job-failed')).toHaveLength(1)
  })
})

describe('what a file says', () => {
  const problems = (of: FlinkCase) => parseScenario(flinkText(of), 'x.yaml').problems

  it('exactly-once is refused, and why', () => {
    const [problem] = problems({ deliveryGuarantee: 'exactly-once' })
    expect(problem?.path).toBe('links[0].deliveryGuarantee')
    expect(problem?.message).toMatch(/transactions/)
  })

  it('a job needs as many slots as it has subtasks', () => {
    const config = { 'parallelism.default': 3 }
    expect(problems({ config }).map(({ message }) => message)).toEqual([
      '3 subtasks need 3 slots; there are 1',
    ])
    expect(problems({ config: { ...config, 'taskmanager.numberOfTaskSlots': 3 } })).toEqual([])
  })
})

describe('partitions that the topic gets later', () => {
  const add = '{at: 12s, add-partitions: {topic: "A:orders", partitions: 4}}'
  const grown = (more: FlinkCase) => {
    const faults = [add, ...(more.faults ?? [])]
    const config = { 'parallelism.default': 2, ...more.config }
    return runFlink({
      ...{ workers: 2, settle: '40s', fresh: 'metadata.max.age.ms: 2000' },
      ...more,
      ...{ faults, config },
    })
  }

  it('are read from their first record on, when the enumerator looks', () => {
    const found = { 'partition.discovery.interval.ms': 8_000 }
    // Where the job began says nothing of them.
    const run = grown({ config: found, startingOffsets: 'latest' })
    expect(told(run, 'partitions-found')).toEqual(['reads 2 more of orders'])
    const [link] = run.result.links
    expect(link?.neverCopied).toEqual([])
    expect(link?.copied.again).toBe(0)
  })

  it('are not read before, and never without discovery', () => {
    for (const interval of [300_000, -1]) {
      const run = grown({ config: { 'partition.discovery.interval.ms': interval } })
      expect(run.result.links[0]?.neverCopied).toEqual(['A:orders-2', 'A:orders-3'])
    }
  })

  it('are deployed with a subtask that runs again, from its checkpoint', () => {
    const config = { 'partition.discovery.interval.ms': 8_000 }
    const faults = [`{at: 24s, for: 10s, crash: ${TASK_MANAGER}}`]
    const run = grown({ config, faults })
    expect(run.result.fates.lost).toBe(0)
    expect(run.result.links[0]?.onlyAtSource).toBe(0)
  })
})
