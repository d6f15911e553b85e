import { describe, expect, it } from 'vitest'
import { replayLine } from '../../src/lab/replay-line.ts'
import { csvReport } from '../../src/report/csv.ts'
import { jsonReport } from '../../src/report/json.ts'
import { junitReport } from '../../src/report/junit.ts'
import { markdownReport } from '../../src/report/markdown.ts'
import { openMetricsReport } from '../../src/report/openmetrics.ts'
import { summarizeRuns } from '../../src/report/summary.ts'
import { causesOf, lifeText, whyText } from '../../src/report/why.ts'
import { fixtureResult } from '../support/fixture-result.ts'

const withVerdicts = () => {
  const { objectives } = fixtureResult()
  const [first, second] = objectives
  if (first === undefined || second === undefined) throw new Error('the fixture has two objectives')
  return fixtureResult({
    verdict: 'missed',
    objectives: [
      { ...first, measured: 7, verdict: 'missed', evidence: '7 <gone> & "lost"' },
      { ...second, measured: null, verdict: 'unknown', evidence: 'not over' },
    ],
  })
}

describe('JSON', () => {
  it('holds the whole result and begins with what a reader looks for', () => {
    const result = fixtureResult()
    const text = jsonReport(result)
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(result)))
    expect(Object.keys(JSON.parse(text)).slice(0, 8)).toEqual([
      ...['schemaVersion', 'scenario', 'seed', 'digest', 'verdict', 'objectives', 'rpo', 'rto'],
    ])
    expect(text.endsWith('}\n')).toBe(true)
  })

  it('of several runs is one document with their summary', () => {
    const runs = [fixtureResult(), fixtureResult({ seed: '81724' })]
    const parsed = JSON.parse(jsonReport({ runs, summary: summarizeRuns(runs) }))
    expect(Object.keys(parsed)).toEqual(['runs', 'summary'])
    expect(parsed.summary.seeds).toEqual(['81723', '81724'])
  })
})

describe('CSV', () => {
  it('has a row an instant, a column a series and nothing where there is no value', () => {
    const values = [1, null]
    const series = [
      { id: 'a', label: 'a', unit: 'ms' as const, values },
      { id: 'odd, "b"', label: 'b', unit: 'records' as const, values: [0.5, 2] },
    ]
    const grid = { startMs: 500, stepMs: 250, points: 2, series }
    expect(csvReport(fixtureResult({ series: grid }))).toBe(
      'seconds,a (ms),"odd, ""b"" (records)"\r\n0.5,1,0.5\r\n0.75,,2\r\n',
    )
  })
})

describe('JUnit', () => {
  it('has a case an objective; missed fails, unknown is an error, both say how to replay', () => {
    const text = junitReport([withVerdicts()])
    expect(text).toContain('<testsuites name="highwater" tests="2" failures="1" errors="1"')
    expect(text).toContain(
      'name="rpo.records ≤ 0"><failure type="missed" ' +
        'message="measured 7: 7 &lt;gone&gt; &amp; &quot;lost&quot;">' +
        'highwater run q05-active-controller-region --seed 81723</failure></testcase>',
    )
    expect(text).toContain('<error type="unknown" message="measured –: not over">')
  })

  it('has one case for a run that promises nothing', () => {
    const text = junitReport([fixtureResult({ objectives: [] }), fixtureResult()])
    expect(text).toContain('tests="3" failures="0" errors="0" time="120"')
    expect(text).toContain('name="runs to its end"/>')
  })
})

describe('OpenMetrics', () => {
  const lines = openMetricsReport([fixtureResult(), fixtureResult({ seed: '2' })], 1_000).split(
    '\n',
  )

  it('names what Kafka names and keeps its own prefix for the rest', () => {
    const names = lines.filter((l) => l.startsWith('# TYPE')).map((l) => l.split(' ')[2] ?? '')
    expect(names).toContain('kafka_server_replicamanager_underminisrpartitioncount')
    expect(names).toContain('kafka_controller_kafkacontroller_activecontrollercount')
    expect(names.filter((n) => !/^(?:kafka|highwater)_[a-z0-9_]+$/.test(n))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
  })

  it('keeps a family together, in the order of time, and ends with the mark', () => {
    expect(lines.slice(-2)).toEqual(['# EOF', ''])
    const samples = lines.filter((l) => l !== '' && !l.startsWith('#'))
    const order = [...new Set(samples.map((l) => l.slice(0, l.indexOf('{'))))]
    const inOrder = samples.map((l) => order.indexOf(l.slice(0, l.indexOf('{'))))
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b))
    const last = new Map<string, number>()
    for (const line of samples) {
      const [name = '', , at] = line.split(' ')
      expect(Number(at)).toBeGreaterThanOrEqual(last.get(name) ?? 0)
      last.set(name, Number(at))
    }
  })

  it('stamps seconds of the run on top of the given epoch', () => {
    expect(lines).toContain(
      'highwater_rto_seconds{scenario="q05-active-controller-region",seed="81723",' +
        'direction="produce",segment="detect"} 12.312 1060',
    )
  })
})

describe('Markdown', () => {
  it('is a page with tables that keep their columns', () => {
    const text = markdownReport(withVerdicts())
    expect(text).toContain('# q05-active-controller-region: missed\n')
    expect(text).toContain('| `rto.produce` | ≤ 15 s | – | **unknown** | not over |\n')
    expect(text).toContain('| produce | 14.704 s | 12.312 s | 0 ms | 105 ms | 2.287 s |\n')
    expect(text).toContain('```sh\nhighwater run q05-active-controller-region --seed 81723\n```\n')
  })
})

describe('the replay line', () => {
  it('is one shell command, quoted where a shell would split or expand', () => {
    expect(replayLine('q05', '81723')).toBe('highwater run q05 --seed 81723')
    expect(replayLine('my file.yaml', "it's")).toBe(
      `highwater run 'my file.yaml' --seed 'it'\\''s'`,
    )
    expect(replayLine('q05', '-1', 41_200)).toBe("highwater run q05 --seed '-1' --until 41200ms")
  })
})

describe('why', () => {
  it('walks from an event to the fault, and says how long each step took', () => {
    expect(causesOf(fixtureResult(), 3).map((event) => event.id)).toEqual([0, 1, 2, 3])
    expect(whyText(fixtureResult(), 1)).toBe(
      '   14.200 s  fault: us-east-1 lost\n' +
        '   17.800 s  controller 4: active controller 1 → 4, epoch 2 → 3  (+3.600 s)\n',
    )
    expect(whyText(fixtureResult(), 99)).toBe('')
  })

  it('tells a record’s life, with the truncation and what led to it', () => {
    const moments = [{ atMs: 12_500.25, text: 'sent by shop to orders-0' }]
    const place = 'in no surviving log'
    expect(lifeText(fixtureResult(), { moments, cause: 0, place })).toBe(
      '   12.500 s  sent by shop to orders-0\n' +
        'what took it:\n' +
        '   14.200 s  fault: us-east-1 lost\n' +
        'in the end: in no surviving log\n',
    )
    const alive = lifeText(fixtureResult(), { moments, cause: null, place: 'at offset 7' })
    expect(alive).toContain('s  sent by shop to orders-0\nin the end: at offset 7\n')
  })
})
