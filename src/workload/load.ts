import { partitionForKey, utf8 } from '../kafka/clients/murmur2.ts'
import type { Lane } from '../kafka/clients/record-source.ts'
import type { PartitionIndex } from '../kafka/ids.ts'
import type { Micros } from '../sim/time.ts'
import { ClosedLoopSource } from './closed-loop.ts'
import type { RatePhase } from './open-loop.ts'
import { OpenLoopSource } from './open-loop.ts'

/** How fast one producer's application sends. */
export type Pace =
  | { readonly kind: 'open'; readonly phases: readonly RatePhase[] }
  | {
      readonly kind: 'closed'
      readonly from: Micros
      readonly until: Micros
      readonly outstanding: number
      readonly thinkTime: Micros
    }

/** Which partition a record goes to. */
export type Spread =
  | { readonly kind: 'sticky' }
  | { readonly kind: 'partition'; readonly partition: PartitionIndex }
  /** `keys` different keys, each as frequent as the others, hashed by Kafka's own function. */
  | { readonly kind: 'keyed'; readonly keys: number }

export interface Load {
  readonly topic: string
  /** The topic's partitions, in order of their numbers. */
  readonly partitions: readonly PartitionIndex[]
  /** Key, value and headers of one record. */
  readonly payloadBytes: number
  readonly pace: Pace
  readonly spread: Spread
}

/** The only chance that a load needs. */
export interface OffsetRandom {
  float(): number
}

/**
 * The lanes of one producer under `load`. Keyed open-loop load becomes one lane a partition, with
 * the share of the rate that the hash gives it; keyed closed load falls back to one lane a
 * partition that holds any key, each at the full pace of its own.
 */
export function lanesOf(load: Load, random: OffsetRandom): readonly Lane[] {
  const { spread } = load
  switch (spread.kind) {
    case 'sticky':
      return [
        {
          source: sourceOf(load, 1, random),
          target: { kind: 'sticky', topic: load.topic, partitions: load.partitions },
        },
      ]
    case 'partition':
      return [
        {
          source: sourceOf(load, 1, random),
          target: { kind: 'partition', partition: spread.partition },
        },
      ]
    case 'keyed':
      return keyShares(spread.keys, load.partitions.length).flatMap((share, number) => {
        const partition = load.partitions[number]
        if (share === 0 || partition === undefined) return []
        const source = sourceOf(load, share, random)
        return [{ source, target: { kind: 'partition' as const, partition } }]
      })
  }
}

/** Share of the keys `0` .. `keys - 1` (as text) that falls on each partition number. */
export function keyShares(keys: number, partitions: number): readonly number[] {
  return keysByPartition(keys, partitions).map((own) => own.length / keys)
}

/** The keys `0` .. `keys - 1` (as text) that fall on each partition number. */
export function keysByPartition(keys: number, partitions: number): readonly (readonly number[])[] {
  const own = Array.from({ length: partitions }, (): number[] => [])
  for (let key = 0; key < keys; key++) {
    own[partitionForKey(utf8(String(key)), partitions)]?.push(key)
  }
  return own
}

function sourceOf(load: Load, share: number, random: OffsetRandom) {
  const { pace, payloadBytes } = load
  switch (pace.kind) {
    case 'open': {
      const phases = pace.phases.map((phase) => ({
        ...phase,
        recordsPerSecond: phase.recordsPerSecond * share,
      }))
      return new OpenLoopSource(payloadBytes, phases, random.float())
    }
    case 'closed':
      return new ClosedLoopSource(
        payloadBytes,
        pace.from,
        pace.until,
        pace.outstanding,
        pace.thinkTime,
      )
  }
}
