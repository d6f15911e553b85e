// SIGTERM: the program shuts down in its own order and exits when it is done.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { startAll } from './machine.ts'
import { target } from './target.ts'

export const controlledShutdown = faultKind({
  kind: 'controlled-shutdown',
  doc: 'A process is asked to stop; healing starts it again.',
  schema: z.strictObject({ target }),
  inject(stage: Stage, params): Heal | null {
    const { processes } = stage.affected(params.target)
    if (processes.length === 0) return null
    const letRun = stage.downProcesses.take(processes)
    for (const process of processes) process.terminate()
    return () => startAll(stage, letRun())
  },
})
