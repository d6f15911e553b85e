// A scenario file, from text to the value that the lab runs. Everything that is wrong with a file
// is told at once: each defect with its place, and how to put it right.

import { scenarioDocument } from './document/document.ts'
import { findingsOf } from './issue-findings.ts'
import { keysAt } from './json-schema.ts'
import type { Note, Scenario } from './model.ts'
import { type Finding, formatPath, formatValue, type Problem } from './problem.ts'
import { referenceFindings } from './references.ts'
import { Findings } from './resolve/findings.ts'
import { resolveScenario } from './resolve/scenario.ts'
import { UsageError } from './usage-error.ts'
import { type Place, readYaml, type YamlSource } from './yaml-source.ts'

const PROBLEMS_MAX = 200
/** Findings that are looked at; finding the place of one costs time. */
const FINDINGS_MAX = 1_000
const NO_PLACE: Place = { line: 0, column: 0 }

export interface Parsed {
  /** Absent when there is any error. */
  readonly scenario?: Scenario
  readonly problems: readonly Problem[]
  /** Settings that the model ignores, and traps worth knowing. */
  readonly notes: readonly Note[]
}

/**
 * Reads a scenario.
 * @param text YAML (or JSON, which is YAML).
 * @param fileName names the file in messages; its stem is the scenario's default name.
 */
export function parseScenario(text: string, fileName: string): Parsed {
  const source = readYaml(text)
  if ('place' in source) return parseSource(source, fileName)
  const problems = source.map((defect) => toProblem(defect, defect.place, fileName))
  return { problems, notes: [] }
}

/** The scenario of a text, or a UsageError with all its problems. */
export function scenarioOf(text: string, fileName: string): Scenario {
  const { scenario, problems } = parseScenario(text, fileName)
  if (scenario === undefined) throw new UsageError(problems)
  return scenario
}

function parseSource(source: YamlSource, fileName: string): Parsed {
  const findings = new Findings()
  const name = stemOf(fileName)
  const result = scenarioDocument.safeParse(source.value)
  if (result.success) {
    const scenario = resolveScenario(result.data, name, findings)
    const problems = toProblems(findings.list, source, fileName)
    return problems.length > 0
      ? { problems, notes: findings.notes }
      : { scenario, problems, notes: findings.notes }
  }
  const shape = findingsOf(result.error.issues, source.value, keysAt)
  const broken = shape.map(({ path }) => path)
  const isWreck = broken.length > PROBLEMS_MAX
  const references = isWreck ? [] : referenceFindings(source.value, broken, name)
  return { problems: toProblems([...shape, ...references], source, fileName), notes: [] }
}

function toProblems(list: readonly Finding[], source: YamlSource, fileName: string): Problem[] {
  const seen = new Set<string>()
  const problems: Problem[] = []
  for (const finding of list.slice(0, FINDINGS_MAX)) {
    if (finding.isVague && list.some((other) => isWithin(other, finding))) continue
    const problem = toProblem(finding, source.place(finding.path), fileName)
    const key = `${problem.path}\n${problem.message}`
    if (!seen.has(key)) problems.push(problem)
    seen.add(key)
  }
  problems.sort((a, b) => a.line - b.line || a.column - b.column)
  const count = problems.length + Math.max(0, list.length - FINDINGS_MAX)
  return count <= PROBLEMS_MAX
    ? problems
    : [...problems.slice(0, PROBLEMS_MAX), tooMany(count, fileName)]
}

function isWithin(other: Finding, finding: Finding): boolean {
  return other !== finding && finding.path.every((part, index) => other.path[index] === part)
}

function toProblem(finding: Finding, place: Place, file: string): Problem {
  const { path, value, message, fix, severity } = finding
  return {
    file,
    line: place.line,
    column: place.column,
    path: formatPath(path),
    value: formatValue(value),
    message,
    fix,
    severity: severity ?? 'error',
  }
}

function tooMany(count: number, fileName: string): Problem {
  const message = `and ${count - PROBLEMS_MAX} more problems`
  const fix = 'put the ones above right first'
  return toProblem({ path: [], message, fix }, NO_PLACE, fileName)
}

function stemOf(fileName: string): string {
  const base = fileName.split(/[\\/]/).at(-1) ?? ''
  const stem = base.replace(/\.(ya?ml|json)$/i, '').replace(/[^A-Za-z0-9_.-]/g, '-')
  return stem === '' ? 'scenario' : stem.slice(0, 60)
}
