// Two groups of hosts cannot reach each other, or only one way; everybody else reaches both.

import { z } from 'zod'
import type { Host } from '../sim/host.ts'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { target } from './target.ts'

/** 'forward' cuts what the first group sends to the second. */
export type CutDirection = 'both' | 'forward' | 'backward'

/** Drops packets between two groups. Returns the heal, or null if either group is empty. */
export function cutBetween(
  stage: Stage,
  name: string,
  [a, b]: readonly [readonly Host[], readonly Host[]],
  direction: CutDirection,
): Heal | null {
  if (a.length === 0 || b.length === 0) return null
  const [first, second] = [new Set(a), new Set(b)]
  return stage.rules.add({
    name,
    test(from, to) {
      if (direction !== 'backward' && first.has(from) && second.has(to)) return 'drop'
      return direction !== 'forward' && second.has(from) && first.has(to) ? 'drop' : 'pass'
    },
  })
}

/** The hosts of both sides; 'rest' is everybody outside the other side. */
export function sidesOf(
  stage: Stage,
  between: readonly [z.output<typeof target>, z.output<typeof target>],
): readonly [readonly Host[], readonly Host[]] {
  const [a, b] = between
  const all = [...stage.world.hosts.values()]
  const sideA = a.kind === 'rest' ? null : stage.affected(a).hosts
  const sideB = b.kind === 'rest' ? null : stage.affected(b).hosts
  const without = (other: readonly Host[] | null) =>
    other === null || other.length === 0 ? [] : all.filter((host) => !other.includes(host))
  return [sideA ?? without(sideB), sideB ?? without(sideA)]
}

export const between = z.tuple([target, target], {
  error: 'expected two targets, such as ["region us-east", "region eu-west"]',
})
export const cutDirection = z.enum(['both', 'forward', 'backward']).default('both')

export const partition = faultKind({
  kind: 'partition',
  doc: 'Nothing passes between two groups; one-way with direction forward or backward.',
  schema: z.strictObject({ between, direction: cutDirection }),
  inject(stage: Stage, params): Heal | null {
    return cutBetween(stage, 'partition', sidesOf(stage, params.between), params.direction)
  },
})
