import type { ObjectiveResult } from '../../contract.ts'
import { isKeyOf } from '../../sim/closed-table.ts'
import type { ObservedRun } from '../observed-run.ts'
import type { Claim } from './claim.ts'

/** Unknown is an outcome, and no excuse: it needs something that was left undecided. */
export const unknownIsUndecided: Claim = {
  name: 'unknown-is-undecided',
  says: 'a verdict is unknown only where the run ended before it was decided',
  check(run) {
    const { objectives, verdict } = run.result
    if (objectives.length === 0) return verdict === 'met' ? [] : [`${verdict} without a promise`]
    return objectives.flatMap((objective) => {
      const isUnknown = objective.verdict === 'unknown'
      if (!isUnknown) return decidedRightly(objective)
      return isOpen(run, objective.id) ? [] : [`${objective.id} is unknown: ${objective.evidence}`]
    })
  },
}

function decidedRightly({ id, measured, limit, comparison, verdict }: ObjectiveResult): string[] {
  if (measured === null) return verdict === 'missed' ? [] : [`${id} is ${verdict} and not measured`]
  const isKept = comparison === 'at-most' ? measured <= limit : measured >= limit
  return isKept === (verdict === 'met') ? [] : [`${id}: ${measured} and yet ${verdict}`]
}

/** Whether the run left open what an objective asks for. */
function isOpen({ result }: ObservedRun, id: string): boolean {
  const { rpo, rto, planes, latency } = result
  const [family] = id.split('.')
  switch (family) {
    case 'rpo':
      return rpo.undecided.length > 0
    case 'produce':
      return latency.produce.all.records === 0
    case 'end-to-end':
      return latency.endToEnd.all.records === 0
    case 'rto': {
      const open = {
        control: planes.controlMs,
        steady: rto.produce.steadyMs,
        consume: rto.consume.ms,
      }
      const key = id.slice('rto.'.length)
      return (isKeyOf(open, key) ? open[key] : rto.produce.ms) === null
    }
    default:
      return false
  }
}
