// A link that comes and goes: cut for `down`, whole for `up`, again and again until it heals.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { between, cutBetween, cutDirection, sidesOf } from './partition.ts'
import { duration } from './quantity.ts'

/** Shorter phases than this would fill a run with events. */
const PHASE_MIN = 1_000

export const flapping = faultKind({
  kind: 'flapping',
  doc: 'The path between two groups is cut and healed in turn.',
  schema: z.strictObject({ between, direction: cutDirection, down: duration, up: duration }),
  inject(stage: Stage, params): Heal | null {
    const sides = sidesOf(stage, params.between)
    let heal = cutBetween(stage, 'flapping', sides, params.direction)
    if (heal === null) return null
    let over = false
    const flip = (): void => {
      if (over) return
      if (heal === null) heal = cutBetween(stage, 'flapping', sides, params.direction)
      else {
        heal()
        heal = null
      }
      const phase = heal === null ? params.up : params.down
      stage.later(Math.max(PHASE_MIN, phase), flip)
    }
    stage.later(Math.max(PHASE_MIN, params.down), flip)
    return () => {
      over = true
      heal?.()
    }
  },
})
