// A process ends without a word: kill -9, a kernel panic, a power cut, or with its disk.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { killProcesses, loseHosts } from './machine.ts'
import { target } from './target.ts'

const CRASH_MODELS = ['process', 'os', 'power', 'disk'] as const

const schema = z.strictObject({
  target,
  model: z
    .enum(CRASH_MODELS)
    .default('process')
    .meta({
      description:
        'process: kill -9, nothing written is lost and sockets reset; os and power: the host ' +
        'goes silent and what was not flushed is lost; disk: kill -9 and the disk is empty.',
    }),
})

export const crash = faultKind({
  kind: 'crash',
  doc: 'A process ends at once; healing starts it again.',
  schema,
  inject(stage: Stage, params): Heal | null {
    const { processes, hosts } = stage.affected(params.target)
    if (params.model === 'os' || params.model === 'power') {
      return loseHosts(stage, hosts, 'unflushed-lost')
    }
    const heal = killProcesses(stage, processes)
    if (params.model === 'disk') for (const host of hosts) host.disk.lose()
    return heal
  },
})
