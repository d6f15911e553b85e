// Confluent's placement constraints as an assignment: which brokers hold replicas and which hold
// observers of each partition.

import type { PlacementDocument, TopicDocument } from '../document/load.ts'
import { topic as topicSchema } from '../document/load.ts'
import type { NodeSpec, ReplicaAssignment } from '../model.ts'
import type { Path } from '../problem.ts'
import type { Findings } from './findings.ts'
import type { Release } from './release.ts'

const SETTING = 'confluent.placement.constraints'

interface Taken {
  readonly placement: PlacementDocument | null
  /** The topic's settings without the placement. */
  readonly config: Readonly<Record<string, unknown>>
}

/** The placement of a topic, written as `placement` or as Confluent's topic setting. */
export function takePlacement(
  path: Path,
  topic: TopicDocument,
  release: Release,
  findings: Findings,
): Taken {
  const { [SETTING]: text, ...config } = topic.config
  if (topic.placement === undefined && text === undefined) return { placement: null, config }
  const here = text === undefined ? [...path, 'placement'] : [...path, 'config', SETTING]
  if (release.flavour === 'apache') {
    const fix = 'set flavour: confluent, or write an assignment'
    findings.error(here, 'placement constraints exist only in Confluent Server', fix)
    return { placement: null, config }
  }
  if (text === undefined) return { placement: topic.placement ?? null, config }
  const read = topicSchema.shape.placement.safeParse(text)
  if (read.success) return { placement: read.data ?? null, config }
  const message = read.error.issues[0]?.message ?? 'not a placement'
  findings.error(here, message, 'paste the JSON that Confluent’s tools take', text)
  return { placement: null, config }
}

/**
 * Places partition after partition. Within a rack the brokers take turns by id, so that leaders
 * spread; racks keep the order of the constraints, so that the first one leads.
 */
export function placeByConstraints(
  path: Path,
  placement: PlacementDocument,
  partitions: number,
  brokers: readonly NodeSpec[],
  findings: Findings,
): ReplicaAssignment[] {
  if (placement.version === 1 && placement.observerPromotionPolicy !== undefined) {
    const fix = 'write "version": 2'
    findings.error([...path, 'placement'], 'version 1 has no observerPromotionPolicy', fix)
  }
  checkRacks(path, placement, brokers, findings)
  return Array.from({ length: partitions }, (_, partition) => {
    const used = new Set<number>()
    const sync = placement.replicas.flatMap((one) => takeFrom(one, brokers, partition, used))
    const observers = (placement.observers ?? []).flatMap((one) =>
      takeFrom(one, brokers, partition, used),
    )
    return { replicas: [...sync, ...observers], observers }
  })
}

type Constraint = PlacementDocument['replicas'][number]

function takeFrom(
  { count, constraints }: Constraint,
  brokers: readonly NodeSpec[],
  partition: number,
  used: Set<number>,
): number[] {
  const rack = brokers
    .filter((broker) => broker.rack === constraints.rack && !used.has(broker.id))
    .map(({ id }) => id)
    .sort((a, b) => a - b)
  const chosen: number[] = []
  for (let i = 0; i < Math.min(count, rack.length); i++) {
    const id = rack[(partition + i) % rack.length]
    if (id !== undefined) chosen.push(id)
  }
  for (const id of chosen) used.add(id)
  return chosen
}

function checkRacks(
  path: Path,
  placement: PlacementDocument,
  brokers: readonly NodeSpec[],
  findings: Findings,
): void {
  const wanted = new Map<string, number>()
  for (const { count, constraints } of [...placement.replicas, ...(placement.observers ?? [])]) {
    wanted.set(constraints.rack, (wanted.get(constraints.rack) ?? 0) + count)
  }
  const racks = [...new Set(brokers.flatMap(({ rack }) => rack ?? []))]
  for (const [rack, count] of wanted) {
    const have = brokers.filter((broker) => broker.rack === rack).length
    if (have === 0) findings.unknown([...path, 'placement'], 'rack', rack, racks)
    else if (have < count) {
      const message = `rack ${rack} has ${have} brokers for ${count} replicas`
      findings.error([...path, 'placement'], message, 'lower the count or add brokers')
    }
  }
}
