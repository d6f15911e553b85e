// FIDELITY.md, written from the code, the oracles' files and the table of areas.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { GUARD_NAMES, GUARD_RULES } from '../../src/kafka/version.ts'
import { INVARIANTS } from '../../src/lab/invariants/table.ts'
import { CASES } from '../anomalies/cases.ts'
import { ROOT, sourceFiles } from '../tidy/source-code.ts'
import { AREAS, type Area } from './areas.ts'
import { patternRows, systemRows } from './between-clusters.ts'
import {
  anomaliesOf,
  experimentFiles,
  goldenFiles,
  goldenOf,
  traceFiles,
  tracesOf,
} from './oracles.ts'

/** The three sentences at the head of a file of the model, each over one line or more. */
const HEAD = /^\/\/ Models: (.*?)\n\/\/ Leaves out: (.*?)\n\/\/ Source: (.*?)\n(?!\/\/)/s

export function fidelityPage(): string {
  const sections = [
    introduction(),
    areaSection(),
    oracleSection(),
    experimentSection(),
    anomalySection(),
    invariantSection(),
    guardSection(),
    systemSection(),
    patternSection(),
    fileSection(),
  ]
  return `${sections.join('\n\n')}\n`
}

function introduction(): string {
  return `# What is modelled, what is not, and why to believe it

The model follows Kafka's protocol message by message, not its averages. The first table says, part
by part, what a run can show, what it cannot, and what holds that part against something that is not
ours: decisions of Kafka's own classes, behaviours of a model checker, real brokers, published
anomalies. The rest is for whoever wants to look closer. All of it is gathered from the code and
from the oracles' files by a test, so it cannot be older than they are.`
}

function areaSection(): string {
  const rows = AREAS.filter(exists).map((area) => [
    area.name,
    area.modelled,
    area.leftOut,
    backing(area).join('; '),
  ])
  const head = ['part of Kafka', 'modelled', 'left out', 'held against']
  return `## In five minutes\n\n${table(head, rows)}`
}

function backing(area: Area): string[] {
  const golden = goldenOf(area).map(({ name, cases }) => `${name} (${cases})`)
  const traces = tracesOf(area)
  const steps = traces.reduce((sum, file) => sum + file.steps, 0)
  const anomalies = anomaliesOf(area)
  const known = new Map(experimentFiles.map(({ name, state }) => [name, state]))
  const measured = area.measured.filter((name) => known.get(name)?.startsWith('held by a test'))
  const compared = area.measured.filter((name) => known.get(name) === 'compared by calibrate')
  return [
    ...(golden.length > 0 ? [`Kafka’s classes: ${golden.join(', ')}`] : []),
    ...(steps > 0 ? [`model checker: ${grouped(steps)} steps`] : []),
    ...(measured.length > 0 ? [`real brokers: ${measured.join(', ')}`] : []),
    ...(compared.length > 0 ? [`compared with real brokers: ${compared.join(', ')}`] : []),
    ...(anomalies.length > 0 ? [`anomalies: ${anomalies.join(', ')}`] : []),
  ]
}

function oracleSection(): string {
  const modelled = goldenFiles.filter(({ isModelled }) => isModelled)
  const cases = grouped(sum(modelled.map((file) => file.cases)))
  const behaviours = sum(traceFiles.map((file) => file.traces))
  const steps = grouped(sum(traceFiles.map((file) => file.steps)))
  const held = experimentFiles.filter(({ state }) => state === 'held by a test')
  const played = CASES.filter(({ test }) => test !== null)
  const rows = [
    [
      'Kafka’s own classes',
      `${cases} cases in ${modelled.length} files, recorded from Kafka 4.1.0 in process`,
      '`npm run golden`',
    ],
    [
      'A model checker',
      `${steps} steps in ${behaviours} behaviours of the specifications of KIP-966 and KIP-996`,
      '`npm run traces`',
    ],
    [
      'Real brokers and clients',
      `${experimentFiles.length} experiments on Kafka 4.1.0, ${held.length} of them held by a test`,
      '`npm run calibrate`',
    ],
    [
      'Published anomalies',
      `${played.length} cases from KIPs, JIRA and reports: each appears where nothing prevents ` +
        'it, and not where something does',
      '`npx vitest run test/anomalies`',
    ],
    [
      'Invariants',
      `${INVARIANTS.length} that watch every run from outside; each has a bug that breaks it`,
      '`npx vitest run test/lab/invariants`',
    ],
    [
      'Confluent’s multi-region table',
      'leader, ISR and observers of every topic in every phase of the published tutorial',
      '`npx vitest run test/oracles/confluent-mrc.test.ts`',
    ],
  ]
  return `## The oracles\n\n${table(['oracle', 'covers', 'shown by'], rows)}`
}

