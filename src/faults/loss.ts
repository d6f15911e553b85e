// A host, a zone or a region is gone: no reset, no answer, until it heals.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { isolateHosts } from './isolate.ts'
import { loseHosts } from './machine.ts'
import { target } from './target.ts'

const schema = z.strictObject({
  target,
  model: z
    .enum(['power', 'stop', 'disks', 'isolate'])
    .default('power')
    .meta({
      description:
        'power: machines go silent and lose what was not flushed; stop: silent, disks intact; ' +
        'disks: silent, and the disks come back empty; isolate: machines run on, cut off.',
    }),
})

function lossOf<K extends 'host-loss' | 'zone-loss' | 'region-loss'>(kind: K, doc: string) {
  return faultKind({
    kind,
    doc,
    schema,
    inject(stage: Stage, params): Heal | null {
      const hosts = withNeighbours(stage, kind, params.target)
      if (hosts.length === 0) return null
      if (params.model === 'isolate') return isolateHosts(stage, kind, hosts, 'both')
      const fate = { power: 'unflushed-lost', stop: 'kept', disks: 'lost' } as const
      return loseHosts(stage, hosts, fate[params.model])
    },
  })
}

/** The whole place a target stands in: of a broker its host, its zone or its region. */
function withNeighbours(
  stage: Stage,
  kind: 'host-loss' | 'zone-loss' | 'region-loss',
  hit: z.output<typeof target>,
) {
  const what = kind === 'host-loss' ? 'host' : kind === 'zone-loss' ? 'zone' : 'region'
  return stage.affected({ kind: 'part', what, of: hit }).hosts
}

export const hostLoss = lossOf('host-loss', 'The host that the target runs on is gone.')
export const zoneLoss = lossOf('zone-loss', 'The zone that the target stands in is gone.')
export const regionLoss = lossOf('region-loss', 'The region that the target stands in is gone.')
