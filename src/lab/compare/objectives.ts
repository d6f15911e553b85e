// The objectives of all designs, each judged on all of them: what one design promises, the others
// are held to as well.

import { judgeObjectives } from '../../check/objectives.ts'
import { worstVerdict } from '../../check/verdict.ts'
import type { ComparedObjective, ObjectiveResult, Tally, Verdict } from '../../contract.ts'
import { type MeasuredRun, sinceFaultMs, whyNone } from './measures.ts'

/** Verdicts of one run, in the order of the objectives. */
export type VerdictsOfRun = readonly Verdict[]

type Promised = Pick<ComparedObjective, 'id' | 'comparison' | 'limit' | 'unit' | 'statedBy'>

/** Every objective once, in the order of the designs; one with two limits is two. */
export function unionOf(designs: readonly (readonly MeasuredRun[])[]): Promised[] {
  const union = new Map<string, Promised>()
  designs.forEach((runs, design) => {
    for (const { id, comparison, limit, unit } of runs[0]?.objectives ?? []) {
      const key = `${id} ${comparison} ${limit}`
      const statedBy = [...(union.get(key)?.statedBy ?? []), design]
      union.set(key, { id, comparison, limit, unit, statedBy })
    }
  })
  return [...union.values()]
}

/** How a run fares against all of them: its own verdicts, and the judge's on what others state. */
export function verdictsOf(run: MeasuredRun, union: readonly Promised[]): VerdictsOfRun {
  return union.map((objective) => {
    const own = run.objectives.find((other) => isSame(other, objective))
    if (own !== undefined) return own.verdict
    if (whyNone(objective.id, run) !== null) return 'unknown'
    const [judged] = judgeObjectives([objective], run, { sinceFault: sinceFaultMs(run) })
    return judged?.verdict ?? 'unknown'
  })
}

function isSame(a: ObjectiveResult, b: Promised): boolean {
  return a.id === b.id && a.comparison === b.comparison && a.limit === b.limit
}

/** The row of one objective: how often each design met it, both lists being [design][seed]. */
export function objectiveRow(
  objective: Promised,
  verdicts: readonly (readonly Verdict[])[],
  seeds: readonly (readonly string[])[],
): ComparedObjective {
  const cells = verdicts.map((bySeed, design) => {
    const worst = worstVerdict(bySeed)
    const worstSeed = worst === 'met' ? null : (seeds[design]?.[bySeed.indexOf(worst)] ?? null)
    return { ...tallyOf(bySeed), worstSeed }
  })
  const { id, comparison, limit, unit, statedBy } = objective
  return { id, comparison, limit, unit, statedBy, cells }
}

/** How often each verdict stands in the list; the three add up to its length. */
export function tallyOf(verdicts: readonly Verdict[]): Tally {
  const times = (verdict: Verdict) => verdicts.filter((other) => other === verdict).length
  return { met: times('met'), missed: times('missed'), unknown: times('unknown') }
}
