import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../../src/contract.ts'
import { run } from '../../../src/lab/run.ts'
import { exposition } from '../../../src/report/openmetrics/exposition.ts'
import { NOT_HELD, STOCK_NAMES } from '../../../src/report/openmetrics/stock-names.ts'
import { figuresOf, openMetricsReport } from '../../../src/report/openmetrics.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { MINIMAL } from '../../scenario/minimal.ts'
import { fixtureResult } from '../../support/fixture-result.ts'
import { ROOT } from '../../tidy/source-code.ts'
import { formatProblems } from './format.ts'
import stock from './prometheus-names.json' with { type: 'json' }

const LAG = { committed: 90, recordsMax: 12, ageMsMax: 900, state: 'ok' } as const
const GROUP = {
  ...{
    kind: 'application' as const,
    group: 'billing',
    rebalances: 1,
    rebalancingMs: 3,
    removed: 0,
  },
  ...{
    commits: { ok: 5, failed: 0 },
    delivered: 1,
    suppressed: 0,
    redelivered: 0,
    skipped: 0,
    rewinds: 0,
  },
  ...{ rewoundOffsets: 0, phantom: 0, abortedReads: 0, moves: [] },
  lags: [
    { ...LAG, partition: 'orders-0', records: 7, ageMs: 250 },
    { ...LAG, partition: 'orders-1', records: 5, ageMs: 1_500 },
  ],
}
const RESULT: RunResult = fixtureResult({ groups: [GROUP] })
const TEXT = openMetricsReport([RESULT, fixtureResult({ seed: 'a "b" \\ c' })], 1_000)

/** Without the noise of binary fractions. */
const millis = (n: number) => Math.round(n * 1_000) / 1_000

/** Samples of a name with these labels, as [seconds of the run, value]. */
function samplesOf(name: string, ...labels: string[]): number[][] {
  const rows = TEXT.split('\n').filter(
    (line) =>
      line.startsWith(`${name}{`) && [...labels, 'seed="81723"'].every((l) => line.includes(l)),
  )
  return rows.map((line) => {
    const [value, at] = line.slice(line.indexOf('} ') + 2).split(' ')
    return [millis(Number(at) - 1_000), Number(value)]
  })
}

describe('the format', () => {
  it('is OpenMetrics to the letter, for several runs and for names with quotes', () => {
    expect(formatProblems(TEXT)).toEqual([])
  })

  it('is so for a real run with groups too', () => {
    const file = 'scenarios/q25-group-coordinator-region-lost.yaml'
    const scenario = scenarioOf(readFileSync(join(ROOT, file), 'utf8'), file)
    expect(formatProblems(openMetricsReport([run(scenario, '1')], 1_700_000_000))).toEqual([])
  })

  it.each([
    ['# EOF is missing', 'a{x="1"} 1 1\n', 'EOF'],
    ['a quote is bare', '# TYPE a gauge\na{x="1"2"} 1 1\n# EOF\n', 'no line'],
    ['a counter has no _total', '# TYPE a counter\na{x="1"} 1 1\n# EOF\n', 'not of the family'],
    ['time stands still', '# TYPE a gauge\na{x="1"} 1 1\na{x="1"} 2 1\n# EOF\n', 'time'],
    [
      'series are mixed',
      '# TYPE a gauge\na{x="1"} 1 1\na{x="2"} 2 1\na{x="1"} 2 2\n# EOF\n',
      'two places',
    ],
    ['a label is there twice', '# TYPE a gauge\na{x="1",x="2"} 1 1\n# EOF\n', 'twice'],
    ['a value is no number', '# TYPE a gauge\na{x="1"} undefined 1\n# EOF\n', 'no line'],
    [
      'a family comes back',
      '# TYPE a gauge\n# TYPE b gauge\n# TYPE a gauge\n# EOF\n',
      'two places',
    ],
  ])('is refused where %s', (_, text, told) => {
    expect(formatProblems(text).join()).toContain(told)
  })
})

