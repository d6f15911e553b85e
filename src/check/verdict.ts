// The judge: a history and the promises in, a judgement out. The lab lets the cluster settle after
// the load before it asks.

import type { History } from '../history.ts'
import { availabilityOf } from './availability.ts'
import { consumerViewOf, readerViews } from './consumer-view.ts'
import { deliveriesOf } from './deliveries.ts'
import { divergenceOf } from './divergence.ts'
import { egressOf } from './egress.ts'
import { fatesOf } from './fates.ts'
import { firstFaultAt } from './first-fault.ts'
import { ackFlows } from './flows.ts'
import { groupsOf } from './groups.ts'
import type { Judgement, Objective, Verdict } from './judgement.ts'
import { endToEndLatency, produceLatency } from './latency.ts'
import { buildLedger } from './ledger.ts'
import { conflictsOf } from './links/conflicts.ts'
import { linksOf } from './links/links.ts'
import { LinkPaths } from './links/path.ts'
import { judgeObjectives } from './objectives.ts'
import { planesOf } from './planes.ts'
import { regionLags } from './region-lag.ts'
import { repeatedRanges } from './repeats.ts'
import { residencyOf } from './residency.ts'
import { rpoOf } from './rpo.ts'
import { consumeRto, produceRto } from './rto.ts'
import { steadyMs } from './steady.ts'

/** A bad run repeats whole batches: nobody reads more of them than that. */
const REPEATED_RANGES_MAX = 100

/** Judges a finished run; reads nothing but its arguments. */
export function judge(
  history: History,
  objectives: readonly Objective[],
  paths: LinkPaths = new LinkPaths(history),
): Judgement {
  const ledger = buildLedger(history)
  const sends = ackFlows(history, ledger)
  const deliveries = deliveriesOf(history)
  const steady = steadyMs(history, ledger.failovers)
  const rto = {
    produce: produceRto(history, ledger, sends, steady),
    consume: consumeRto(history, ledger, sends, deliveries, steady),
  }
  const readers = readerViews(history, deliveries)
  const measures = {
    rpo: rpoOf(history, ledger),
    rto,
    planes: planesOf(history, rto.produce, rto.consume),
    fates: fatesOf(history, ledger),
    repeatedRanges: repeatedRanges(history, REPEATED_RANGES_MAX),
    latency: { produce: produceLatency(history), endToEnd: endToEndLatency(history, deliveries) },
    availability: availabilityOf(history, ledger, sends),
    consumerView: consumerViewOf(ledger, readers),
    groups: groupsOf(history, ledger, readers, deliveries),
    regionLags: regionLags(history, ledger, deliveries),
    divergence: divergenceOf(history),
    egress: egressOf(history),
    residency: residencyOf(history),
    links: linksOf(history, ledger, paths),
    conflicts: conflictsOf(history, paths),
  }
  const faultAt = firstFaultAt(history)
  const sinceFault = faultAt === null ? 0 : Math.max(0, history.loadEndAt - faultAt) / 1_000
  const results = judgeObjectives(objectives, measures, { sinceFault })
  return { verdict: worstVerdict(results.map((r) => r.verdict)), objectives: results, ...measures }
}

/** Missed before unknown before met; met where nothing was promised. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('missed')) return 'missed'
  return verdicts.includes('unknown') ? 'unknown' : 'met'
}
