// A run for the terminal: the question, what came out, against what was promised, and what
// happened. Everything stands in words; a palette may colour it.

import type {
  LatencyPhases,
  LatencySummary,
  Note,
  Rto,
  RunResult,
  TimelineEvent,
} from '../contract.ts'
import { answerLine } from './answer-line.ts'
import { egressText, hasEgress } from './egress.ts'
import { groupTables } from './group-tables.ts'
import { linkTroubles } from './link-troubles.ts'
import { linkRows } from './links.ts'
import { inVerdict, type Palette } from './palette.ts'
import { clock, count, duration, percent, promise, quantity, size } from './quantity.ts'
import { residencyText } from './residency.ts'
import { table } from './text-table.ts'

const TIMELINE_LINES_MAX = 16
/** Of these lines at most so many tell decisions, so that some room is left for the clients. */
const DECISION_LINES_MAX = 10
const TROUBLE_LINES_MAX = 4
const ORDER_LINES_MAX = 6
const PROSE_COLUMNS = 96

/** The whole report, ending in a newline. */
export function textReport(result: RunResult, palette: Palette): string {
  const sections = [
    head(result, palette),
    objectives(result, palette),
    recovery(result, palette),
    records(result, palette),
    groupTables(result, palette),
    links(result, palette),
    latency(result, palette),
    happened(result, palette),
    notes('Not modelled in this run', result.notModelled, palette),
    notes('Noted about the scenario', result.notes, palette),
    foot(result, palette),
  ]
  const lines = sections.filter((section) => section.length > 0).map((s) => s.join('\n'))
  return `${lines.join('\n\n')}\n`
}

function head(result: RunResult, palette: Palette): string[] {
  const flavour = result.flavour === 'confluent' ? 'Confluent' : 'Kafka'
  const lines = [
    `${palette.strong(result.scenario)}  ${flavour} ${result.kafkaVersion}, seed ${result.seed}`,
  ]
  if (result.question !== null) lines.push('', ...prose(result.question, palette.strong))
  if (result.answer !== null) lines.push(...prose(result.answer, palette.quiet))
  lines.push('', ...prose(answerLine(result), (text) => text))
  return lines
}

function objectives(result: RunResult, palette: Palette): string[] {
  if (result.objectives.length === 0) return ['No objectives were given.']
  const rows = result.objectives.map((o) => [
    o.id,
    promise(o),
    quantity(o.measured, o.unit),
    o.verdict,
    o.evidence,
  ])
  const lines = table([['objective', 'promised', 'measured', 'verdict', 'because'], ...rows])
  return lines.map((line, i) => {
    const objective = result.objectives[i - 1]
    if (objective === undefined) return palette.quiet(line)
    return line.replace(/ (?:met|missed|unknown)(?= )/, (word) =>
      inVerdict(palette, objective.verdict, word),
    )
  })
}

function recovery(result: RunResult, palette: Palette): string[] {
  const { planes, rpo, rto } = result
  const lost = `${count(rpo.records)} of ${count(rpo.acked)} acknowledged records lost`
  const depth =
    rpo.records === 0
      ? ''
      : `, ${size(rpo.bytes)}, window ${duration(rpo.windowMs)}, age ${duration(rpo.ageMs)}`
  const out = [
    `control ${duration(planes.controlMs)}`,
    `data ${duration(planes.dataMs)}`,
    `clients ${duration(planes.clientsMs)}`,
  ]
  return [
    palette.strong('Recovery'),
    field('planes out', out.join(', ')),
    field('recovery point', `${lost}${depth}`),
    field('recovery time, produce', splitText(rto.produce)),
    ...(hasConsumers(result) ? [field('recovery time, consume', splitText(rto.consume))] : []),
    field('steady again', since(rto.produce.steadyMs)),
    field('redundancy restored', since(planes.redundancyMs)),
    field('writes available', percent(result.availability.produceRatio)),
  ]
}

function splitText(rto: Rto): string {
  if (rto.worst === null) return 'nothing stopped'
  if (rto.ms === null) return `not back on ${rto.worst} when the load ended`
  const { detectMs, decideMs, electMs, clientMs } = rto
  if (detectMs === null || electMs === null) return `${duration(rto.ms)}, without any decision`
  const parts = [
    `detect ${duration(detectMs)}`,
    ...(decideMs ? [`decide ${duration(decideMs)}`] : []),
    `elect ${duration(electMs)}`,
    `client ${duration(clientMs)}`,
  ]
  return `${duration(rto.ms)} = ${parts.join(' + ')}`
}

function since(ms: number | null): string {
  if (ms === null) return 'not by the end'
  return ms === 0 ? 'never lost' : `${duration(ms)} after the fault`
}

