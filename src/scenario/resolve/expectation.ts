// Objectives and expectations: the entries that a file really has, in the order of the table.

import type { ExpectationDocument, ObjectivesDocument } from '../document/objectives.ts'
import type { Expectation, FigureRange, Objective } from '../model.ts'
import { OBJECTIVE_NAMES, OBJECTIVES } from '../objectives.ts'
import type { Findings } from './findings.ts'

/** Each with the unit and the direction that the table of objectives gives it. */
export function resolveObjectives(document: ObjectivesDocument): Objective[] {
  return OBJECTIVE_NAMES.flatMap((name) => {
    const written = document[name]
    const { direction, unit } = OBJECTIVES[name]
    return written === undefined ? [] : [{ name, direction, unit, ...written }]
  })
}

/**
 * null where the file expects nothing. A verdict about an objective that the file does not have is
 * a finding; figures need no objective.
 */
export function resolveExpectation(
  document: ExpectationDocument | undefined,
  objectives: readonly Objective[],
  findings: Findings,
): Expectation | null {
  if (document === undefined) return null
  const verdicts = OBJECTIVE_NAMES.flatMap((name) => {
    const verdict = document.objectives[name]
    if (verdict === undefined) return []
    if (!objectives.some((objective) => objective.name === name)) {
      const known = objectives.map((objective) => objective.name)
      findings.unknown(['expect', 'objectives', name], 'objective of this file', name, known)
    }
    return [{ name, verdict }]
  })
  const figures = OBJECTIVE_NAMES.flatMap((figure): FigureRange[] => {
    const range = document.figures[figure]
    return range === undefined ? [] : [{ figure, unit: OBJECTIVES[figure].unit, ...range }]
  })
  return { verdict: document.verdict ?? null, objectives: verdicts, figures }
}
