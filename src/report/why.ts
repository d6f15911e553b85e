import type { RecordLife, RunResult, TimelineEvent } from '../contract.ts'
import { clock } from './quantity.ts'

/** An event and what led to it, the first cause first; empty for an id that no event has. */
export function causesOf(result: RunResult, eventId: number): TimelineEvent[] {
  const byId = new Map(result.timeline.map((event) => [event.id, event]))
  const chain: TimelineEvent[] = []
  let event = byId.get(eventId)
  while (event !== undefined && !chain.includes(event)) {
    chain.push(event)
    event = event.cause === null ? undefined : byId.get(event.cause)
  }
  return chain.reverse()
}

/** The chain as lines of text, each after the first saying how long it took. */
export function whyText(result: RunResult, eventId: number): string {
  const chain = causesOf(result, eventId)
  const lines = chain.map((event, i) => {
    const before = chain[i - 1]
    const took = before === undefined ? '' : `  (+${clock(event.atMs - before.atMs)} s)`
    return `${clock(event.atMs).padStart(9)} s  ${event.actor}: ${event.text}${took}\n`
  })
  return lines.join('')
}

/** A record's life as lines of text, and how it came to what took the record, if anything did. */
export function lifeText(result: RunResult, { moments, cause, place }: RecordLife): string {
  const lines = moments.map(({ atMs, text }) => `${clock(atMs).padStart(9)} s  ${text}\n`)
  const end = cause === null ? '' : `what took it:\n${whyText(result, cause)}`
  return `${lines.join('')}${end}in the end: ${place}\n`
}