describe('the stock names', () => {
  const known = new Map(
    STOCK_NAMES.flatMap(({ figure, names, type }) =>
      names.map((name) => [type === 'counter' ? `${name}_total` : name, figure] as const),
    ),
  )

  it('are all there, or the table says what is missing', () => {
    const wanted = Object.values(stock.names).flat()
    expect(wanted.length).toBeGreaterThan(70)
    expect(wanted.filter((name) => !known.has(name) && NOT_HELD[name] === undefined)).toEqual([])
    expect(Object.keys(NOT_HELD).filter((name) => known.has(name))).toEqual([])
  })

  it('each stand once', () => {
    const names = STOCK_NAMES.flatMap((row) => row.names)
    expect(names.filter((name, i) => names.indexOf(name) < i)).toEqual([])
  })

  it('have a figure behind them in a run; for links and members see link-figures.test.ts', () => {
    const figures = figuresOf(fixtureResult({ groups: [GROUP], flavour: 'confluent' }))
    const scenario = scenarioOf(`${MINIMAL}duration: 3s\nsettle: 2s\n`, 'minimal.yaml')
    const real = figuresOf(run(scenario, '1'))
    const empty = [...new Set(known.values())].filter(
      (figure) =>
        !figure.startsWith('link.') &&
        figure !== 'group.members' &&
        [figures, real].every((held) => (held.get(figure) ?? []).length === 0),
    )
    expect(empty).toEqual([])
  })

  it('are never two at a millisecond, which Prometheus would refuse', () => {
    const samples = [5.2, 5.4, 6].map((atMs, value) => ({ labels: {}, value, atMs }))
    const family = { name: 'a', type: 'gauge', help: '', samples } as const
    const text = exposition([{ result: RESULT, families: [family] }], 0)
    expect(text.match(/\d+ 0\.00\d$/gm)).toEqual(['1 0.005', '2 0.006'])
  })
})

