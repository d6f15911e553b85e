// Restarts one process after another, as a rolling upgrade does.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { duration } from './quantity.ts'
import { how, restartProcess } from './restart.ts'
import { target } from './target.ts'

const PAUSE_DEFAULT = 30_000_000

export const rollingRestart = faultKind({
  kind: 'rolling-restart',
  doc: 'Each process is restarted in turn, with a pause after each start.',
  schema: z.strictObject({
    target,
    how,
    downtime: duration.default(0),
    pause: duration.default(PAUSE_DEFAULT),
  }),
  inject(stage: Stage, params): Heal | null {
    const queue = [...stage.affected(params.target).processes]
    const next = (): void => {
      let process = queue.shift()
      while (process !== undefined && process.state !== 'running') process = queue.shift()
      if (process === undefined) return
      restartProcess(stage, process, params.how, params.downtime, () => {
        stage.later(params.pause, next)
      })
    }
    next()
    return null
  },
})
