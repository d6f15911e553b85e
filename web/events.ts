// What happened, event by event, and the chain of causes behind each.

import type { RunResult, TimelineEvent } from '../src/contract.ts'
import { el } from './dom.ts'
import { moment } from './format.ts'

/** Rows before the list says that it stops; a longer one helps nobody and slows the page. */
const ROWS_MAX = 400

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
    return el('li', { 'data-event': event.id }, pick, ...why)
  })
  const rest = result.timeline.length - rows.length
  return rest > 0 ? [...rows, el('li', { class: 'muted' }, `and ${rest} more`)] : rows
}

/** The causes of an event, from itself back to the first. */
export function causes(result: RunResult, event: TimelineEvent): TimelineEvent[] {
  const byId = new Map(result.timeline.map((each) => [each.id, each]))
  const chain: TimelineEvent[] = []
  let next: TimelineEvent | undefined = event
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next)
    next = next.cause === null ? undefined : byId.get(next.cause)
  }
  return chain
}

/** The causes as a list to read from top to bottom. */
export function whyPanel(chain: readonly TimelineEvent[]): HTMLElement {
  const [event] = chain
  if (event === undefined) return el('div', {})
  const items = chain.slice(1).map((each) => {
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

function tone(event: TimelineEvent): string {
  if (event.actor === 'fault') return 'lost'
  if (/fence|error|trunc|lost|unclean|timeout/.test(event.kind)) return 'lost'
  return /leader|controller|ack/.test(event.kind) ? 'leader' : 'in-sync'
}