describe('the figures under stock names', () => {
  const PARTITION = ['topic="orders"', 'partition="0"']

  it('follow leaders and in-sync sets from change to change, and a minute without one', () => {
    expect(samplesOf('kafka_topic_partition_in_sync_replica', ...PARTITION)).toEqual([
      ...[
        [0, 3],
        [14.2, 3],
        [26.512, 2],
        [46, 3],
      ],
    ])
    expect(samplesOf('kafka_topic_partition_leader', ...PARTITION)).toEqual([
      ...[
        [0, 1],
        [14.2, -1],
        [26.512, 4],
        [46, 4],
      ],
    ])
    expect(samplesOf('kafka_topic_partition_leader_is_preferred', ...PARTITION)).toEqual([
      ...[
        [0, 1],
        [14.2, 0],
        [26.512, 0],
        [46, 0],
      ],
    ])
  })

  it('of a leader are zero while there is none, as when its broker is not scraped', () => {
    expect(samplesOf('kafka_cluster_partition_atminisr', ...PARTITION)).toEqual([
      ...[
        [0, 0],
        [14.2, 0],
        [26.512, 1],
        [46, 0],
      ],
    ])
    expect(samplesOf('kafka_cluster_partition_insyncreplicascount', ...PARTITION)).toEqual([
      ...[
        [0, 3],
        [14.2, 0],
        [26.512, 2],
        [46, 3],
      ],
    ])
  })

  it('count by broker: who leads, who holds, who has let a replica in', () => {
    expect(samplesOf('kafka_server_replicamanager_leadercount', '"broker-1"')).toEqual([
      [0, 1],
      [14.2, 0],
    ])
    expect(samplesOf('kafka_server_replicamanager_leadercount', '"broker-4"')).toEqual([
      [26.512, 1],
    ])
    const expands = samplesOf('kafka_server_replicamanager_isrexpands_total', '"broker-4"')
    expect(expands).toEqual([
      [26.512, 0],
      [46, 1],
    ])
    expect(samplesOf('kafka_server_replicamanager_isrexpandspersec', '"broker-4"')).toEqual(expands)
    expect(samplesOf('kafka_controller_kafkacontroller_preferredreplicaimbalancecount')).toEqual([
      [0, 0],
      [14.2, 1],
      [26.512, 1],
      [46, 1],
    ])
  })

  it('count elections from outside the in-sync set, as a real run has one', () => {
    const file = 'scenarios/q13-region-at-once.yaml'
    const scenario = scenarioOf(readFileSync(join(ROOT, file), 'utf8'), file)
    const result = run(scenario, '1')
    const lines = openMetricsReport([result]).split('\n')
    const name = 'kafka_controller_controllerstats_uncleanleaderelections_total{'
    const values = lines.filter((l) => l.startsWith(name)).map((l) => Number(l.split('} ')[1]?.[0]))
    const told = result.timeline.filter(({ text }) => text.includes(', RECOVERING'))
    expect(told.length).toBeGreaterThan(0)
    expect([values[0], values.at(-1)]).toEqual([0, told.length])
    expect(told.every(({ values: { unclean } }) => unclean === 1)).toBe(true)
  })

  it('do not sum over brokers what a result shows only in part', () => {
    const [view] = RESULT.partitions
    const [cluster] = RESULT.clusters
    const [topic] = cluster?.topics ?? []
    if (view === undefined || cluster === undefined || topic === undefined) throw new Error('none')
    const two = { ...topic, partitions: [...topic.partitions, ...topic.partitions] }
    const part = openMetricsReport([{ ...RESULT, clusters: [{ ...cluster, topics: [two] }] }])
    expect(part).not.toContain('replicamanager_leadercount')
    expect(part).toContain('kafka_topic_partition_leader{')
    expect(part).toMatch(/kafka_topic_partitions\{[^}]*topic="orders"\} 2 /)
  })

  it('tell where logs end, by broker, and the high watermark of the leader of the time', () => {
    const ends = samplesOf('kafka_log_log_logendoffset', '"broker-1"', ...PARTITION)
    expect(ends.slice(0, 3)).toEqual([
      [0, 0],
      [1, 410],
      [2, 820],
    ])
    const marks = samplesOf('kafka_topic_partition_current_offset', ...PARTITION)
    expect(marks.find(([at]) => at === 2)).toEqual([2, 804])
    expect(marks.filter(([at = 0]) => at > 14.2 && at < 26.512)).toEqual([])
    expect(marks.find(([at]) => at === 30)).toEqual([30, 6_263])
  })

  it('tell how far groups are, in both exporters’ words', () => {
    expect(samplesOf('kafka_consumergroup_lag', 'consumergroup="billing"', ...PARTITION)).toEqual([
      [60, 7],
    ])
    expect(samplesOf('kafka_consumergroup_lag_sum', 'topic="orders"')).toEqual([[60, 12]])
    expect(samplesOf('kafka_consumergroup_group_lag_seconds', 'partition="1"')).toEqual([[60, 1.5]])
    expect(samplesOf('kafka_consumergroup_group_max_lag_seconds', 'group="billing"')).toEqual([
      [60, 1.5],
    ])
    expect(samplesOf('kafka_consumergroup_current_offset', 'partition="1"')).toEqual([[60, 90]])
  })

  it('tell who leads the quorum under both spellings, and who is fenced', () => {
    for (const name of ['raft_metrics', 'raftmetrics']) {
      expect(samplesOf(`kafka_server_${name}_current_leader`)).toEqual([
        [0, 1],
        [14.2, -1],
        [17.8, 4],
      ])
    }
    const events = [
      ...[0, 1, 2].map((i) => brokerEvent(i, 0, 'registered', i + 1)),
      ...[0, 1, 2].map((i) => brokerEvent(3 + i, 100, 'unfenced', i + 1)),
      brokerEvent(6, 9_000, 'fenced', 2),
      brokerEvent(7, 12_000, 'unregistered', 2),
    ]
    const text = openMetricsReport([fixtureResult({ timeline: events })])
    const counts = (name: string) =>
      text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`))
        .map((line) => line.slice(line.indexOf('} ') + 2))
    expect(counts('kafka_controller_kafkacontroller_fencedbrokercount')).toEqual([
      ...['3 0', '0 0.1', '1 9', '0 12'],
    ])
    expect(counts('kafka_brokers')).toEqual(['0 0', '3 0.1', '2 9', '2 12'])
  })
})

function brokerEvent(id: number, atMs: number, change: string, broker: number) {
  return {
    ...{ id, atMs, actor: 'controller 1', kind: `broker-${change}`, text: '' },
    ...{ cause: null, partition: null, values: { broker } },
  }
}
