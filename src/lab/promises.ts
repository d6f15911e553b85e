// From a scenario's objectives, in micros and fractions, to the judge's, in ms and ratios.

import type { Objective as Promise_ } from '../check/judgement.ts'
import type { Objective } from '../scenario/model.ts'

/** One objective in the judge's units. */
export function promisesOf({ name, direction, limit, unit }: Objective): Promise_ {
  return { id: name, comparison: direction, limit: unit === 'micros' ? limit / 1000 : limit }
}
