// What a run did to a link, and whether its system still promises anything.

import type { LinkSpec } from '../../scenario/links.ts'
import { processesOf } from '../../scenario/links.ts'
import { soundPartitions } from '../exposure.ts'
import type { ObservedRun } from '../observed-run.ts'
import type { Copied } from './copies.ts'

/**
 * A producer of the link gave records up, so that later ones may have passed them: what comes then
 * is the system's own choice, to leave them out, to end, or to go back.
 */
export function hasGivenUp({ history }: ObservedRun, link: LinkSpec): boolean {
  const names = processesOf(link).map(({ name }) => name)
  return history.events.some(({ kind, actor, text }) => {
    if (!names.some((name) => actor.endsWith(` ${name}`))) return false
    if (kind === 'send-failed') return true
    // Of a task of Flink's, and of one of Connect's, which nobody starts again.
    return kind === 'task-failed' && /Failed to send data|could not be sent/.test(text)
  })
}

/**
 * Retention deleted what a link may not have read: a consumer that finds its position gone begins
 * where auto.offset.reset says, and what was between is left out (KafkaConsumer, MirrorSourceTask).
 */
export function trimmedPartitions({ history }: ObservedRun): ReadonlySet<number> {
  return new Set(history.deletions.column('partition'))
}

/** Copies both of whose ends kept what they had committed. */
export function soundCopies(run: ObservedRun, copied: readonly Copied[]): Copied[] {
  const sound = soundPartitions(run)
  return copied.filter(({ source, copies }) => sound[source] && copies.every((one) => sound[one]))
}
