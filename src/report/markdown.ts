// A run as Markdown, to paste into a decision record or a review.

import type { LatencySummary, Note, Rto, RunResult } from '../contract.ts'
import { answerLine } from './answer-line.ts'
import { egressText } from './egress.ts'
import { linkRows } from './links.ts'
import { markdownTable } from './markdown-table.ts'
import { clock, count, duration, percent, promise, quantity, size } from './quantity.ts'
import { residencyText } from './residency.ts'

const EVENTS_MAX = 40

/** Sections of which the result holds nothing are left out; a new line ends it. */
export function markdownReport(result: RunResult): string {
  const parts = [
    ...head(result),
    ...objectives(result),
    ...recovery(result),
    ...links(result),
    ...latency(result),
    ...timeline(result),
    ...notes('Not modelled in this run', result.notModelled),
    ...notes('Noted about the scenario', result.notes),
    `Seed \`${result.seed}\`, digest \`${result.digest}\`. To see it again:`,
    '',
    ...['```sh', result.replay, '```', ''],
  ]
  return parts.join('\n')
}

function head(result: RunResult): string[] {
  const lines = [`# ${result.scenario}: ${result.verdict}`, '']
  if (result.question !== null) lines.push(`**${result.question}**`, '')
  if (result.answer !== null) lines.push(result.answer, '')
  lines.push(answerLine(result), '')
  return lines
}

function objectives(result: RunResult): string[] {
  if (result.objectives.length === 0) return []
  const rows = result.objectives.map((o) => [
    ...[`\`${o.id}\``, promise(o), quantity(o.measured, o.unit), `**${o.verdict}**`, o.evidence],
  ])
  return [
    ...['## Objectives', ''],
    ...markdownTable(['Objective', 'Promised', 'Measured', 'Verdict', 'Because'], rows),
  ]
}

function recovery(result: RunResult): string[] {
  const { rpo, rto, planes, fates, consumerView: view } = result
  const rows = [
    ['Records lost', `${count(rpo.records)} of ${count(rpo.acked)} acknowledged`],
    ['Bytes lost', size(rpo.bytes)],
    ['Loss window / age', `${duration(rpo.windowMs)} / ${duration(rpo.ageMs)}`],
    ['Planes out: control / data / clients', planesText(planes)],
    ['Records with unknown outcome', count(fates.unknown)],
    ['Duplicated / reordered in the log', `${count(fates.duplicated)} / ${count(fates.reordered)}`],
    ['Skipped / redelivered / phantom', consumerText(view)],
    ['Writes available', percent(result.availability.produceRatio)],
    ['Bytes between regions', size(result.traffic.crossRegionBytes)],
    ['Egress', egressText(result)],
    ...(result.residency.rules > 0 ? [['Residency', residencyText(result)]] : []),
  ]
  return [
    ...['## Recovery', ''],
    ...markdownTable(['Figure', 'Value'], rows),
    ...markdownTable(
      ['Recovery time', 'Total', 'Detect', 'Decide', 'Elect', 'Client'],
      [rtoRow('produce', rto.produce), rtoRow('consume', rto.consume)],
    ),
  ]
}

function links(result: RunResult): string[] {
  const rows = linkRows(result)
  if (rows.length === 0) return []
  return ['## Links', '', ...markdownTable(['Link', 'What it did'], rows)]
}

function planesText(planes: RunResult['planes']): string {
  return [planes.controlMs, planes.dataMs, planes.clientsMs].map(duration).join(' / ')
}

function consumerText(view: RunResult['consumerView']): string {
  return [view.skipped, view.redelivered, view.phantom].map(count).join(' / ')
}

function rtoRow(name: string, rto: Rto): string[] {
  return [name, ...[rto.ms, rto.detectMs, rto.decideMs, rto.electMs, rto.clientMs].map(duration)]
}

function latency(result: RunResult): string[] {
  const { produce, endToEnd } = result.latency
  const row = (name: string, s: LatencySummary): string[] => [
    ...[name, duration(s.p50Ms), duration(s.p95Ms), duration(s.p99Ms), duration(s.maxMs)],
    count(s.records),
  ]
  return [
    ...['## Latency', ''],
    ...markdownTable(
      ['', 'p50', 'p95', 'p99', 'max', 'records'],
      [
        row('produce, before the fault', produce.before),
        row('produce, during', produce.during),
        row('produce, after', produce.after),
        row('end to end, before the fault', endToEnd.before),
        row('end to end, during', endToEnd.during),
        row('end to end, after', endToEnd.after),
      ],
    ),
  ]
}

function timeline(result: RunResult): string[] {
  if (result.timeline.length === 0) return []
  const rows = result.timeline
    .slice(0, EVENTS_MAX)
    .map((e) => [`${clock(e.atMs)} s`, e.actor, e.text])
  const more = result.timeline.length - rows.length
  return [
    ...['## What happened', ''],
    ...markdownTable(['At', 'Who', 'What'], rows),
    ...(more > 0 ? [`${count(more)} more events are in the JSON result.`, ''] : []),
  ]
}

function notes(title: string, list: readonly Note[]): string[] {
  if (list.length === 0) return []
  return [`## ${title}`, '', ...list.map((note) => `- \`${note.subject}\`: ${note.text}`), '']
}
