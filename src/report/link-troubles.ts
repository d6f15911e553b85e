import type { TimelineEvent } from '../contract.ts'

/** After these a link copies nothing, or not all, until somebody looks after it. */
const LINK_TROUBLES: ReadonlySet<string> = new Set([
  ...['send-stalled', 'records-passed-over', 'send-failed', 'task-failed', 'thread-failed'],
  ...['mirror-maker-stopped', 'job-failed', 'helix-refused'],
  ...['process-ended', 'checkpoints-unread', 'syncs-unread', 'groups-unlisted'],
])

/** The first of each kind that a process tells: one task's may be everybody's. */
export function linkTroubles(timeline: readonly TimelineEvent[]): TimelineEvent[] {
  const told = new Set<string>()
  const troubles: TimelineEvent[] = []
  for (const event of timeline) {
    const key = `${event.actor} ${event.kind}`
    if (!LINK_TROUBLES.has(event.kind) || told.has(key)) continue
    told.add(key)
    troubles.push(event)
  }
  return troubles
}
