import type { RunResult } from '../contract.ts'
import { count, duration } from './quantity.ts'

/** What the run measured, in a sentence that answers a stranger's two questions. */
export function answerLine(result: RunResult): string {
  const { rpo, fates } = result
  if (rpo.acked === 0 && fates.sent > 0) {
    return `Not one of ${count(fates.sent)} records was acknowledged: there is nothing to lose.`
  }
  return [lossSentence(result), outageSentence(result), ...conflictSentence(result)].join(' ')
}

/** Where the same objects are written in several places, that is the price, and not loss. */
function conflictSentence({ conflicts }: RunResult): string[] {
  if (conflicts.length === 0) return []
  const crossed = conflicts.reduce((sum, one) => sum + one.crossed, 0)
  const places = [...new Set(conflicts.flatMap(({ between }) => between))].join(' and ')
  return [`${count(crossed)} pairs of writes to one key crossed between ${places}.`]
}

function lossSentence({ rpo }: RunResult): string {
  const acked = `${count(rpo.acked)} acknowledged records`
  if (rpo.records === 0) {
    const but = rpo.undecided.length === 0 ? '' : ` so far (no leader: ${rpo.undecided.join(', ')})`
    return `None of ${acked} is lost${but}.`
  }
  return `${count(rpo.records)} of ${acked} ${rpo.records === 1 ? 'is' : 'are'} lost.`
}

function outageSentence({ rto, clock }: RunResult): string {
  if (clock.faultAtMs === null) return 'No fault struck.'
  const { produce } = rto
  if (produce.ms === 0) return 'Writes never stopped.'
  if (produce.ms === null) return 'Writes had not come back when the load ended.'
  return `Writes came back ${duration(produce.ms)} after the fault.`
}
