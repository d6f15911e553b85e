// What the links between clusters did: how long they took, how far their targets were behind when
// it mattered, and what each failover missed.

import type { Link } from '../../history/facts.ts'
import { type History, RECORDS_PER_STREAM } from '../../history.ts'
import { firstFaultAt } from '../first-fault.ts'
import { type Intervals, RangeBag } from '../intervals.ts'
import { LeaderLogs } from '../leader-log.ts'
import { countedLogs, type Ledger } from '../ledger.ts'
import { judgeFailover } from './failover.ts'
import type { LinkJudgement, LinkPoint } from './judgement.ts'
import { lagMaxOf } from './lag.ts'
import { linkLatency } from './link-latency.ts'
import { passedOver } from './passed-over.ts'
import { LinkPaths, type Path } from './path.ts'
import type { Piece } from './piece.ts'
import { ackedPieces, pointAt, predictedAt } from './point.ts'

/** In the order of the scenario; nothing is read of a run without links. */
export function linksOf(
  history: History,
  ledger: Ledger,
  paths: LinkPaths = new LinkPaths(history),
): LinkJudgement[] {
  if (history.links.length === 0) return []
  const logs = new LeaderLogs(history)
  return history.links.map((link) => judgeLink(history, ledger, logs, paths.of(link)))
}

function judgeLink(history: History, ledger: Ledger, logs: LeaderLogs, path: Path): LinkJudgement {
  const { link } = path
  const acked = ackedPieces(path.pieces)
  const at = (instant: number) => behindAt(history, logs, link, acked, instant)
  const faultAt = firstFaultAt(history)
  return {
    ...{ link: link.name, system: link.system, from: link.from, to: link.to },
    copied: path.copied,
    latency: linkLatency(history, path),
    lag: lagMaxOf(history, acked),
    atFault: faultAt === null ? null : at(faultAt),
    atLoadEnd: at(history.loadEndAt),
    predicted: faultAt === null ? null : predictedAt(history, acked, faultAt),
    failovers: ledger.failovers
      .filter((failover) => failover.link === link)
      .map((failover) => judgeFailover(history, ledger, logs, acked, failover)),
    neverCopied: neverCopied(history, acked),
    passedOver: passedOver(history, acked),
    ...onOneSide(history, path),
  }
}

/** What had been acknowledged by an instant and was in no log of the target. */
function behindAt(
  history: History,
  logs: LeaderLogs,
  { to }: Link,
  acked: readonly Piece[],
  at: number,
): LinkPoint {
  const until = acked.findIndex(({ ackedAt }) => ackedAt > at)
  const byThen = until < 0 ? acked : acked.slice(0, until)
  const bag = new RangeBag()
  for (const { firstRecordId, count } of byThen) bag.add(firstRecordId, count)
  const missing = bag.covered().minus(logs.ofCluster(to, at))
  return pointAt(history, byThen, missing, { at, faultAt: at })
}

function neverCopied(history: History, acked: readonly Piece[]): string[] {
  const arrived = new Set<number>()
  for (const { partition, copiedAt } of acked) if (Number.isFinite(copiedAt)) arrived.add(partition)
  const sources = new Set(acked.map(({ partition }) => partition))
  return [...sources]
    .filter((partition) => !arrived.has(partition))
    .sort((a, b) => a - b)
    .map((partition) => history.partitionName(partition))
}

/** Where the two sides differ in the end, in what the source's clients wrote. */
function onOneSide(
  history: History,
  { link, streams }: Path,
): { onlyAtSource: number; onlyAtTarget: number } {
  const source = endOf(history, link.from, streams)
  const target = endOf(history, link.to, streams)
  return {
    onlyAtSource: source.minus(target).size,
    onlyAtTarget: target.minus(source).size,
  }
}

function endOf(history: History, cluster: string, streams: ReadonlySet<number>): Intervals {
  const bag = new RangeBag()
  for (const log of countedLogs(history)) {
    if (history.partitions[log.partition]?.cluster !== cluster) continue
    for (const { firstRecordId, count } of log.ranges) {
      const stream = Math.floor(firstRecordId / RECORDS_PER_STREAM)
      if (streams.has(stream)) bag.add(firstRecordId, count)
    }
  }
  return bag.covered()
}
