// A process stands still: a long garbage collection, SIGSTOP, a virtual machine being moved.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { target } from './target.ts'

export const pause = faultKind({
  kind: 'pause',
  doc: 'A process stands still while its kernel goes on; healing lets it continue.',
  schema: z.strictObject({ target }),
  inject(stage: Stage, params): Heal | null {
    const hit = stage
      .affected(params.target)
      .processes.filter((process) => process.state === 'running')
    if (hit.length === 0) return null
    for (const process of hit) process.pause()
    return () => {
      for (const process of hit) if (process.state === 'paused') process.resume()
    }
  },
})
