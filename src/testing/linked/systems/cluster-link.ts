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
  startsAt: seldom(fc.constantFrom('latest', 'earliest')),
})
type LinkChoices = typeof choices extends fc.Arbitrary<infer T> ? T : never

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
    const config = configOf(of, prefix, isPair)
    const notices = { 'availability.check.ms': 10_000, 'request.timeout.ms': 10_000 }
    const names = mirrored.map(({ name }) => name)
    return {
      links: [
        {
          system: 'cluster-link' as const,
          ...endsOf(edge),
          mirrors: names,
          replicationFactor: Math.min(2, edge.to.brokers),
          ...(config === undefined ? {} : { config }),
          ...(of.isDialled === true ? { source: notices } : {}),
        },
      ],
      copies: [],
      standing: mirrored.map(({ name, partitions }) => ({
        name: `${prefix}${name}`,
        partitions,
        listedIn: 'mirrors' as const,
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
