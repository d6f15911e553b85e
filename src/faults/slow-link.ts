// A path that got worse: more delay, jitter or loss, or less bandwidth.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { netem } from './netem.ts'
import { between, cutDirection, sidesOf } from './partition.ts'
import { bandwidth, duration, share } from './quantity.ts'

const schema = z.strictObject({
  between,
  direction: cutDirection,
  netem: netem.optional(),
  delay: duration.optional(),
  jitter: duration.optional(),
  loss: share.optional(),
  bandwidth: bandwidth.optional(),
})

/** What is added to the link; bandwidth 0 = as before. */
function additionOf(params: z.output<typeof schema>) {
  return {
    delay: params.delay ?? params.netem?.delay ?? 0,
    jitter: params.jitter ?? params.netem?.jitter ?? 0,
    lossPpm: params.loss ?? params.netem?.lossPpm ?? 0,
    bandwidthBps: params.bandwidth ?? params.netem?.bandwidthBps ?? 0,
  }
}

export const slowLink = faultKind({
  kind: 'slow-link',
  doc: 'Delay, jitter and loss are added to a path and its bandwidth is capped.',
  schema,
  inject(stage: Stage, params): Heal | null {
    const [a, b] = sidesOf(stage, params.between)
    if (a.length === 0 || b.length === 0) return null
    const [first, second] = [new Set(a), new Set(b)]
    const addition = additionOf(params)
    return stage.rules.add({
      name: 'slow-link',
      test(from, to) {
        const forward = first.has(from) && second.has(to)
        const backward = second.has(from) && first.has(to)
        if (forward && params.direction !== 'backward') return addition
        return backward && params.direction !== 'forward' ? addition : 'pass'
      },
    })
  },
})
