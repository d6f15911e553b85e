// Partitioned: each region owns a part of the keys, and its neighbour holds a copy to take over.

import {
  brownOut,
  cut,
  destroyed,
  FAULT_AT,
  flowOf,
  linksOf,
  MOVED_AT,
  ordersIn,
  outage,
  readerIn,
  regionalClusters,
  shopIn,
  TOPIC,
} from '../parts.ts'
import type { Design, Place, Plan, Topology } from '../topology.ts'

export const partitioned: Topology = {
  name: 'partitioned',
  line: 'each region owns its keys, its neighbour holds a copy to take over',
  regions: { min: 2, roles: 'regions that each own a part of the keys' },
  hasLinks: true,
  example: 'aws:us-east-1,aws:eu-west-1,aws:ap-southeast-1',
  design(plan: Plan): Design {
    const { regions, first, system } = plan
    const ring = ringOf(plan)
    const heir = heirOf(plan, 0)
    const flows = ring.map((way) => flowOf(way, plan, { carriesGroups: true }))
    return {
      question: `${first.name}, which owns its customers, is down for a minute: who notices?`,
      purpose: [
        'A customer belongs to one region, and all writes about them go there: no ' +
          'conflicts, local latency, and data that stays where the law wants it. A lost ' +
          'region takes only its own tail with it. Its customers are owned anew by the ' +
          'neighbour that holds the copy, once routing says so.',
      ],
      failureModes: [
        'Routing that is not switched everywhere at once gives a customer two owners.',
        'What joins data of two regions stands still while one of them is away.',
        'The heir of a lost region bears two shares; plan its capacity.',
        'A region that returns must be told that it owns nothing any more.',
      ],
      duration: '120s',
      clusters: regionalClusters(plan),
      topics: {
        why: 'orders of a cluster are those of its region’s customers.',
        entries: regions.map(({ name }) => ({ item: ordersIn(name, plan) })),
      },
      producers: {
        why: 'Each region’s own customers.',
        entries: [
          ...regions.map((place) => ({ item: shopIn(place, plan) })),
          {
            why: `Customers of ${first.name}, once routing has made ${heir.name} their owner.`,
            item: shopIn(heir, plan, { name: `shop-of-${first.name}-owned-anew`, start: MOVED_AT }),
          },
        ],
      },
      consumers: {
        why: 'Each region works on its own customers, and follows those that it may inherit.',
        entries: ring.flatMap(([from, to]) => [
          { item: readerIn(from, `billing-${from.name}`, TOPIC) },
          { item: readerIn(to, `heir-of-${from.name}`, system.copyOf(from.name, TOPIC)) },
        ]),
      },
      links: linksOf(
        flows,
        plan,
        'A ring: from each region to the one that inherits its customers.',
      ),
      faults: faultsOf(plan),
      objectives: {
        why: 'A region’s loss is its own.',
        entries: [
          { why: 'What was acknowledged may be late, never gone.', item: { 'rpo.records': 0 } },
          { why: 'Writes never leave their region.', item: { 'produce.p50': '100ms' } },
        ],
      },
    }
  },
}

function faultsOf(plan: Plan): Design['faults'] {
  const { first, system } = plan
  const heir = heirOf(plan, 0)
  const flows = ringOf(plan).map((way) => flowOf(way, plan, { carriesGroups: true }))
  return {
    why: 'The first region is silent for a minute. The others go on; its tail is late.',
    entries: [{ item: outage(first, FAULT_AT, '60s') }],
    ideas: [
      {
        why: 'It never returns: its tail is lost, and only its own.',
        fault: destroyed(first, FAULT_AT),
      },
      {
        why: 'Owner and heir are cut apart: writes go on, and joins over both stand still.',
        fault: cut([first, heir], FAULT_AT, '40s'),
      },
      brownOut([first, heir], '10s'),
      ...flows.slice(0, 1).flatMap((flow) => system.ideas(flow, FAULT_AT)),
    ],
  }
}

/** Each region, and who inherits it. */
function ringOf(plan: Plan): (readonly [Place, Place])[] {
  return plan.regions.map((from, i) => [from, heirOf(plan, i)] as const)
}

/** The next region in the ring. */
function heirOf({ regions, first }: Plan, index: number): Place {
  return regions[(index + 1) % regions.length] ?? first
}
