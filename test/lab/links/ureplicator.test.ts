import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { endsOf } from './mirror-maker1.ts'
import {
  COMMIT_ZOOKEEPER,
  CONTROLLER,
  HELIX_ZOOKEEPER,
  OTHER_CONTROLLER,
  runUReplicator,
  type UReplicatorCase,
  ureplicatorText,
  WORKER,
} from './ureplicator.ts'

type Run = ReturnType<typeof runUReplicator>

const OFTEN = { 'offset.commit.interval.ms': 2_000 }
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
const slowest = ({ result }: Run) => result.links[0]?.latency.record.all.maxMs ?? 0

function told({ result }: Run, kind: string): string[] {
  return result.timeline.filter((one) => one.kind === kind).map(({ text }) => text)
}

/** Everything arrives in the end; how much more than once. */
function arrived(of: UReplicatorCase): { run: Run; again: number } {
  const run = runUReplicator({ settle: '40s', ...of })
  expect(run.result.fates.lost).toBe(0)
  expect(run.result.links[0]?.onlyAtSource).toBe(0)
  return { run, again: run.result.links[0]?.copied.again ?? -1 }
}

describe('uReplicator', () => {
  it('copies each record once, under the name that a mapping gives it', () => {
    const { run, again } = arrived({
      topicMapping: { orders: 'A.orders' },
      targetConfig: { 'num.partitions': 3 },
    })
    expect(again).toBe(0)
    expect(endsOf(run, 'B', 'A.orders')).toHaveLength(3)
    expect(sum(endsOf(run, 'B', 'A.orders'))).toBe(8_000)
  })

  it('keeps numbers of partitions, modulo the target’s, only with its observer', () => {
    const ends = (topic_partition_count_observer: boolean) => {
      const worker = { topic_partition_count_observer }
      const run = runUReplicator({ worker, partitions: 4, targetPartitions: 2, duration: '10s' })
      return [endsOf(run, 'A', 'orders'), endsOf(run, 'B', 'orders')]
    }
    const [from = [], to] = ends(true)
    expect(to).toEqual([(from[0] ?? 0) + (from[2] ?? 0), (from[1] ?? 0) + (from[3] ?? 0)])
    const [source = [], scattered = []] = ends(false)
    expect(scattered[0]).not.toBe((source[0] ?? 0) + (source[2] ?? 0))
    expect(sum(scattered)).toBe(sum(source))
  })

  it('commits when it is asked to end, and copies nothing again', () => {
    const faults = [`{at: 20s, restart: {target: ${WORKER}, downtime: 2s}}`]
    expect(arrived({ faults }).again).toBe(0)
  })
})

describe('a worker that dies', () => {
  it('is waited for: back in time it goes on where it last committed', () => {
    const faults = [`{at: 20s, for: 1s, crash: ${WORKER}}`]
    const { run, again } = arrived({ faults, worker: OFTEN, workers: 2 })
    expect(told(run, 'reassigned')).toEqual([])
    expect(again).toBeGreaterThan(0)
    // At 200 records a second, all of them its own at worst, as long as a commit is old.
    expect(again).toBeLessThan(400)
    // Session timeout and five seconds, after which its name is free.
    expect(slowest(run)).toBeGreaterThan(10_000)
    expect(slowest(run)).toBeLessThan(14_000)
  })

  it('copies all again that it has read since the last commit, by default for a minute', () => {
    const faults = [`{at: 20s, for: 1s, crash: ${WORKER}}`]
    expect(arrived({ faults }).again).toBeGreaterThan(3_900)
  })

  it('is replaced when its session and then the delay are over; others are not held up', () => {
    const faults = [`{at: 20s, for: 60s, crash: ${WORKER}}`]
    const { run } = arrived({ faults, worker: OFTEN, workers: 2, duration: '60s' })
    expect(told(run, 'reassigned')[0]).toMatch(/from ureplicator-A-B-1 to ureplicator-A-B-2$/)
    // A session of 6 s that ends at a tick, and 10 s.
    expect(slowest(run)).toBeGreaterThan(16_000)
    expect(slowest(run)).toBeLessThan(20_000)
    const all = run.result.links[0]?.latency.record.all
    expect(all?.p50Ms).toBeLessThan(200)
  })
})

