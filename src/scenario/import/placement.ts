// Confluent's placement constraints: a topic with its replicas and observers by rack, verbatim.

import { topic as topicSchema } from '../document/load.ts'
import { plainPath } from '../issue-findings.ts'
import { type Draft, nameFrom, ONLY_CLUSTER } from './draft.ts'
import type { Source } from './source.ts'

/** Reads one file as the placement of a topic; it names none, so its file does. */
export function importPlacement(draft: Draft, source: Source): void {
  const placement = source.take()
  const read = topicSchema.shape.placement.safeParse(placement)
  if (!read.success) {
    const [issue] = read.error.issues
    const path = plainPath(issue?.path ?? [])
    source.fail(path, deepest(issue) ?? 'not a placement', 'write what Confluent’s tools take')
  }
  draft.isConfluent = true
  const stem = source.file.replace(/^.*[\\/]/, '').replace(/\.json$/i, '')
  const cluster = draft.aliases[0] ?? ONLY_CLUSTER
  const topic = {
    cluster,
    name: nameFrom(stem),
    partitions: null,
    replicationFactor: null,
    config: {},
  }
  draft.topics.push({ ...topic, placement })
  draft.assumed.push(`${source.file} names no topic: it places one called ${topic.name}`)
}

/** What the first member of a union says, which is the object and not its text. */
function deepest(issue: { message?: string; errors?: unknown } | undefined): string | null {
  const errors = issue?.errors
  const [first] = Array.isArray(errors) ? errors : []
  const [inner] = Array.isArray(first) ? first : []
  return inner?.message === undefined
    ? (issue?.message ?? null)
    : `${(inner.path ?? []).join('.')} ${inner.message}`.trim()
}

/** Racks with the number of brokers that the constraints need there. */
export function racksOf(placement: unknown): Map<string, number> {
  const read = topicSchema.shape.placement.safeParse(placement)
  const racks = new Map<string, number>()
  if (!read.success || read.data === undefined) return racks
  for (const { count, constraints } of [...read.data.replicas, ...(read.data.observers ?? [])]) {
    racks.set(constraints.rack, (racks.get(constraints.rack) ?? 0) + count)
  }
  return racks
}
