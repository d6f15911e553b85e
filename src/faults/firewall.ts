// A firewall that knows who began: no connection can be opened that way. What stands goes on, and
// whoever is behind it may open one the other way.

import { z } from 'zod'
import type { Host } from '../sim/host.ts'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { between, sidesOf } from './partition.ts'

const direction = z
  .enum(['both', 'forward', 'backward'])
  .default('forward')
  .meta({ description: 'forward: the first of the two groups can open none to the second.' })

export const firewall = faultKind({
  kind: 'firewall',
  doc: 'No connection can be opened from one group to another; those that stand go on.',
  schema: z.strictObject({ between, direction }),
  inject(stage: Stage, params): Heal | null {
    const [a, b] = sidesOf(stage, params.between)
    if (a.length === 0 || b.length === 0) return null
    const [first, second] = [new Set(a), new Set(b)]
    const refuses = (from: Host, to: Host): boolean => {
      if (params.direction !== 'backward' && first.has(from) && second.has(to)) return true
      return params.direction !== 'forward' && second.has(from) && first.has(to)
    }
    return stage.rules.add({ name: 'firewall', test: () => 'pass', refusesSetup: refuses })
  },
})