describe('the control plane', () => {
  it('copying goes on without a controller, and nobody replaces a worker', () => {
    const gone = [`{at: 5s, for: 60s, crash: ${CONTROLLER}}`]
    const alone = arrived({ faults: gone, workers: 2 })
    expect(slowest(alone.run)).toBeLessThan(500)
    const faults = [...gone, `{at: 10s, for: 50s, crash: ${WORKER}}`]
    const { run } = arrived({ faults, worker: OFTEN, workers: 2, duration: '60s' })
    expect(slowest(run)).toBeGreaterThan(45_000)
  })

  it('a second controller takes over when the session of the first is over', () => {
    const faults = [`{at: 5s, for: 55s, crash: ${CONTROLLER}}`, `{at: 25s, crash: ${WORKER}}`]
    const { run } = arrived({ faults, worker: OFTEN, controllers: 2, workers: 2, duration: '50s' })
    const leaders = run.result.timeline.filter(({ kind }) => kind === 'leader')
    expect(leaders.map(({ actor }) => actor)).toEqual([
      `Helix controller ${CONTROLLER}`,
      `Helix controller ${OTHER_CONTROLLER}`,
    ])
    expect(told(run, 'reassigned')).not.toEqual([])
    expect(slowest(run)).toBeLessThan(20_000)
  })

  it('two workers copy one partition while the first is cut from Helix alone', () => {
    // Offsets are kept elsewhere: nothing stops the one that Helix takes for dead.
    const cut = `{at: 10s, for: 30s, partition: {between: [${WORKER}, ${HELIX_ZOOKEEPER}]}}`
    const of = { faults: [cut], worker: OFTEN, workers: 2, duration: '60s' }
    const { run, again } = arrived({ ...of, commit: 'us' })
    expect(told(run, 'reassigned').length).toBeGreaterThan(0)
    expect(slowest(run)).toBeLessThan(1_000)
    // 100 records a second twice, from the reassignment at about 27 s to the end of the cut.
    expect(again).toBeGreaterThan(1_000)
  })

  it('a worker that cannot write its offsets stops at the next commit, and loses nothing', () => {
    const faults = [`{at: 10s, for: 20s, partition: {between: [${WORKER}, ${COMMIT_ZOOKEEPER}]}}`]
    const { run, again } = arrived({ faults, worker: OFTEN, commit: 'us' })
    expect(slowest(run)).toBeGreaterThan(15_000)
    expect(again).toBe(0)
    const rarely = arrived({ faults, commit: 'us' })
    expect(slowest(rarely.run)).toBeLessThan(500)
  })

  it('loses its place with the disk that it is kept on: all is copied again', () => {
    const faults = [
      `{at: 20s, for: 1s, crash: {target: ${COMMIT_ZOOKEEPER}, model: disk}}`,
      `{at: 22s, for: 1s, crash: ${WORKER}}`,
    ]
    expect(arrived({ faults, worker: OFTEN, commit: 'us' }).again).toBeGreaterThan(4_000)
  })
})

describe('a record that cannot be sent', () => {
  const of: UReplicatorCase = { producer: { 'max.request.size': 150 }, duration: '10s' }

  it('ends the worker, which commits nothing of that thread', () => {
    const run = runUReplicator(of)
    expect(told(run, 'thread-failed')).toHaveLength(1)
    expect(run.result.links[0]?.copied.records).toBe(0)
  })

  it('is left out, and told, where the worker was asked to go on', () => {
    const run = runUReplicator({ ...of, worker: { abort_on_send_failure: false } })
    expect(told(run, 'send-failed').length).toBeGreaterThan(1)
    const written = run.result.config.filter(({ scope, source }) => {
      return source === 'scenario' && /^link A->B (controller|worker)$/.test(scope)
    })
    expect(written.map(({ name, value }) => `${name} ${value}`)).toEqual([
      'zk.session.timeout 6000',
      'controller.auto.rebalance.delay.in.seconds 10',
      'zk.session.timeout 6000',
      'abort_on_send_failure false',
    ])
    expect(run.result.links[0]?.onlyAtSource).toBe(2_000)
  })
})

describe('what a file says', () => {
  const problems = (of: UReplicatorCase, change = (text: string) => text) =>
    parseScenario(change(ureplicatorText(of)), 'x.yaml')

  it('a mapping of a topic that is not copied, or a place that is none, is refused', () => {
    const mapping = problems({ topicMapping: { order: 'A.order' } }).problems
    expect(mapping.map(({ path }) => path)).toEqual(['links[0].topicMapping.order'])
    const place = problems({}, (text) => text.replace('{helix: eu}', '{helix: mars}')).problems
    expect(place.map(({ path }) => path)).toEqual(['links[0].zookeeper.helix'])
  })

  it('a setting without effect is noted, an unknown one refused with the nearest name', () => {
    const known = problems({ controller: { 'controller.enable.auto.whitelist': true } })
    expect(known.problems).toEqual([])
    expect(known.notes.map(({ message }) => message).join()).toContain('auto.whitelist')
    const unknown = problems({ worker: { 'num.of.producer': 3 } }).problems
    expect(unknown.map(({ fix }) => fix).join()).toContain('num.of.producers')
  })
})

describe('partitions that the source gets later', () => {
  const grown = (more: UReplicatorCase) =>
    runUReplicator({
      ...{ duration: '160s', rate: '50/s', settle: '20s', fresh: 'metadata.max.age.ms: 2000' },
      ...more,
      faults: [
        '{at: 20s, add-partitions: {topic: "A:orders", partitions: 3}}',
        ...(more.faults ?? []),
      ],
    })

  it('are copied when a controller that validates its source next reads it, where it may', () => {
    const controller = {
      'controller.enable.src.kafka.validation': true,
      'controller.enable.auto.topic.expansion': true,
    }
    const run = grown({ controller, duration: '735s', rate: '5/s' })
    // The observer of the first job, at 120 s, has listed the source before the order.
    expect(told(run, 'topic-expanded')).toEqual(['orders: from 2 to 3'])
    expect(run.result.links[0]?.neverCopied).toEqual([])
    expect(run.result.links[0]?.onlyAtSource).toBe(0)
  })

  it('are not where nobody expands the topic, and a rebalance does not find them either', () => {
    const faults = [`{at: 40s, for: 60s, crash: ${WORKER}}`]
    const run = grown({ workers: 2, faults })
    expect(told(run, 'reassigned').length).toBeGreaterThan(0)
    expect(run.result.links[0]?.neverCopied).toEqual(['A:orders-2'])
  })
})
