// The way back from an event to the fault that began it.

import type { HistoryEvent } from '../history/facts.ts'
import type { History } from '../history.ts'

/** The event and its causes, the first cause first. Empty for an id that no event has. */
export function causesOf(history: History, eventId: number): HistoryEvent[] {
  const chain: HistoryEvent[] = []
  let event = history.events[eventId]
  while (event !== undefined && !chain.includes(event)) {
    chain.push(event)
    event = history.events[event.cause]
  }
  return chain.reverse()
}
