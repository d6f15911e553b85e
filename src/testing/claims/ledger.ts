import { RangeBag } from '../../check/intervals.ts'
import { buildLedger } from '../../check/ledger.ts'
import { RECORDS_PER_STREAM } from '../../history.ts'
import type { ObservedRun } from '../observed-run.ts'
import { broken, type Claim } from './claim.ts'

/** Bookkeeping: fates are counted by different roads, and all must arrive at the same sums. */
export const ledgerAddsUp: Claim = {
  name: 'ledger-adds-up',
  says: 'every record that was sent has one fate, and no log holds one that nobody sent',
  check(run) {
    const { fates, rpo, consumerView } = run.result
    const told = fates.acked + fates.failed + fates.unknown + fates.pending
    return broken(
      [told === fates.sent, `${fates.sent} records were sent, ${told} have a fate`],
      [
        fates.safe + fates.delayed + fates.lost === fates.acked,
        `${fates.acked} acknowledged are not ${fates.safe} + ${fates.delayed} + ${fates.lost}`,
      ],
      [fates.lost === rpo.records, `${fates.lost} lost, but an RPO of ${rpo.records}`],
      [sumOf(rpo.byPartition.map((p) => p.records)) === rpo.records, 'partitions lost another sum'],
      [
        fates.failedButPresent + fates.failedAbsent === fates.failed &&
          fates.unknownButPresent + fates.unknownAbsent === fates.unknown,
        'what was not acknowledged is neither present nor absent',
      ],
      [toldTwice(run) === 0, `${toldTwice(run)} records were given two fates`],
      [strangers(run) === 0, `${strangers(run)} records stand in a log and were never sent`],
      [
        consumerView.delivered === sumOf(run.history.delivered.column('count')),
        'the consumers were handed another number of records',
      ],
    )
  },
}

function toldTwice({ history }: ObservedRun): number {
  const bag = new RangeBag()
  const firsts = history.produced.column('firstRecordId')
  const counts = history.produced.column('count')
  for (let i = 0; i < firsts.length; i++) bag.add(firsts[i] ?? 0, counts[i] ?? 0)
  return bag.surplus()
}

/** What Kafka, Connect and replicators write for themselves has numbers of its own. */
function strangers({ history }: ObservedRun): number {
  const { surviving, sent } = buildLedger(history)
  return surviving.minus(sent).countIn(0, history.streams.length * RECORDS_PER_STREAM)
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0
  for (const number of numbers) sum += number
  return sum
}