function experimentSection(): string {
  const rows = experimentFiles.map(({ name, claim, state }) => [name, claim, state])
  const head = ['experiment', 'what was measured', 'the model']
  return `## Experiments on real brokers\n\n${table(head, rows)}`
}

function anomalySection(): string {
  const rows = CASES.map(({ id, title, guard, prevention, source, test, left }) => {
    const prevents = [...(guard === null ? [] : [`\`${guard}\``]), prevention].filter(Boolean)
    const where = test === null ? `not played: ${left}` : `[test](test/${test})`
    return [id, title, prevents.join('; '), source, where]
  })
  const head = ['case', 'anomaly', 'prevented by', 'source', 'played']
  return `## Anomalies\n\n${table(head, rows)}`
}

function invariantSection(): string {
  const rows = INVARIANTS.map(({ number, sentence, elr, needsCleanRun, checked, source }) => {
    const where = elr === undefined ? [] : [elr ? 'with ELR' : 'without ELR']
    const when = needsCleanRun ? ['while its elections are clean'] : []
    return [number, sentence, [...where, ...when].join(', '), checked, source]
  })
  const head = ['invariant', 'holds in every run', 'if', 'looked at when', 'source']
  return `## Invariants\n\n${table(head, rows)}`
}

function guardSection(): string {
  const rows = GUARD_NAMES.map((name) => {
    const { since, until, doc, source } = GUARD_RULES[name]
    const releases = `${since ?? 'always'}${until === null ? '' : ` to ${until}`}`
    const cases = CASES.filter(({ guard }) => guard === name).map(({ id }) => id)
    return [`\`${name}\``, releases, doc, source, cases.join(', ')]
  })
  const head = ['guard', 'on since', 'rule', 'source', 'anomaly without it']
  return `## Rules that came with a release\n\n${table(head, rows)}`
}

function systemSection(): string {
  const head = ['system', 'files of the model', 'shown by']
  return `## Systems between clusters\n\n${table(head, systemRows())}`
}

function patternSection(): string {
  const head = ['pattern', 'what it is', 'how it fails', 'shown by']
  return `## Topology patterns\n\n${table(head, patternRows())}`
}

/** What each file of the model models and leaves out, and its source, folder by folder. */
function fileSection(): string {
  const lines = ['## File by file', '', 'From the head of every file of the model.']
  let folder = ''
  for (const { path, text } of sourceFiles(['src/kafka', 'src/mirror', 'src/registry'])) {
    const cells = (HEAD.exec(text) ?? []).slice(1).map((cell) => cell.replace(/\n\/\/ ?/g, ' '))
    const at = path.slice(0, path.lastIndexOf('/'))
    if (at !== folder) lines.push('', `### ${at}`, '', '| file | models | leaves out | source |')
    if (at !== folder) lines.push('|---|---|---|---|')
    folder = at
    lines.push(row([`[${path.slice(at.length + 1)}](${path})`, ...cells]))
  }
  return lines.join('\n')
}

function exists({ paths }: Area): boolean {
  const folders = new Set(
    readdirSync(join(ROOT, 'src/kafka'), { withFileTypes: true }).map((e) => e.name),
  )
  return paths.some((path) => {
    const [, top = '', inner = ''] = path.split('/')
    return top === 'kafka' ? folders.has(inner) : readdirSync(join(ROOT, 'src')).includes(top)
  })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',')
}
