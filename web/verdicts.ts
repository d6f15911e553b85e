// The verdict cards: how long each plane was out, what was lost, how long it took, and the rest.

import type { LinkJudgement, Note, ObjectiveResult, Rto, RunResult } from '../src/contract.ts'
import { el } from './dom.ts'
import { count, duration, measure, promise, size, VERDICT } from './format.ts'
import { linkFigures } from './links.ts'
import { readerFigures } from './readers.ts'

/** All cards of a result, in reading order. */
export function verdictCards(result: RunResult): HTMLElement[] {
  const consume = objectives(result, 'rto.consume')
  return [
    overall(result),
    planes(result),
    recoveryPoint(result),
    recoveryTime('Recovery time, produce', result.rto.produce, objectives(result, 'rto.produce')),
    ...(consume.length === 0
      ? []
      : [recoveryTime('Recovery time, consume', result.rto.consume, consume)]),
    ...result.links.map(linkCard),
    also(result),
    ...readersCard(result),
    again(result),
  ]
}

function overall(result: RunResult): HTMLElement {
  const total = result.objectives.length
  const met = result.objectives.filter((objective) => objective.verdict === 'met').length
  const text = total === 0 ? 'no objective given' : `${met} of ${total} objectives met`
  const word = el('strong', { class: `verdict ${result.verdict}` }, VERDICT[result.verdict])
  return el('p', { class: 'overall' }, word, ` ${text}`)
}

function planes(result: RunResult): HTMLElement {
  const cell = (name: string, ms: number | null) => {
    const text = ms === null ? 'still out' : ms === 0 ? 'no outage' : `${duration(ms)} out`
    return el('li', {}, name, el('b', { class: ms === 0 ? 'good' : 'bad' }, text))
  }
  const { controlMs, dataMs, clientsMs } = result.planes
  return el(
    'ul',
    { class: 'planes' },
    ...[cell('control', controlMs), cell('data', dataMs), cell('clients', clientsMs)],
  )
}

function recoveryPoint(result: RunResult): HTMLElement {
  const { rpo } = result
  const sentence = `records lost of ${count(rpo.acked)} acknowledged`
  const after = rpo.splitBrainMs > 0 ? ` to ${duration(rpo.splitBrainMs)} after it` : ''
  const extent = `${size(rpo.bytes)}, from ${duration(rpo.windowMs)} before the fault${after}`
  return card(
    'Recovery point',
    el('p', { class: 'figure' }, count(rpo.records)),
    el('p', { class: 'muted' }, rpo.records === 0 ? sentence : `${sentence}: ${extent}`),
    ...objectives(result, 'rpo.'),
  )
}

/** The parts of a recovery time in the order in which they pass. */
const PARTS = [
  ['detect', 'detectMs'],
  ['decide', 'decideMs'],
  ['elect', 'electMs'],
  ['client', 'clientMs'],
] as const

function recoveryTime(title: string, rto: Rto, promises: HTMLElement[]): HTMLElement {
  const parts = PARTS.map(([name, key]) => ({ name, ms: rto[key] ?? 0 })).filter((p) => p.ms > 0)
  const bar = parts.map(({ name, ms }) => el('span', { class: name, style: `flex-grow:${ms}` }))
  const legend = parts.map(({ name, ms }) =>
    el('li', { class: name }, name, el('b', {}, (ms / 1_000).toFixed(1))),
  )
  const split =
    parts.length === 0 ? [] : [el('div', { class: 'split', 'aria-hidden': true }, ...bar)]
  const where = rto.worst === null ? 'no partition stopped' : `worst partition ${rto.worst}`
  return card(
    title,
    el('p', { class: 'figure' }, outageText(rto)),
    el('p', { class: 'muted' }, where),
    ...split,
    ...(legend.length === 0 ? [] : [el('ul', { class: 'legend' }, ...legend)]),
    ...promises,
  )
}

