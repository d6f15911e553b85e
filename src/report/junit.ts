import type { ObjectiveResult, RunResult } from '../contract.ts'
import { promise, quantity } from './quantity.ts'

/** Runs as JUnit XML: a suite a run, a case an objective; unknown is an error, missed a failure. */
export function junitReport(results: readonly RunResult[]): string {
  const cases = results.flatMap((result) => result.objectives)
  const suites = results.map(suite).join('\n')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="highwater" ${totals(cases, results)}>`,
    suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function suite(result: RunResult): string {
  const name = xml(`${result.scenario} seed ${result.seed}`)
  const property = (key: string, value: string): string =>
    `      <property name="${key}" value="${xml(value)}"/>`
  const cases = result.objectives.length === 0 ? [runsToItsEnd(result)] : objectives(result)
  return [
    `  <testsuite name="${name}" ${totals(result.objectives, [result])}>`,
    '    <properties>',
    property('seed', result.seed),
    property('digest', result.digest),
    property('replay', result.replay),
    '    </properties>',
    ...cases,
    '  </testsuite>',
  ].join('\n')
}

/** Times are simulated seconds; a suite without objectives has one case. */
function totals(objectives: readonly ObjectiveResult[], results: readonly RunResult[]): string {
  const bare = results.filter((result) => result.objectives.length === 0).length
  const failures = objectives.filter((o) => o.verdict === 'missed').length
  const errors = objectives.filter((o) => o.verdict === 'unknown').length
  const time = results.reduce((sum, result) => sum + result.clock.endMs, 0) / 1_000
  const tests = objectives.length + bare
  return `tests="${tests}" failures="${failures}" errors="${errors}" time="${time}"`
}

function objectives(result: RunResult): string[] {
  return result.objectives.map((o) => {
    const name = xml(`${o.id} ${promise(o)}`)
    const open = `    <testcase classname="${xml(result.scenario)}" name="${name}"`
    if (o.verdict === 'met') return `${open}/>`
    const tag = o.verdict === 'missed' ? 'failure' : 'error'
    const message = xml(`measured ${quantity(o.measured, o.unit)}: ${o.evidence}`)
    const replay = xml(result.replay)
    return `${open}><${tag} type="${o.verdict}" message="${message}">${replay}</${tag}></testcase>`
  })
}

function runsToItsEnd(result: RunResult): string {
  return `    <testcase classname="${xml(result.scenario)}" name="runs to its end"/>`
}

function xml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
