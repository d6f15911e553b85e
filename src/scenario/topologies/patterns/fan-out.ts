// Fan-out: a hub writes, every spoke holds a copy and reads it at home.

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
import type { Design, Plan, Topology } from '../topology.ts'

export const fanOut: Topology = {
  name: 'fan-out',
  line: 'a hub writes, every spoke reads its own copy at home',
  regions: { min: 3, roles: 'a hub and two spokes' },
  hasLinks: true,
  example: 'aws:us-east-1,aws:eu-west-1,aws:ap-southeast-1',
  design(plan: Plan): Design {
    const { first: hub, others: spokes, system } = plan
    const flows = spokes.map((to) => flowOf([hub, to], plan, { isAlone: true }))
    return {
      question:
        `The hub ${hub.name} burns down: what does the spoke that is furthest ahead still ` +
        'lack?',
      purpose: [
        'Master data is written once and read everywhere, at local speed. When the hub is ' +
          'lost each spoke has another tail, as far as its own link had come, and the one ' +
          'that is furthest ahead is the one to promote. The others can follow it only where ' +
          'offsets are the same on all sides; else each is copied from it anew.',
      ],
      failureModes: [
        'The hub sends everything once for each spoke: its way out is the first to be full.',
        'Spokes differ in what they have at every moment, and with MirrorMaker in offsets as well.',
        'Promoting a spoke that is behind throws away what another one has.',
      ],
      duration: '120s',
      clusters: regionalClusters(plan),
      topics: { why: 'orders lives at the hub.', entries: [{ item: ordersIn(hub.name, plan) }] },
      producers: { why: 'One writer, at the hub.', entries: [{ item: shopIn(hub, plan) }] },
      consumers: {
        why: 'Every spoke reads its own copy.',
        entries: spokes.map((place) => ({
          item: readerIn(place, `prices-${place.name}`, system.copyOf(hub.name, TOPIC, true)),
        })),
      },
      links: linksOf(flows, plan, 'From the hub to every spoke.'),
      faults: faultsOf(plan),
      objectives: {
        why: 'Copies are there to be read, and to save what the hub had.',
        entries: [
          {
            why: 'At most the last second before the loss is not at the target.',
            item: { 'rpo.link.seconds': '1s' },
          },
          {
            why: 'From the hub’s application to the reader in a spoke.',
            item: { 'end-to-end.p99': '2s' },
          },
        ],
      },
    }
  },
}

function faultsOf(plan: Plan): Design['faults'] {
  const { first: hub, others: spokes } = plan
  const spoke = spokes[0] ?? hub
  return {
    why: 'The hub is gone for good. A record is lost only where no spoke has it.',
    entries: [{ item: destroyed(hub, FAULT_AT) }],
    ideas: [
      {
        why: 'It comes back instead: all spokes go on where they stopped.',
        fault: outage(hub, FAULT_AT, '40s'),
      },
      {
        why: 'One spoke is cut off first, and so the furthest behind when the hub goes.',
        fault: cut([spoke, hub], '20s', '40s'),
      },
      {
        why: 'A spoke is down: the hub and the others go on.',
        fault: outage(spoke, FAULT_AT, '40s'),
      },
      brownOut([spoke, hub], '10s'),
    ],
  }
}
