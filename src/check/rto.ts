// Claim: recovery time, counted from the fault and not from its detection.
//
// rto of a partition  end of its first outage after a fault (outage.ts) minus that fault. With
//                     several faults each has its own outage, and the longest is the figure.
//                     0 where nothing stopped; null where the outage outlived the load.
// detect  fault -> the first record or decision about it: the fencing of a broker in the
//         partition's in-sync set, or a change of the partition's registration.
// decide  the operator's time; 0 inside one cluster.
// elect   -> the change that let it go on: the last one before the end of the outage that names a
//         leader, and that leader's taking office where it was seen.
// Where another cluster took over instead, detect ends with the alarm, decide with the operator's
// act and elect with the promotion (failovers.ts). A partition goes on wherever its producers do
// (lines.ts).
// client  -> the first acknowledgement (produce) or the first new record (consume).
// headline  the worst partition; p50 and p95 are over all partitions that carried load.
// by client  the same rule on what each client saw, the worst of its partitions. Clients of a
//            leader that is cut off see nothing of an outage; the partition does. A gap in which
//            a client's own process, or every member of a group, was down is not counted, neither
//            here nor for its partitions.

import type { ConsumerClient } from '../history/facts.ts'
import type { History } from '../history.ts'
import { consumeFlows } from './consume-flows.ts'
import { type Deliveries, deliveriesOf } from './deliveries.ts'
import { marksOf } from './failovers.ts'
import { ackFlows, ackFlowsByClient, loadPeriod, wereAllDown } from './flows.ts'
import { groupNames } from './group-names.ts'
import type { Rto, RtoOfPartition, RtoSplit } from './judgement.ts'
import type { Ledger } from './ledger.ts'
import { type Flow, firstOutages, type Outage, outagesOf } from './outage.ts'
import { nearestRank } from './percentile.ts'
import { steadyMs } from './steady.ts'

/** A flow's worst outage after a fault, null where nothing stopped. */
interface Measured {
  readonly partition: number
  readonly outage: Outage | null
}

/**
 * @param sends of what was sent, by partition (flows.ts)
 * @param steady when the load ran as before (steady.ts), which both sides tell
 */
export function produceRto(
  history: History,
  ledger: Ledger,
  sends: ReadonlyMap<number, Flow> = ackFlows(history, ledger),
  steady: number | null = steadyMs(history, ledger.failovers),
): Rto {
  const period = loadPeriod(history)
  const measured = [...sends].map(([partition, flow]) => ({
    partition,
    outage: longest(firstOutages(outagesOf(flow, period))),
  }))
  const byClient = new Map<string, Outage | null>()
  for (const { client, flow } of ackFlowsByClient(history, ledger)) {
    const outage = longest(suffered(history, [client], firstOutages(outagesOf(flow, period))))
    byClient.set(client, longer(byClient.get(client) ?? null, outage))
  }
  return assemble(history, ledger, measured, byClient, steady)
}

/** As `produceRto`, of what groups were handed. */
export function consumeRto(
  history: History,
  ledger: Ledger,
  sends: ReadonlyMap<number, Flow> = ackFlows(history, ledger),
  deliveries: Deliveries = deliveriesOf(history),
  steady: number | null = steadyMs(history, ledger.failovers),
): Rto {
  const period = loadPeriod(history)
  const flows = consumeFlows(history, ledger, sends, deliveries)
  const byPartition = new Map<number, Outage | null>()
  const byGroup = new Map<string, Outage | null>()
  const nameOf = groupNames(history)
  for (const { group, partition, flow } of flows) {
    const isIn = (client: ConsumerClient) => nameOf(client.cluster, client.group) === group
    const members = history.consumers.filter(isIn).map(({ name }) => name)
    const outages = firstOutages(outagesOf(flow, period))
    const outage = longest(suffered(history, members, outages))
    byPartition.set(partition, longer(byPartition.get(partition) ?? null, outage))
    byGroup.set(group, longer(byGroup.get(group) ?? null, outage))
  }
  const measured = [...byPartition].map(([partition, outage]) => ({ partition, outage }))
  return assemble(history, ledger, measured, byGroup, steady)
}

function assemble(
  history: History,
  ledger: Ledger,
  measured: readonly Measured[],
  byClient: ReadonlyMap<string, Outage | null>,
  steady: number | null,
): Rto {
  const stopped = measured
    .flatMap(({ partition, outage }) => (outage === null ? [] : [{ partition, outage }]))
    .sort((a, b) => microsOf(b.outage) - microsOf(a.outage) || a.partition - b.partition)
  const byPartition = stopped.map(({ partition, outage }) =>
    ofPartition(history, ledger, partition, outage),
  )
  const worst = byPartition[0]
  const all = measured.map(({ outage }) => microsOf(outage)).sort((a, b) => a - b)
  return {
    ms: worst === undefined ? 0 : worst.ms,
    detectMs: worst === undefined ? 0 : worst.detectMs,
    decideMs: worst === undefined ? 0 : worst.decideMs,
    electMs: worst === undefined ? 0 : worst.electMs,
    clientMs: worst === undefined ? 0 : worst.clientMs,
    worst: worst?.partition ?? null,
    faultAtMs: worst?.faultAtMs ?? null,
    backAtMs: worst?.backAtMs ?? null,
    p50Ms: finiteMs(nearestRank(all, 0.5)),
    p95Ms: finiteMs(nearestRank(all, 0.95)),
    steadyMs: steady,
    byPartition,
    byClient: [...byClient].map(([client, outage]) => ({ client, ms: msOf(outage) })),
  }
}

