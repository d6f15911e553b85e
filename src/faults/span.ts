// A moment or a length of time in a file: fixed, or a range of which the seed draws one.

import { z } from 'zod'
import { duration } from './quantity.ts'

/** Fixed, or [from, to] for one drawn from the seed. */
export const span = z
  .union([duration, z.tuple([duration, duration], { error: 'expected [from, to], two durations' })])
  .transform((input, context): readonly [number, number] => {
    const [from, to] = typeof input === 'number' ? [input, input] : input
    if (from <= to) return [from, to]
    const fix = 'write the earlier one first'
    context.issues.push({
      code: 'custom',
      message: 'the range ends before it starts',
      input,
      params: { fix },
    })
    return z.NEVER
  })
