// Gateways of an overlay are gone, and with them every tunnel that ends on them: what stretches
// over it and what is replicated through it stand still together.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { killProcesses, loseHosts } from './machine.ts'
import { type Target, target } from './target.ts'

const schema = z.strictObject({
  target,
  model: z
    .enum(['node', 'pod'])
    .default('node')
    .meta({
      description:
        'node: the machines that the target’s gateways run on go silent, with all gateways on ' +
        'them; pod: only the target’s gateways end.',
    }),
})

export const gatewayLoss = faultKind({
  kind: 'gateway-loss',
  doc: 'Gateways of the overlay are gone: of a region, of a host, or one by its name.',
  schema,
  inject(stage: Stage, params): Heal | null {
    const gateways: Target = { kind: 'part', what: 'gateways', of: params.target }
    if (params.model === 'pod') return killProcesses(stage, stage.affected(gateways).processes)
    const { hosts } = stage.affected({ kind: 'part', what: 'host', of: gateways })
    return loseHosts(stage, hosts, 'kept')
  },
})
