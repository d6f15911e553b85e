// Claim C6: the share of time in which writes went through.
//
// A partition is unavailable during its outages (outage.ts), whatever they come from; writes that
// were acknowledged and lost after a fault did not go through. The share is over partition-time:
// 1 - (sum of outages) / (partitions that carried load x length of the load). An outage that ends
// while the cluster settles counts as far as the load lasted.

import type { History } from '../history.ts'
import { ackFlows, loadPeriod } from './flows.ts'
import type { Availability } from './judgement.ts'
import type { Ledger } from './ledger.ts'
import { type Flow, type Outage, outagesOf, type Period } from './outage.ts'

/** @param flows of what was sent, by partition (flows.ts) */
export function availabilityOf(
  history: History,
  ledger: Ledger,
  flows: ReadonlyMap<number, Flow> = ackFlows(history, ledger),
): Availability {
  const period = loadPeriod(history)
  let unavailable = 0
  const byPartition: { partition: string; unavailableMs: number }[] = []
  for (const [partition, flow] of flows) {
    const out = outagesOf(flow, period).reduce((sum, outage) => sum + within(outage, period), 0)
    if (out === 0) continue
    unavailable += out
    byPartition.push({ partition: history.partitionName(partition), unavailableMs: out / 1_000 })
  }
  byPartition.sort((a, b) => b.unavailableMs - a.unavailableMs)
  const total = flows.size * (period.endAt - period.startAt)
  return {
    produceRatio: total === 0 ? 1 : 1 - unavailable / total,
    unavailableMs: unavailable / 1_000,
    byPartition,
  }
}

function within({ from, until }: Outage, { endAt }: Period): number {
  return Math.max(0, Math.min(until, endAt) - from)
}
