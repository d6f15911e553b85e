// Active-active: every region writes its own topic and reads everybody's.

import { meshLinks, meshReaders } from '../mesh.ts'
import {
  brownOut,
  cut,
  destroyed,
  FAULT_AT,
  MOVED_AT,
  ordersIn,
  outage,
  regionalClusters,
  shopIn,
} from '../parts.ts'
import type { Design, Plan, Topology } from '../topology.ts'

export const activeActive: Topology = {
  name: 'active-active',
  line: 'every region writes its own topic and reads those of all',
  regions: { min: 2, roles: 'regions that all take writes' },
  hasLinks: true,
  example: 'aws:us-east-1,aws:eu-west-1',
  design(plan: Plan): Design {
    const { first, others } = plan
    const other = others[0] ?? first
    return {
      question: `${first.name} is down for 40 s: who goes on, and is anything lost in the end?`,
      purpose: [
        'Each region writes to its own cluster and never to a copy, so there is nothing to ' +
          'promote: an application that can reach another region writes there, at once. ' +
          'Whoever wants the whole reads orders and the copies beside it. What a lost region ' +
          'had acknowledged and the links had not carried waits for its return, in each ' +
          'direction.',
      ],
      failureModes: [
        'No order over regions: two copies of one business object arrive as each link sees fit.',
        'A group that runs in two regions reads the same record in both.',
        'Under identity naming two links copy each other’s copies for ever; prefixes stop that.',
        'Each region must bear the load of a lost one, and the backlog when it is back.',
      ],
      duration: '120s',
      clusters: regionalClusters(plan),
      topics: {
        why: 'The same topic in each cluster, written by its own region.',
        entries: plan.regions.map(({ name }) => ({ item: ordersIn(name, plan) })),
      },
      producers: {
        why: 'A shop in each region, writing next door.',
        entries: [
          ...plan.regions.map((place) => ({ item: shopIn(place, plan) })),
          {
            why: `Customers of ${first.name} who have found ${other.name}, 10 s after the loss.`,
            item: shopIn(other, plan, {
              name: `shop-moved-to-${other.name}`,
              start: '40s',
              stop: '70s',
            }),
          },
        ],
      },
      consumers: {
        why: 'Each region reads its own topic and the copies of all others.',
        entries: meshReaders(plan),
      },
      links: meshLinks(plan),
      faults: faultsOf(plan),
      objectives: {
        why: 'A region may fail; what was acknowledged may be late, never gone.',
        entries: [
          { item: { 'rpo.records': 0 } },
          {
            why: 'The lost region’s own writes are back soon after it; the others never stop.',
            item: { 'rto.produce': '75s' },
          },
          {
            why: 'A link may copy again after an interruption, but nobody writes twice.',
            item: { reordered: 0 },
          },
        ],
      },
    }
  },
}

function faultsOf(plan: Plan): Design['faults'] {
  const { first, others } = plan
  const other = others[0] ?? first
  return {
    why: 'One region is down and returns. The others must not notice in their writes.',
    entries: [{ item: outage(first, FAULT_AT, '40s') }],
    ideas: [
      {
        why: 'It never returns: its tail is gone, and only its own.',
        fault: destroyed(first, FAULT_AT),
      },
      {
        why: 'The regions lose sight of one another: both write on, and catch up afterwards.',
        fault: cut([first, other], FAULT_AT, '40s'),
      },
      brownOut([first, other], MOVED_AT),
    ],
  }
}
