// From a producer's load in a scenario to the lanes of records that its application sends.

import type { Lane } from '../../kafka/clients/record-source.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import type { ProducerSpec } from '../../scenario/model.ts'
import type { Random } from '../../sim/random.ts'
import type { Micros } from '../../sim/time.ts'
import { type Load, lanesOf, type Pace } from '../../workload/load.ts'

/** World times: now, and where the scenario's clock starts. */
export interface LoadClock {
  readonly now: Micros
  readonly origin: Micros
}

/** @param all the topic's partitions in order of their numbers */
export function loadOf(
  spec: ProducerSpec,
  topic: string,
  all: readonly PartitionIndex[],
  clock: LoadClock,
  random: Random,
): Lane[] {
  const chosen = spec.partitions
  const base = { topic, payloadBytes: spec.recordBytes }
  if (chosen === null) {
    const spread =
      spec.keys === null ? { kind: 'sticky' as const } : { kind: 'keyed' as const, keys: spec.keys }
    const load: Load = { ...base, partitions: all, pace: paceOf(spec, 1, clock), spread }
    return [...lanesOf(load, random)]
  }
  return chosen.flatMap((number) => {
    const partition = all[number]
    if (partition === undefined) return []
    const spread = { kind: 'partition' as const, partition }
    const pace = paceOf(spec, 1 / chosen.length, clock)
    return [...lanesOf({ ...base, partitions: all, pace, spread }, random)]
  })
}

/** World times; what lies before now is over and is not sent again after a restart. */
function paceOf(spec: ProducerSpec, share: number, { now, origin }: LoadClock): Pace {
  const from: Micros = Math.max(now, origin + spec.start)
  const until: Micros = origin + spec.stop
  const { load } = spec
  if (load.kind === 'closed') {
    const { inFlight: outstanding, thinkTime } = load
    return { kind: 'closed', from, until, outstanding, thinkTime }
  }
  const phases = load.steps.map((step, i) => ({
    from: Math.max(from, origin + step.at),
    until: Math.min(until, origin + (load.steps[i + 1]?.at ?? spec.stop)),
    recordsPerSecond: step.recordsPerSecond * share,
  }))
  return { kind: 'open', phases: phases.filter((phase) => phase.until > phase.from) }
}
