// What happened, event by event, and the chain of causes behind each.

import type { RunResult, TimelineEvent } from '../src/contract.ts'
import { causesOf } from '../src/report/why.ts'
import { el } from './dom.ts'
import { moment } from './format.ts'

/** Rows before the list says that it stops; a longer one helps nobody and slows the page. */
const ROWS_MAX = 1_000

/** The list of events; picking one or asking why calls back. */
export function eventRows(
  result: RunResult,
  onPick: (event: TimelineEvent) => void,
  onWhy: (event: TimelineEvent) => void,
): HTMLElement[] {
  const rows = result.timeline.slice(0, ROWS_MAX).map((event) => {
    const pick = el(
      'button',
      { type: 'button', class: 'event', onclick: () => onPick(event) },
      el('span', { class: 'at' }, moment(event.atMs)),
      el('span', { class: `dot ${tone(event)}`, 'aria-hidden': true }),
      el('span', { class: 'what' }, el('b', {}, event.actor), ` ${event.text}`),
    )
    const why =
      event.cause === null
        ? []
        : [el('button', { type: 'button', class: 'why', onclick: () => onWhy(event) }, 'why?')]
    return el('li', {}, pick, ...why)
  })
  const rest = result.timeline.length - rows.length
  return rest > 0 ? [...rows, el('li', { class: 'muted' }, `and ${rest} more`)] : rows
}

/** What led to an event, to read from the event down to the first cause. */
export function whyPanel(result: RunResult, event: TimelineEvent): HTMLElement {
  const chain = causesOf(result, event.id).slice(0, -1).reverse()
  const items = chain.map((each) => {
    const text = `${moment(each.atMs)} s, ${each.actor}: ${each.text}`
    return el('li', {}, text)
  })
  return el(
    'div',
    { class: 'chain' },
    el('p', {}, el('b', {}, `${event.actor} ${event.text}`), ' because of'),
    el('ol', {}, ...items),
  )
}

/** Kinds of events by what they mean for the data; the rest is good or neutral news. */
const BAD = ['fault', 'broker-fenced', 'client-error', 'unauthorized', 'truncation', 'disk-loss']
const DECISIONS = ['controller', 'partition']

function tone({ kind }: TimelineEvent): string {
  if (BAD.includes(kind)) return 'lost'
  return DECISIONS.includes(kind) ? 'leader' : 'in-sync'
}