function ofPartition(
  history: History,
  ledger: Ledger,
  partition: number,
  outage: Outage,
): RtoOfPartition {
  const faultAt = outage.fault?.from ?? outage.from
  return {
    partition: history.partitionName(partition),
    faultAtMs: faultAt / 1_000,
    backAtMs: outage.open ? null : outage.until / 1_000,
    ...(takenOver(history, ledger, partition, faultAt, outage) ??
      splitOf(history, partition, faultAt, outage)),
  }
}

/** The split of an outage in which another cluster took over; null where none did. */
function takenOver(
  history: History,
  { failovers }: Ledger,
  partition: number,
  faultAt: number,
  { until, open }: Outage,
): RtoSplit | null {
  const failover = failovers.find(
    ({ homes, promotedAt }) => homes.has(partition) && promotedAt > faultAt && promotedAt <= until,
  )
  if (failover === undefined) return null
  const { promotedAt } = failover
  const { detectMs, decideMs, executeMs } = marksOf(history, { faultAt, promotedAt })
  const parts = { detectMs, decideMs, electMs: executeMs }
  if (open) return { ms: null, ...parts, clientMs: null }
  return { ms: (until - faultAt) / 1_000, ...parts, clientMs: (until - promotedAt) / 1_000 }
}

function splitOf(history: History, partition: number, faultAt: number, outage: Outage): RtoSplit {
  const detectedAt = firstDecisionAt(history, partition, faultAt, outage.until)
  const electedAt = lastElectionAt(history, partition, faultAt, outage.until)
  const detectMs = detectedAt === null ? null : (detectedAt - faultAt) / 1_000
  if (outage.open) {
    return { ms: null, detectMs, decideMs: null, electMs: null, clientMs: null }
  }
  const ms = (outage.until - faultAt) / 1_000
  if (detectedAt === null || electedAt === null) {
    const undecided = { ms, detectMs, decideMs: null, electMs: null, clientMs: null }
    return movedByPeople(history, faultAt, outage) ?? undecided
  }
  const electEnd = Math.max(detectedAt, electedAt)
  return {
    ms,
    detectMs,
    decideMs: 0,
    electMs: (electEnd - detectedAt) / 1_000,
    clientMs: (outage.until - electEnd) / 1_000,
  }
}

/**
 * The split of an outage that a runbook ended where no link knows of it: a name that leads
 * elsewhere, clients that are moved. Its last act before the end is what they came back by. Null
 * where there was none.
 */
function movedByPeople(history: History, faultAt: number, { until }: Outage): RtoSplit | null {
  const between = history.events.filter(({ at }) => at > faultAt && at <= until)
  const alarm = between.find(({ kind }) => kind === 'alarm')
  const acted = between.findLast(({ kind }) => kind === 'operator')
  if (alarm === undefined || acted === undefined || acted.at < alarm.at) return null
  const { detectMs, decideMs, executeMs } = marksOf(history, { faultAt, promotedAt: acted.at })
  const clientMs = (until - acted.at) / 1_000
  return { ms: (until - faultAt) / 1_000, detectMs, decideMs, electMs: executeMs, clientMs }
}

function firstDecisionAt(
  history: History,
  partition: number,
  faultAt: number,
  until: number,
): number | null {
  const isr = inSyncAt(history, partition, faultAt)
  const fence = history.brokerChanges.find(
    (c) => c.change === 'fenced' && isr.includes(c.broker) && c.at >= faultAt && c.at <= until,
  )
  const change = history.partitionChanges.find(
    (c) => c.partition === partition && c.at >= faultAt && c.at <= until,
  )
  if (fence === undefined) return change?.at ?? null
  return Math.min(fence.at, change?.at ?? fence.at)
}

function inSyncAt(history: History, partition: number, at: number): readonly number[] {
  let isr: readonly number[] = history.partitions[partition]?.replicas ?? []
  for (const change of history.partitionChanges) {
    if (change.partition === partition && change.at < at) isr = change.isr
  }
  return isr
}

function lastElectionAt(
  history: History,
  partition: number,
  faultAt: number,
  until: number,
): number | null {
  const change = history.partitionChanges.findLast(
    (c) => c.partition === partition && c.leader >= 0 && c.at >= faultAt && c.at <= until,
  )
  if (change === undefined) return null
  const offices = history.leaderships.columnsByName()
  for (let row = 0; row < offices.at.length; row++) {
    const at = offices.at[row] ?? 0
    if (offices.partition[row] !== partition || at < change.at || at > until) continue
    const isSame = offices.leaderEpoch[row] === change.leaderEpoch
    if (isSame && offices.broker[row] === change.leader) return at
  }
  return change.at
}

/** Outages that met clients whose own processes ran. */
function suffered(
  history: History,
  clients: readonly string[],
  outages: readonly Outage[],
): Outage[] {
  return outages.filter(({ from, until }) => !wereAllDown(history, clients, from, until))
}

function longest(outages: readonly Outage[]): Outage | null {
  return outages.reduce<Outage | null>(longer, null)
}

function longer(a: Outage | null, b: Outage | null): Outage | null {
  return microsOf(b) > microsOf(a) ? b : a
}

/** Micros from fault to recovery; 0 without an outage, infinite while it lasts. */
function microsOf(outage: Outage | null): number {
  if (outage === null) return 0
  if (outage.open) return Number.POSITIVE_INFINITY
  return outage.until - (outage.fault?.from ?? outage.from)
}

function msOf(outage: Outage | null): number | null {
  return finiteMs(microsOf(outage))
}

function finiteMs(micros: number | null): number | null {
  return micros === null || !Number.isFinite(micros) ? null : micros / 1_000
}
