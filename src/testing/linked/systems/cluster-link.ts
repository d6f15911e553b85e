// Confluent's Cluster Linking: mirrors, under a prefix where another topic might bear their name.

import fc from 'fast-check'
import { filledRecord, seldom } from '../../plain.ts'
import { type AnyCarrier, endsOf } from '../edge.ts'

const choices = fc.record({
  fetchers: seldom(fc.constant(2)),
  syncsGroups: fc.boolean(),
  /** The source dials, and notices soon that nobody is there any more. */
  isDialled: seldom(fc.constant(true)),
})
type LinkChoices = typeof choices extends fc.Arbitrary<infer T> ? T : never

const ALL_GROUPS = JSON.stringify({
  groupFilters: [{ name: '*', patternType: 'LITERAL', filterType: 'INCLUDE' }],
})

export const clusterLink: AnyCarrier = choices.map((of) => ({
  system: 'cluster-link',
  lay: (edge) => {
    const mirrored = edge.topics.filter(({ listedIn }) => listedIn !== null)
    const config = configOf(of, edge.prefix)
    const notices = { 'availability.check.ms': 10_000, 'request.timeout.ms': 10_000 }
    return {
      links: [
        {
          system: 'cluster-link' as const,
          ...endsOf(edge),
          mirrors: mirrored.map(({ name }) => name),
          replicationFactor: Math.min(2, edge.to.brokers),
          ...(config === undefined ? {} : { config }),
          ...(of.isDialled === true ? { source: notices } : {}),
        },
      ],
      copies: [],
      standing: mirrored.map(({ name, partitions }) => ({
        name: `${edge.prefix}${name}`,
        partitions,
        listedIn: 'mirrors' as const,
      })),
      processes: [],
    }
  },
}))

function configOf({ fetchers, syncsGroups, isDialled }: LinkChoices, prefix: string) {
  return filledRecord({
    'cluster.link.prefix': prefix === '' ? undefined : prefix,
    'num.cluster.link.fetchers': fetchers,
    'consumer.offset.sync.enable': syncsGroups ? true : undefined,
    'consumer.offset.sync.ms': syncsGroups ? 3_000 : undefined,
    'consumer.offset.group.filters': syncsGroups ? ALL_GROUPS : undefined,
    'connection.mode': isDialled === true ? 'INBOUND' : undefined,
  })
}
