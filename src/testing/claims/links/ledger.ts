import { RangeBag } from '../../../check/intervals.ts'
import type { LinkJudgement } from '../../../check/links/judgement.ts'
import { OK } from '../../../history.ts'
import { takenBy } from '../../../scenario/resolve/links/remote-topics.ts'
import { homeOf } from '../../linked/copies.ts'
import type { ObservedRun } from '../../observed-run.ts'
import { broken, type Claim } from '../claim.ts'

/** What the judge says of links is counted again from the rows themselves. */
export const linkLedgerAddsUp: Claim = {
  name: 'link-ledger-adds-up',
  says: 'of a link, what was acknowledged is what arrived and what is missing',
  check(run) {
    const { links } = run.result
    if (links.length === 0) return null
    return links.flatMap((link) => [...sums(run, link), ...arrivals(run, link)])
  },
}

function sums({ history }: ObservedRun, link: LinkJudgement): string[] {
  const { copied, atFault, atLoadEnd, neverCopied, onlyAtSource } = link
  const points = atFault === null ? [atLoadEnd] : [atFault, atLoadEnd]
  const split = points.find(({ records, byPartition }) => {
    return byPartition.reduce((sum, one) => sum + one.records, 0) !== records
  })
  const names = new Set(history.partitions.map(({ index }) => history.partitionName(index)))
  return broken(
    [copied.again <= copied.records, `${link.link} copied again more than it copied`],
    [split === undefined, `${link.link}: partitions miss another sum than ${split?.records}`],
    [
      points.every(({ records, acked }) => records <= acked),
      `${link.link} misses more than was acknowledged`,
    ],
    [neverCopied.every((name) => names.has(name)), `${link.link} never copied what is not there`],
    [onlyAtSource >= 0, `${link.link}: ${onlyAtSource} records stand at the source alone`],
  )
}

/**
 * Only of links whose source has no copies, where every acknowledgement is of the source, and that
 * leave nothing out on purpose.
 */
function arrivals({ history, scenario }: ObservedRun, judged: LinkJudgement) {
  const { link, from, to, atLoadEnd } = judged
  const spec = scenario.links.find(({ name }) => name === link)
  const isPlain = history.links.every((other) => other.to !== from) && !isCut(history, to)
  if (spec === undefined || !isPlain || history.filtered.length > 0) return []
  const takes = takenBy(spec)
  const clusterOf = (partition: number) => history.partitions[partition]?.cluster
  const isTaken = (partition: number) => {
    const { cluster = '', topic = '' } = history.partitions[partition] ?? {}
    return cluster === from && takes(topic)
  }
  const acked = new RangeBag()
  let count = 0
  for (const { partition, outcome, doneAt, firstRecordId, count: n } of history.produced) {
    if (outcome !== OK || doneAt > history.loadEndAt || !isTaken(partition)) continue
    acked.add(firstRecordId, n)
    count += n
  }
  const arrived = new RangeBag()
  for (const { partition, firstRecordId, count: n, at } of history.appends) {
    if (at > history.loadEndAt || clusterOf(partition) !== to) continue
    if (isTaken(homeOf(history, firstRecordId))) arrived.add(firstRecordId, n)
  }
  const missing = acked.covered().minus(arrived.covered()).size
  return broken(
    [atLoadEnd.acked === count, `${link}: ${count} were acknowledged, not ${atLoadEnd.acked}`],
    [atLoadEnd.records === missing, `${link}: ${missing} are missing, not ${atLoadEnd.records}`],
  )
}

/** What a leader appended was taken away again somewhere, by another leader or by a disk. */
function isCut(
  { truncations, partitions, diskLosses }: ObservedRun['history'],
  cluster: string,
): boolean {
  const cut = [...truncations.column('partition')]
  return (
    diskLosses.length > 0 || cut.some((partition) => partitions[partition]?.cluster === cluster)
  )
}