function outageText(rto: Rto): string {
  return rto.ms === null ? 'not back' : rto.ms === 0 ? 'no outage' : duration(rto.ms)
}

function linkCard(link: LinkJudgement): HTMLElement {
  return card(`Link ${link.from} → ${link.to}`, rows(linkFigures(link)))
}

function readersCard(result: RunResult): HTMLElement[] {
  const figures = readerFigures(result)
  return figures.length === 0 ? [] : [card('Readers behind each region', rows(figures))]
}

/** Names and their values, one below the other. */
function rows(figures: readonly (readonly [name: string, value: string])[]): HTMLElement {
  const list = figures.map(([name, value]) =>
    el('div', { class: 'row' }, el('dt', {}, name), el('dd', {}, value)),
  )
  return el('dl', {}, ...list)
}

function also(result: RunResult): HTMLElement {
  const { fates, latency, traffic, consumerView } = result
  const before = latency.produce.before
  const others = result.objectives.filter(({ id }) => !/^(rpo\.|rto\.(produce|consume)$)/.test(id))
  const cost = traffic.monthlyUsd === null ? 'no price' : `$${dollars(traffic.monthlyUsd)} / month`
  const figures: [string, string][] = [
    ['recovery time, consume', outageText(result.rto.consume)],
    ['duplicates in the log', count(fates.duplicated)],
    ['read again by consumers', count(consumerView.redelivered)],
    ['failed, yet in the log', count(fates.failedButPresent)],
    ['unknown outcome (timed out)', count(fates.unknown)],
    ['produce p50 / p99 before', `${round(before.p50Ms)} / ${round(before.p99Ms)} ms`],
    ['availability', measure(result.availability.produceRatio, 'ratio')],
    ['between regions', `${size(traffic.crossRegionBytes)}, ${cost}`],
    ['Kafka', `${result.kafkaVersion} ${result.flavour}`],
  ]
  return card('Also', rows(figures), ...others.map(promiseLine), ...notes(result))
}

/** What gives this run once more: the line to paste, the digest to compare, the whole result. */
function again(result: RunResult): HTMLElement {
  const name = `${result.scenario}-${result.seed}.json`
  const save = () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(result)]))
    el('a', { href: url, download: name }).click()
    URL.revokeObjectURL(url)
  }
  return card(
    'Again',
    el('code', { class: 'replay' }, result.replay),
    el('p', { class: 'muted' }, 'digest ', el('code', {}, result.digest)),
    el('button', { type: 'button', onclick: save }, 'Save as JSON'),
  )
}

function notes({ notModelled, notes }: RunResult): HTMLElement[] {
  return [
    ...listed('not modelled in this run', notModelled),
    ...listed('noted about the scenario', notes),
  ]
}

function listed(title: string, list: readonly Note[]): HTMLElement[] {
  if (list.length === 0) return []
  const items = list.map((note) => el('li', {}, el('code', {}, note.subject), ` ${note.text}`))
  const head = el('summary', {}, `${title}: ${list.length}`)
  return [el('details', {}, head, el('ul', { class: 'notes' }, ...items))]
}

function objectives(result: RunResult, prefix: string): HTMLElement[] {
  return result.objectives.filter(({ id }) => id.startsWith(prefix)).map(promiseLine)
}

function promiseLine(objective: ObjectiveResult): HTMLElement {
  const word = el('b', { class: `verdict ${objective.verdict}` }, VERDICT[objective.verdict])
  const text = `objective ${promise(objective)}`
  return el('p', { class: 'promise', title: objective.evidence }, el('span', {}, text), word)
}

function card(title: string, ...children: HTMLElement[]): HTMLElement {
  return el('section', { class: 'card' }, el('h2', { class: 'eyebrow' }, title), ...children)
}

function dollars(amount: number): string {
  return amount < 100 ? amount.toFixed(2) : count(Math.round(amount))
}

function round(ms: number | null): string {
  return ms === null ? '–' : String(Math.round(ms))
}