function records(result: RunResult, palette: Palette): string[] {
  const { fates, consumerView: view } = result
  const acked = [
    `${count(fates.acked)} acknowledged`,
    `${count(fates.failed)} failed`,
    `${count(fates.unknown)} unknown outcome`,
    `${count(fates.pending)} pending`,
  ]
  const kept = [
    `${count(fates.safe)} safe`,
    ...(fates.delayed > 0 ? [`${count(fates.delayed)} delayed`] : []),
    `${count(fates.lost)} lost`,
  ]
  const log = [
    `${count(fates.duplicated)} duplicated`,
    `${count(fates.reordered)} reordered`,
    `${count(fates.failedButPresent + fates.unknownButPresent)} present though not acknowledged`,
  ]
  const seen = [
    `${count(view.delivered)} delivered`,
    `${count(view.redelivered)} again`,
    ...(view.suppressed > 0 ? [`${count(view.suppressed)} dropped as known`] : []),
    `${count(view.skipped)} skipped`,
    `${count(view.phantom)} phantom`,
  ]
  return [
    palette.strong('Records'),
    field('sent', `${count(fates.sent)}: ${acked.join(', ')}`),
    field('acknowledged', kept.join(', ')),
    field('in the logs', log.join(', ')),
    ...(hasConsumers(result) ? [field('consumers', seen.join(', '))] : []),
    ...(result.residency.rules > 0 ? [field('where they may be', residencyText(result))] : []),
    ...(hasEgress(result) ? [field('egress', egressText(result))] : []),
  ]
}

function links(result: RunResult, palette: Palette): string[] {
  const rows = linkRows(result)
  if (rows.length === 0) return []
  return [palette.strong('Links'), ...rows.map(([name, text]) => field(name, text))]
}

function latency(result: RunResult, palette: Palette): string[] {
  const hasFault = result.clock.faultAtMs !== null
  const rows = phaseRows('produce', result.latency.produce, hasFault)
  if (hasConsumers(result)) rows.push(...phaseRows('end to end', result.latency.endToEnd, hasFault))
  const lines = table([['', '', 'p50', 'p95', 'p99', 'max', 'records'], ...rows], 2)
  return [palette.strong('Latency'), ...lines.map((l, i) => (i === 0 ? palette.quiet(l) : l))]
}

function phaseRows(name: string, phases: LatencyPhases, hasFault: boolean): string[][] {
  const row = (label: string, phase: string, s: LatencySummary): string[] => [
    label,
    phase,
    duration(s.p50Ms),
    duration(s.p95Ms),
    duration(s.p99Ms),
    duration(s.maxMs),
    count(s.records),
  ]
  if (!hasFault) return [row(name, '', phases.all)]
  return [
    row(name, 'before the fault', phases.before),
    row('', 'during', phases.during),
    row('', 'after', phases.after),
  ]
}

function happened(result: RunResult, palette: Palette): string[] {
  const picked = pickEvents(result)
  if (picked.length === 0) return []
  const width = Math.max(...picked.map((e) => e.actor.length))
  const lines = picked.map(
    (e) => `  ${clock(e.atMs).padStart(8)} s  ${e.actor.padEnd(width)}  ${e.text}`,
  )
  const more = result.timeline.length - picked.length
  if (more > 0) {
    lines.push(palette.quiet(`  ${count(more)} more events are in the JSON result.`))
  }
  return [palette.strong('What happened'), ...lines]
}

/**
 * Faults and heals first, then what operators were answered and what ended or held up a link, then
 * from the first fault on what the cluster decided, when clients went on, and their errors, until
 * the page is full; told in the order of time.
 */
function pickEvents(result: RunResult): TimelineEvent[] {
  const faults = new Set(result.faults.map((fault) => fault.id))
  const isMark = (e: TimelineEvent): boolean =>
    faults.has(e.id) || (e.actor === 'fault' && e.cause !== null && faults.has(e.cause))
  const marks = result.timeline.filter(isMark).slice(0, TIMELINE_LINES_MAX)
  const orders = result.timeline.filter(({ kind }) => kind === 'operator')
  const ofLinks = linkTroubles(result.timeline).slice(0, TROUBLE_LINES_MAX)
  const troubles = [...orders.slice(0, ORDER_LINES_MAX), ...ofLinks]
  const from = result.clock.faultAtMs ?? 0
  const others = result.timeline.filter((e) => {
    return !isMark(e) && !troubles.includes(e) && e.atMs >= from
  })
  const decisions = others.filter((e) => !isClients(e))
  const clients = others.filter(isClients)
  const byWeight = [
    ...troubles,
    ...decisions.slice(0, DECISION_LINES_MAX),
    ...clients.filter((e) => e.kind !== 'client-error'),
    ...clients.filter((e) => e.kind === 'client-error'),
    ...decisions.slice(DECISION_LINES_MAX),
  ]
  const picked = byWeight.slice(0, TIMELINE_LINES_MAX - marks.length)
  return [...marks, ...picked].sort((a, b) => a.atMs - b.atMs || a.id - b.id)
}

function isClients(event: TimelineEvent): boolean {
  return event.actor.startsWith('producer') || event.actor.startsWith('consumer')
}

function notes(title: string, list: readonly Note[], palette: Palette): string[] {
  if (list.length === 0) return []
  return [palette.strong(title), ...list.map((note) => `  ${note.subject}: ${note.text}`)]
}

function foot(result: RunResult, palette: Palette): string[] {
  const word = inVerdict(palette, result.verdict, palette.strong(result.verdict))
  return [
    `Verdict: ${word}`,
    palette.quiet(`Digest ${result.digest}, ${count(result.clock.events)} events. Again:`),
    `  ${result.replay}`,
  ]
}

function hasConsumers(result: RunResult): boolean {
  return result.topology.clients.some((client) => client.kind === 'consumer')
}

/** Sentences as indented lines of a page's width. */
function prose(text: string, mark: (line: string) => string): string[] {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1] ?? ''
    if (last !== '' && last.length + 1 + word.length > PROSE_COLUMNS) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.map((line) => `  ${mark(line)}`)
}

function field(name: string, text: string): string {
  return `  ${name.padEnd(24)}${text}`
}
