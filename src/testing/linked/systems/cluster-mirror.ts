// Cluster mirroring of KIP-1279. A mirror bears the name of its source, so topics are mirrored to
// where that name is free; the way home is there from the start and carries nothing until somebody
// starts it.

import fc from 'fast-check'
import { filledRecord, seldom, simplestOf } from '../../plain.ts'
import { type AnyCarrier, endsOf, free } from '../edge.ts'

const choices = fc.record({
  fetchers: seldom(fc.constant(2)),
  refreshSeconds: fc.constantFrom(2, 5, 60),
  /** Kafka's 1 MiB, or so little that a log is cut in the middle of what the source sent. */
  fetchBytes: seldom(fc.constant(8_192)),
  followsTruncation: seldom(fc.constant(true)),
  hasWayBack: simplestOf(1, fc.constant(true), fc.constant(false)),
})

export const clusterMirror: AnyCarrier = choices.map((of) => ({
  system: 'cluster-mirror',
  lay: (edge) => {
    const mirrored = free(edge)
    if (mirrored.length === 0) return { links: [], copies: [], standing: [], processes: [] }
    const config = filledRecord({
      'mirror.num.replica.fetchers': of.fetchers,
      'mirror.metadata.refresh.interval.ms': of.refreshSeconds * 1_000,
      'mirror.fetch.max.bytes': of.fetchBytes,
      'mirror.support.unclean.leader.election': of.followsTruncation,
    })
    const { from, to } = endsOf(edge)
    const system = 'cluster-mirror' as const
    const settings = config === undefined ? {} : { config }
    const names = mirrored.map(({ name }) => name)
    const back = `home-${from}-${to}`
    return {
      links: [
        { system, from, to, mirrors: names, ...settings },
        ...(of.hasWayBack ? [{ system, name: back, from: to, to: from, ...settings }] : []),
      ],
      copies: [],
      standing: mirrored.map(({ name, partitions }) => {
        return { name, partitions, listedIn: 'mirrors' as const }
      }),
      processes: [],
      mirrors: {
        ...{ system, link: `${from}->${to}`, from, to, topics: names },
        back: of.hasWayBack ? back : null,
      },
    }
  },
}))
