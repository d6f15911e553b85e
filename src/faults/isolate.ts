// Hosts lose everybody outside their group; packets are dropped without a word.

import { z } from 'zod'
import type { Host } from '../sim/host.ts'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { target } from './target.ts'

export type Direction = 'both' | 'in' | 'out'

/** Drops what enters (`in`), what leaves (`out`), or both. Returns the heal. */
export function isolateHosts(
  stage: Stage,
  name: string,
  hosts: readonly Host[],
  direction: Direction,
): Heal {
  const inside = new Set(hosts)
  return stage.rules.add({
    name,
    test(from, to) {
      const leaves = inside.has(from)
      if (leaves === inside.has(to)) return 'pass'
      if (direction === 'both') return 'drop'
      return (direction === 'out') === leaves ? 'drop' : 'pass'
    },
  })
}

export const isolate = faultKind({
  kind: 'isolate',
  doc: 'The target’s hosts are cut off from all others, and see one another.',
  schema: z.strictObject({ target, direction: z.enum(['both', 'in', 'out']).default('both') }),
  inject(stage: Stage, params): Heal | null {
    const { hosts } = stage.affected(params.target)
    return hosts.length === 0 ? null : isolateHosts(stage, 'isolate', hosts, params.direction)
  },
})
