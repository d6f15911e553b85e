// Confluent's Cluster Linking: mirrors under a prefix, or pairs without one that may be turned
// round.

import fc from 'fast-check'
import { filledRecord, seldom, simplestOf } from '../../plain.ts'
import { type AnyCarrier, type Edge, endsOf, free } from '../edge.ts'

const choices = fc.record({
  fetchers: seldom(fc.constant(2)),
  syncsGroups: fc.boolean(),
  /** The source dials, and notices soon that nobody is there any more. */
  isDialled: seldom(fc.constant(true)),
  /** BIDIRECTIONAL, where the names of its topics are free at the target. */
  isPair: simplestOf(1, fc.constant(false), fc.constant(true)),
  startsAt: seldom(
    fc.oneof(fc.constantFrom('latest', 'earliest'), fc.integer({ min: 0, max: 30 }).map(instant)),
  ),
  /** It makes mirrors by itself of all that its filters name, whoever else made it. */
  makesMirrors: seldom(fc.constant(true)),
})
type LinkChoices = typeof choices extends fc.Arbitrary<infer T> ? T : never

/** So soon after it was made a topic of the source is looked at. */
const METADATA_AGE_MS = 5_000

function instant(second: number): string {
  return `1970-01-01T00:00:${String(second).padStart(2, '0')}Z`
}

const ALL_GROUPS = JSON.stringify({
  groupFilters: [{ name: '*', patternType: 'LITERAL', filterType: 'INCLUDE' }],
})

export const clusterLink: AnyCarrier = choices.map((of) => ({
  system: 'cluster-link',
  lay: (edge) => {
    const alone = of.isPair ? free(edge) : []
    const isPair = alone.length > 0
    const mirrored = isPair ? alone : edge.topics.filter(({ listedIn }) => listedIn !== null)
    const prefix = isPair ? '' : edge.prefix
    const makes = of.makesMirrors === true && !isPair ? edge.topics.map(({ name }) => name) : []
    const config = { ...configOf(of, prefix, isPair), ...makingOf(makes) }
    const notices = { 'availability.check.ms': 10_000, 'request.timeout.ms': 10_000 }
    const names = mirrored.map(({ name }) => name)
    return {
      links: [
        {
          system: 'cluster-link' as const,
          ...endsOf(edge),
          mirrors: makes.length > 0 ? [] : names,
          replicationFactor: Math.min(2, edge.to.brokers),
          config,
          // Its runs are short, and what an order does is what they are about.
          knobs: { restoreTakes: '1s' },
          ...(of.isDialled === true ? { source: notices } : {}),
        },
      ],
      copies: [],
      standing: (makes.length > 0 ? edge.topics : mirrored).map(({ name, partitions }) => ({
        name: `${prefix}${name}`,
        partitions,
        listedIn: makes.length > 0 ? null : ('mirrors' as const),
      })),
      processes: [],
      mirrors: setOf(edge, names, isPair),
    }
  },
}))

function setOf(edge: Edge, topics: readonly string[], isPair: boolean) {
  const { from, to } = endsOf(edge)
  const link = `${from}->${to}`
  return { system: 'cluster-link' as const, link, from, to, topics, back: isPair ? link : null }
}

function makingOf(names: readonly string[]): Record<string, string | number | boolean> {
  if (names.length === 0) return {}
  const topicFilters = names.map((name) => {
    return { name, patternType: 'LITERAL', filterType: 'INCLUDE' }
  })
  return {
    'auto.create.mirror.topics.enable': true,
    'auto.create.mirror.topics.filters': JSON.stringify({ topicFilters }),
    'metadata.max.age.ms': METADATA_AGE_MS,
  }
}

function configOf(of: LinkChoices, prefix: string, isPair: boolean) {
  const { fetchers, syncsGroups, isDialled, startsAt } = of
  return filledRecord({
    'cluster.link.prefix': prefix === '' ? undefined : prefix,
    'num.cluster.link.fetchers': fetchers,
    'consumer.offset.sync.enable': syncsGroups ? true : undefined,
    'consumer.offset.sync.ms': syncsGroups ? 3_000 : undefined,
    'consumer.offset.group.filters': syncsGroups ? ALL_GROUPS : undefined,
    'connection.mode': isDialled === true ? 'INBOUND' : undefined,
    'link.mode': isPair ? 'BIDIRECTIONAL' : undefined,
    'mirror.start.offset.spec': startsAt,
  })
}
