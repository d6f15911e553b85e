// Global write: all regions write the same objects at the same time, and readers must settle it.

import { meshLinks, meshReaders } from '../mesh.ts'
import { brownOut, cut, FAULT_AT, ordersIn, outage, regionalClusters, shopIn } from '../parts.ts'
import type { Design, Plan, Topology } from '../topology.ts'

/** Few objects, so that two regions write the same one soon. */
const KEYS = 1_000

export const globalWrite: Topology = {
  name: 'global-write',
  line: 'all regions write the same objects, and readers settle who wins',
  regions: { min: 2, roles: 'regions that all write the same objects' },
  hasLinks: true,
  example: 'aws:us-east-1,aws:eu-west-1',
  design(plan: Plan): Design {
    return {
      question: 'Regions that write the same objects lose sight of one another: what does it cost?',
      purpose: [
        'Nobody waits for anybody: writes go on in every region whatever becomes of the ' +
          'others, recovery time 0. The price is not loss but conflict. No replication system ' +
          'for Kafka merges one topic out of two, so each region keeps its own, and the ' +
          'readers put them together: by time stamp (the last writer wins, the other’s change ' +
          'is silently gone), or with data types that commute.',
        'How long two regions may contradict each other is how far the links are behind: ' +
          'the end to end latency of the copies on a good day, the whole length of a cut on a ' +
          'bad one. Where that cannot be borne, one cluster has to be stretched.',
      ],
      failureModes: [
        'Two regions change one object: both were told yes, and only one change survives ' +
          'the merge.',
        'Clocks that differ by more than a link’s delay decide who was last.',
        'Each reader sees another order of the same changes.',
      ],
      duration: '120s',
      clusters: regionalClusters(plan),
      topics: {
        why: 'One topic a region, under one name; together they are the global one.',
        entries: plan.regions.map(({ name }) => ({ item: ordersIn(name, plan) })),
      },
      producers: {
        why: 'The same keys in every region: what they have in common is what can conflict.',
        entries: plan.regions.map((place) => ({ item: shopIn(place, plan, { keys: KEYS }) })),
      },
      consumers: {
        why: 'The merge: each region reads its own topic and the copies of all others.',
        entries: meshReaders(plan),
      },
      links: meshLinks(plan),
      faults: faultsOf(plan),
      objectives: {
        why: 'Always writable, nothing lost. That nothing contradicts is promised by nobody.',
        entries: [
          { item: { 'rpo.records': 0 } },
          { item: { availability: '99.9%' } },
          { item: { 'produce.p99': '100ms' } },
        ],
      },
    }
  },
}

function faultsOf(plan: Plan): Design['faults'] {
  const { first, others } = plan
  const other = others[0] ?? first
  return {
    why:
      'The first region and the second do not hear one another. Both write on: every change ' +
      'of this time is a possible conflict.',
    entries: [{ item: cut([first, other], FAULT_AT, '40s') }],
    ideas: [
      {
        why: 'One region is down instead: its writes stop, and no one else’s.',
        fault: outage(first, FAULT_AT, '40s'),
      },
      brownOut([first, other], FAULT_AT),
    ],
  }
}
