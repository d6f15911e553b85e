// Fan-in: spokes write at home, a hub holds copies of all.

import {
  brownOut,
  cut,
  destroyed,
  FAULT_AT,
  flowOf,
  linksOf,
  ordersIn,
  outage,
  readerIn,
  regionalClusters,
  shopIn,
  TOPIC,
} from '../parts.ts'
import type { Design, Flow, Plan, Topology } from '../topology.ts'

export const fanIn: Topology = {
  name: 'fan-in',
  line: 'spokes write at home, a hub gathers copies of all of them',
  regions: { min: 3, roles: 'a hub and two spokes' },
  hasLinks: true,
  example: 'aws:us-east-1,aws:eu-west-1,aws:ap-southeast-1',
  design(plan: Plan): Design {
    const { first: hub, others: spokes, system } = plan
    const flows = spokes.map((from) => flowOf([from, hub], plan))
    return {
      question:
        `The hub ${hub.name} is down for 40 s: do the spokes notice, and does it miss ` +
        'anything?',
      purpose: [
        'Analytics and everything that wants the whole reads at the hub; nobody writes ' +
          'there. The spokes owe it nothing, so its loss is a delay of reports: links go on ' +
          'where they stopped, or copy all anew into another hub. A spoke that is lost takes ' +
          'with it what the hub had not got yet.',
      ],
      failureModes: [
        'The hub takes the sum of all spokes, and after its return their backlog as well.',
        'Under identity naming the topics of all spokes become one: keys collide, order is mixed.',
        'A spoke’s retention shorter than the hub’s outage leaves a hole that nobody reports.',
      ],
      duration: '120s',
      clusters: regionalClusters(plan),
      topics: {
        why: 'orders lives in the spokes; the hub has copies, one for each.',
        entries: spokes.map(({ name }) => ({ item: ordersIn(name, plan) })),
      },
      producers: {
        why: 'A shop in each spoke.',
        entries: spokes.map((place) => ({ item: shopIn(place, plan) })),
      },
      consumers: {
        why: 'The report at the hub reads the copy of every spoke.',
        entries: spokes.map(({ name }) => ({
          item: readerIn(hub, `report-of-${name}`, system.copyOf(name, TOPIC)),
        })),
      },
      links: linksOf(flows, plan, 'From every spoke to the hub.'),
      faults: faultsOf(plan, flows),
      objectives: {
        why: 'The spokes’ promises; the hub has none but to be complete in the end.',
        entries: [
          { item: { 'rpo.records': 0 } },
          { why: 'Every spoke takes writes all the time.', item: { availability: '99.9%' } },
          { item: { 'produce.p99': '100ms' } },
          {
            why: 'How old its copies may get: the outage, and the catching up.',
            item: { 'replication.lag.seconds': '90s' },
          },
        ],
      },
    }
  },
}

function faultsOf(plan: Plan, flows: readonly Flow[]): Design['faults'] {
  const { first: hub, others: spokes, system } = plan
  const spoke = spokes[0] ?? hub
  return {
    why: 'The hub goes and comes back: reports stand still, and no shop may notice.',
    entries: [{ item: outage(hub, FAULT_AT, '40s') }],
    ideas: [
      {
        why: 'A spoke burns down: the hub holds what the link had carried, and that is all.',
        fault: destroyed(spoke, FAULT_AT),
      },
      { why: 'One spoke is cut off from the hub.', fault: cut([spoke, hub], FAULT_AT, '40s') },
      brownOut([spoke, hub], FAULT_AT),
      ...flows.slice(0, 1).flatMap((flow) => system.ideas(flow, FAULT_AT)),
    ],
  }
}
