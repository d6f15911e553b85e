import { describe, expect, it } from 'vitest'
import { linkRows } from '../../src/report/links.ts'
import { markdownReport } from '../../src/report/markdown.ts'
import { openMetricsReport } from '../../src/report/openmetrics.ts'
import { PLAIN } from '../../src/report/palette.ts'
import { textReport } from '../../src/report/text.ts'
import { fixtureResult } from '../support/fixture-result.ts'
import { linkedResult } from '../support/linked-result.ts'

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
]

describe('what links did', () => {
  it('is told in words', () => {
    expect(linkRows(linkedResult())).toEqual(ROWS)
  })

  it('says what never comes, the worst partitions by name', () => {
    const result = linkedResult()
    const byPartition = [40, 30, 20, 10].map((records, number) => {
      return { partition: `A:orders-${number}`, records }
    })
    const links = result.links.map((link) => {
      return { ...link, passedOver: { records: 100, byPartition } }
    })
    const named = '40 of A:orders-0, 30 of A:orders-1, 20 of A:orders-2 and 1 more'
    expect(linkRows({ ...result, links })).toContainEqual([
      '  passed over',
      `100 records for good: ${named}`,
    ])
  })

  it('says where a group stands still on the side that took over, and nowhere else', () => {
    const result = linkedResult()
    const lag = { records: 30, ageMs: 0, recordsMax: 30, ageMsMax: 0, committed: 1_200 }
    const lags = ['A:orders-0', 'B:orders-0', 'B:orders-1'].map((partition) => {
      const state = partition === 'B:orders-1' ? ('ok' as const) : ('stalled' as const)
      return { ...lag, partition, state }
    })
    const groupRows = (isMoved: boolean) => {
      const groups = result.groups.map((group) => {
        return { ...group, lags, moves: isMoved ? group.moves : [] }
      })
      return linkRows({ ...result, groups }).filter(([name]) => name === 'group billing')
    }
    expect(groupRows(false)).toEqual([
      ['group billing', 'stands still in B:orders-0 at 1,200: 30 records behind in the end'],
    ])
    expect(groupRows(true)).toEqual([ROWS.at(-1)])
  })

  it('is not told of the groups of replicators, whose reading nobody follows', () => {
    const result = linkedResult()
    const groups = result.groups.map((group) => ({ ...group, kind: 'replicator' as const }))
    const lines = textReport({ ...result, groups }, PLAIN).split('\n')
    const at = lines.indexOf('Groups of replicators and services')
    expect(lines[at + 1]?.trim()).toBe('rebalances    in  members out')
    expect(lines[at + 2]).toContain('billing')
  })

  it('stands in the text and in Markdown, and in neither without links', () => {
    const text = textReport(linkedResult(), PLAIN)
    expect(text).toContain('\nLinks\n  A->B                    cluster-link, A to B: 10 records')
    expect(markdownReport(linkedResult())).toContain('## Links\n\n| Link | What it did |\n')
    expect(textReport(fixtureResult(), PLAIN)).not.toContain('Links')
    expect(markdownReport(fixtureResult())).not.toContain('## Links')
  })

  it('is exported: what was missing at the fault, at the promotion and at the end', () => {
    const lines = openMetricsReport([linkedResult()]).split('\n')
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
