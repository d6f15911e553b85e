// Lines of the story that the processes of links tell.

import type { History } from '../../history.ts'
import type { ConsumerObserver } from '../../kafka/clients/consumer-observer.ts'
import type { WorkerObserver } from '../../mirror/connect/worker.ts'
import type { SourceTaskConfig } from '../../mirror/connect/worker-source-task.ts'
import type { TranslationObserver } from '../../mirror/mirror-maker2/translation-observer.ts'
import { tellStalled } from '../../mirror/producer-feed.ts'
import { SECOND } from '../../sim/time.ts'
import type { ReplicatorSurroundings } from './replicator.ts'

/** Writes a line. */
export type Tell = (kind: string, text: string) => void

/** Lines of one process, by what it is; the newest fault is what explains them. */
export function tellOf(
  { history, causes, clock }: Pick<ReplicatorSurroundings, 'history' | 'causes' | 'clock'>,
  process: string,
  role = 'worker',
): Tell {
  return (kind, text) => {
    const at = clock.now()
    history.event({ at, actor: `${role} ${process}`, kind, text, cause: causes.fault })
  }
}

/** Tells where the consumer of a task did not go on where it was. */
export function seekTeller(
  history: Pick<History, 'partitionName'>,
  tell: Tell,
): NonNullable<ConsumerObserver['onSeek']> {
  return (partition, from, to, reason) => {
    if (reason === 'initial' || reason === 'committed') return
    tell('seek', `${history.partitionName(partition)}: position ${from} → ${to} (${reason})`)
  }
}

/** Tells why the tasks of a Connect worker do not run. */
export function workerTeller(tell: Tell): WorkerObserver {
  return {
    onGaveUp: ({ connectors, tasks }) => {
      if (connectors.length + tasks.length === 0) return
      const count = `${connectors.length} connectors and ${tasks.length} tasks`
      tell('work-given-up', `finds no coordinator of its group: stops its ${count}`)
    },
    onDelayed: (delay) => {
      const text = `${(delay / SECOND).toFixed(1)} s`
      tell('rebalance-delayed', `joins again in ${text}: work without a worker waits until then`)
    },
    onLeft: () =>
      tell('group-left', 'cannot read on in its config topic: leaves its group for now'),
    onEnded: (reason) => tellEnded(tell, `${reason}, exit code 1`),
  }
}

/** Tells that a process of Connect ends of itself: no supervisor is part of a scenario. */
export function tellEnded(tell: Tell, reason: string): void {
  tell('process-ended', `ends, and no supervisor starts it again: ${reason}`)
}

/** Tells what keeps groups from being translated: for Connect connector and tasks run on. */
export function translationTeller(tell: Tell): TranslationObserver {
  return {
    onCheckpointsUnread: (reason) => {
      const effect = 'of the offset syncs that are there only the last counts'
      tell('checkpoints-unread', `${reason}: ${effect}`)
    },
    onSyncsUnread: (reason) => {
      tell('syncs-unread', `${reason}: translates nothing until the task is started again`)
    },
    onGroupsUnlisted: (reason) => {
      const effect = 'groups that it does not find have no task until a later look finds them'
      tell('groups-unlisted', `cannot list all groups of ${reason}: ${effect}`)
    },
  }
}

/** Tells that a task of a Connect worker has thrown; nobody but Mirus starts it again. */
function failureTeller(tell: Tell): (reason: string) => void {
  return (reason) => tell('task-failed', `a task has failed: ${reason}`)
}

/** What a task does that cannot send: it fails, or tells the first of a kind and goes on. */
export function troubleOf(tell: Tell, tolerance: string): Pick<SourceTaskConfig, TaskTrouble> {
  const onFailed = failureTeller(tell)
  const onStalled = (reason: string) => tellStalled(tell, reason)
  if (tolerance !== 'all') return { onFailed, onStalled }
  const told = new Set<string>()
  const onPassedOver = (_count: number, error: string) => {
    if (told.has(error)) return
    told.add(error)
    tell('records-passed-over', `records that cannot be sent are passed over: ${error}`)
  }
  return { onFailed, onStalled, onPassedOver }
}

type TaskTrouble = 'onFailed' | 'onStalled' | 'onPassedOver'
