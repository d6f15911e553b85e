// uReplicator: workers, controllers and the ZooKeepers of Helix and of the offsets.

import fc from 'fast-check'
import { choice, chosen, simplestOf, sometimes } from '../../plain.ts'
import {
  type AnyCarrier,
  asListed,
  copiesOf,
  type Edge,
  endsOf,
  listed,
  processNames,
} from '../edge.ts'
import { workersOf } from './mirror-maker2.ts'

const choices = fc.record({
  workers: simplestOf(2, fc.constant(1), fc.constant(2)),
  workerRegion: sometimes(choice),
  controllers: simplestOf(2, fc.constant(1), fc.constant(2)),
  helixRegion: choice,
  /** Offsets lie in a ZooKeeper of their own, in this region. */
  commitRegion: sometimes(choice),
  commitSeconds: sometimes(fc.constantFrom(60, 2)),
  isCreated: simplestOf(2, fc.constant(true), fc.constant(false)),
  keepsPartition: fc.boolean(),
  rebalanceSeconds: sometimes(fc.constantFrom(0, 20)),
  sessionMs: sometimes(fc.constant(6_000)),
})

export const ureplicator: AnyCarrier = choices.map((of) => ({
  system: 'ureplicator',
  lay: (edge) => {
    const copies = of.isCreated ? listed(edge) : []
    const { topics, prefix, regions } = edge
    const session = of.sessionMs === undefined ? undefined : { 'zk.session.timeout': of.sessionMs }
    const commit = of.commitRegion === undefined ? {} : { commit: chosen(regions, of.commitRegion) }
    const mapping = topics.map(({ name }) => [name, `${prefix}${name}`] as const)
    return {
      links: [
        {
          system: 'ureplicator' as const,
          ...endsOf(edge),
          workers: workersOf(of, edge),
          controllers: { [chosen(regions, of.helixRegion)]: of.controllers },
          zookeeper: { helix: chosen(regions, of.helixRegion), ...commit },
          topics: topics.map(({ name }) => name),
          ...(prefix === '' ? {} : { topicMapping: Object.fromEntries(mapping) }),
          controller: {
            ...session,
            'controller.auto.rebalance.delay.in.seconds': of.rebalanceSeconds ?? 120,
          },
          worker: {
            ...session,
            'offset.commit.interval.ms': (of.commitSeconds ?? 10) * 1_000,
            topic_partition_count_observer: of.keepsPartition,
          },
          consumer: { 'auto.offset.reset': 'earliest' },
        },
      ],
      copies,
      standing: of.isCreated ? asListed(copies) : copiesOf(edge),
      processes: [...processNames('ureplicator', edge, of.workers), ...servicesOf(edge, of)],
    }
  },
}))

function servicesOf(
  { from, to }: Edge,
  { controllers, commitRegion }: { controllers: number; commitRegion: number | undefined },
): string[] {
  const link = `ureplicator-${from.name}-${to.name}`
  return [
    ...Array.from({ length: controllers }, (_, i) => `${link}-controller-${i + 1}`),
    `${link}-zookeeper`,
    ...(commitRegion === undefined ? [] : [`${link}-commit-zookeeper`]),
  ]
}
