// A process ends without a word: kill -9, a kernel panic, a power cut, or with its disk.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { loseHosts, startAll } from './machine.ts'
import { target } from './target.ts'

export const CRASH_MODELS = ['process', 'os', 'power', 'disk'] as const

const schema = z.strictObject({
  target,
  model: z
    .enum(CRASH_MODELS)
    .default('process')
    .meta({
      description:
        'process: kill -9, nothing written is lost and sockets reset; os and power: the host goes ' +
        'silent and what was not flushed is lost; disk: kill -9 and the disk is empty.',
    }),
})

export const crash = faultKind({
  kind: 'crash',
  doc: 'A process ends at once; healing starts it again.',
  schema,
  inject(stage: Stage, params): Heal | null {
    const { processes } = stage.affected(params.target)
    const hit = processes.filter((process) => process.state !== 'stopped')
    if (hit.length === 0) return null
    const hosts = [...new Set(hit.map((process) => process.host))]
    if (params.model === 'os' || params.model === 'power') {
      return loseHosts(stage, hosts, 'unflushed-lost')
    }
    for (const process of hit) process.crash()
    if (params.model === 'disk') for (const host of hosts) host.disk.lose()
    return () => startAll(stage, hit)
  },
})
