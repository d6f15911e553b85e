// Read replica: one region writes, the others only read, and nobody means to fail over.

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

export const readReplica: Topology = {
  name: 'read-replica',
  line: 'one region writes, others hold copies that are only read',
  regions: { min: 2, roles: 'a source and a replica' },
  hasLinks: true,
  example: 'aws:us-east-1,aws:ap-southeast-1',
  design(plan: Plan): Design {
    const { first: source, others: replicas, system } = plan
    const replica = replicas[0] ?? source
    const flows = replicas.map((to) => flowOf([source, to], plan, { isAlone: true }))
    return {
      question:
        `${replica.name} is cut off from ${source.name} for 40 s: how stale do its readers ` +
        'get?',
      purpose: [
        'Data is shared with a region, or another company, that reads it at local speed. ' +
          'Failover is not intended: when the source or the way to it is gone, readers lose ' +
          'nothing but freshness, and catch up by themselves. What is to be promised is how ' +
          'old a copy may be.',
      ],
      failureModes: [
        'Readers who commit offsets at the copy, and one day expect them at the source.',
        'Somebody writes to the copy, and its offsets are nobody’s any more.',
        'Retention at the source is shorter than the cut: the copy has a hole.',
        'Access rules are the copy’s own; what the source forbids must be forbidden again.',
      ],
      duration: '120s',
      clusters: regionalClusters(plan),
      topics: {
        why: 'orders lives at the source.',
        entries: [{ item: ordersIn(source.name, plan) }],
      },
      producers: { why: 'One writer, at the source.', entries: [{ item: shopIn(source, plan) }] },
      consumers: {
        why: 'One reader at the source as measure, and one at each copy.',
        entries: [
          { item: readerIn(source, `report-${source.name}`, TOPIC) },
          ...replicas.map((place) => ({
            item: readerIn(place, `report-${place.name}`, system.copyOf(source.name, TOPIC, true)),
          })),
        ],
      },
      links: linksOf(flows, plan, 'From the source to each replica.'),
      faults: faultsOf(plan, flows),
      objectives: {
        why: 'The source owes its writers, the copy only its age.',
        entries: [
          { item: { 'rpo.records': 0 } },
          { item: { availability: '99.9%' } },
          {
            why: 'How old a copy may get: the cut of 40 s, and one time-out.',
            item: { 'replication.lag.seconds': '90s' },
          },
        ],
      },
    }
  },
}

function faultsOf(plan: Plan, flows: readonly Flow[]): Design['faults'] {
  const { first: source, others: replicas, system } = plan
  const replica = replicas[0] ?? source
  return {
    why: 'The way is cut: the source writes on, and the copy gets old.',
    entries: [{ item: cut([source, replica], FAULT_AT, '40s') }],
    ideas: [
      {
        why: 'The source is down: there is nothing new, and readers read what there is.',
        fault: outage(source, FAULT_AT, '40s'),
      },
      {
        why: 'The source is gone for good: what this pattern does not save.',
        fault: destroyed(source, FAULT_AT),
      },
      brownOut([source, replica], FAULT_AT),
      ...flows.slice(0, 1).flatMap((flow) => system.ideas(flow, FAULT_AT)),
    ],
  }
}
