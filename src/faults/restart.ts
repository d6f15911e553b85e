// One restart, by SIGTERM or kill -9, and the start of a process that is down.

import { z } from 'zod'
import type { Process } from '../sim/process.ts'
import type { Micros } from '../sim/time.ts'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { startAll } from './machine.ts'
import { duration } from './quantity.ts'
import { target } from './target.ts'

/** How often a restart looks whether the old process has exited. */
const EXIT_POLL: Micros = 10_000

/**
 * Stops a process, waits until it has exited, waits `downtime`, starts it, and then calls back.
 * A process that never exits is waited for until the run ends.
 */
export function restartProcess(
  stage: Stage,
  process: Process,
  how: 'terminate' | 'kill',
  downtime: Micros,
  started: () => void,
): void {
  const letRun = stage.downProcesses.take([process])
  if (how === 'kill') process.crash()
  else process.terminate()
  const whenStopped = (): void => {
    if (process.state !== 'stopped') {
      stage.later(EXIT_POLL, whenStopped)
      return
    }
    stage.later(downtime, () => {
      startAll(stage, letRun())
      started()
    })
  }
  whenStopped()
}

export const how = z.enum(['terminate', 'kill']).default('terminate')

export const restart = faultKind({
  kind: 'restart',
  doc: 'A process is stopped, and started as soon as it has exited.',
  schema: z.strictObject({ target, how, downtime: duration.default(0) }),
  inject(stage: Stage, params): Heal | null {
    for (const process of stage.affected(params.target).processes) {
      if (process.state === 'running') {
        restartProcess(stage, process, params.how, params.downtime, () => {})
      }
    }
    return null
  },
})

export const start = faultKind({
  kind: 'start',
  doc: 'A stopped process is started, whatever fault keeps it down, where its machine has power.',
  schema: z.strictObject({ target }),
  inject(stage: Stage, params): Heal | null {
    const { processes } = stage.affected(params.target)
    // Without power nobody starts anything; what ran there comes back with its machine.
    const startable = processes.filter(({ host }) => host.up)
    for (const process of startable) stage.downProcesses.clear(process)
    startAll(stage, startable)
    return null
  },
})
