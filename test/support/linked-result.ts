// A result of two clusters and their link, judged from a few records.

import { judge } from '../../src/check/verdict.ts'
import type { RunResult } from '../../src/contract.ts'
import { A_ORDERS, B_ORDERS, TinyClusters } from '../check/tiny-clusters.ts'
import { fixtureResult } from './fixture-result.ts'

/** A link that lost ten records of twenty when B took over from A at 2 s. */
export function linkedResult(changes: Partial<RunResult> = {}): RunResult {
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
  return fixtureResult({ links: links.slice(0, 1), groups, ...changes })
}
