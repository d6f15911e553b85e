import { describe, expect, it } from 'vitest'
import { judge } from '../../src/check/verdict.ts'
import type { RunResult } from '../../src/contract.ts'
import { linkRows } from '../../src/report/links.ts'
import { markdownReport } from '../../src/report/markdown.ts'
import { openMetricsReport } from '../../src/report/openmetrics.ts'
import { PLAIN } from '../../src/report/palette.ts'
import { textReport } from '../../src/report/text.ts'
import { A_ORDERS, B_ORDERS, TinyClusters } from '../check/tiny-clusters.ts'
import { fixtureResult } from '../support/fixture-result.ts'

/** A link that lost ten records of twenty when B took over from A at 2 s. */
function judged(): RunResult {
  const tiny = new TinyClusters()
  for (const [n, ackedMs] of [100, 400].entries()) {
    const batch = { first: 10 * n, count: 10, offset: 10 * n }
    tiny.produced({ ...batch, doneMs: ackedMs, bytes: 1_000 })
    tiny.copied(A_ORDERS, batch, ackedMs - 4)
  }
  tiny.copied(B_ORDERS, { first: 0, count: 10, offset: 0 }, 150)
  tiny.read(0, A_ORDERS, { first: 0, count: 10, offset: 0 }, 200)
  tiny.promoted('A->B', [B_ORDERS], 2_000, tiny.fault(500))
  tiny.produced({ first: 0, count: 5, stream: 1, doneMs: 3_000 })
  tiny.read(1, B_ORDERS, { first: 6, count: 4, offset: 6 }, 3_500)
  tiny.history.groupChanges.push({
    ...{ cluster: 'A', group: 'billing', change: 'joined', at: 0 },
  })
  tiny.ends(A_ORDERS, [[0, 20]])
  tiny.ends(B_ORDERS, [
    [0, 10],
    [0, 5, 1],
  ])
  const { links, groups } = judge(tiny.over(5_000), [])
  return fixtureResult({ links: links.slice(0, 1), groups })
}

const ROWS = [
  ['A->B', 'cluster-link, A to B: 10 records copied'],
  ['  send to target', 'p50 60 ms, p99 60 ms, max 60 ms'],
  ['  log to log', 'p50 54 ms, p99 54 ms, max 54 ms'],
  ['  once acknowledged', 'p50 50 ms, p99 50 ms, max 50 ms'],
  ['  send to a reader', 'p50 20 ms, p99 20 ms, max 20 ms'],
  ['  behind', 'at most 10 records, for up to 1.600 s'],
  ['  at the fault', '10 of 20 records were not there, 1.0 kB, window 100 ms, age 300 ms'],
  ['  when the load ended', '10 of 20 records were not there, 1.0 kB, window 4.600 s, age 300 ms'],
  ['  promoted at 2.000 s', '10 of 20 records were not there, 1.0 kB, window 100 ms, age 300 ms'],
  ['  of the missing', '0 came late, 10 only with the old primary, 0 gone'],
  [
    '  took over',
    '2.500 s = detect 1.500 s + decide 0 ms + execute 0 ms + client 1.000 s, ' +
      '2.600 s without writes',
  ],
  ['  the old log has more', '10 records, 0 truncated since'],
  ['group billing', 'went on in B:orders-0 at 6, where 10 was right: 4 records again, 0 skipped'],
  ['between regions', '63.8 MB; $1,940 a month at list price'],
]

describe('what links did', () => {
  it('is told in words', () => {
    expect(linkRows(judged())).toEqual(ROWS)
  })

  it('stands in the text and in Markdown, and in neither without links', () => {
    const text = textReport(judged(), PLAIN)
    expect(text).toContain('\nLinks\n  A->B                    cluster-link, A to B: 10 records')
    expect(markdownReport(judged())).toContain('## Links\n\n| Link | What it did |\n')
    expect(textReport(fixtureResult(), PLAIN)).not.toContain('Links')
    expect(markdownReport(fixtureResult())).not.toContain('## Links')
  })

  it('is exported: what was missing at the fault, at the promotion and at the end', () => {
    const lines = openMetricsReport([judged()]).split('\n')
    const of = (name: string) => lines.filter((line) => line.startsWith(`highwater_link_${name}{`))
    const moments = of('rpo_records').map((line) => /when="([^"]+)"\} (\S+)/.exec(line)?.slice(1))
    expect(moments).toEqual([
      ['fault', '10'],
      ['promotion', '10'],
      ['load-end', '10'],
    ])
    expect(of('latency_seconds')).toHaveLength(12)
    expect(of('rpo_window_seconds')[0]).toContain(' 0.1 ')
  })
})
