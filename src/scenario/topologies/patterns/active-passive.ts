// Active-passive: one cluster takes writes, the others wait with a copy.

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
import type { Design, Flow, Plan, Topology } from '../topology.ts'

/** Noticed and decided: before applications have moved. */
const DECIDED_AT = '50s'

export const activePassive: Topology = {
  name: 'active-passive',
  line: 'one cluster takes writes, the others wait with a copy of them',
  regions: { min: 2, roles: 'a primary and a standby' },
  hasLinks: true,
  example: 'aws:us-east-1,aws:eu-west-1',
  design(plan: Plan): Design {
    const { first, others, system } = plan
    const standby = others[0] ?? first
    const flows = flowsOf(plan)
    return {
      question: `${first.name} burns down: what had been acknowledged there and is nowhere else?`,
      purpose: [
        'A write is acknowledged by the primary alone, so it is as fast as in one region; ' +
          'what the link has not carried when the primary is lost is the price. The recovery ' +
          'point is the write rate times how far the link is behind, and 0 only for a switch ' +
          'that was planned. The recovery time is yours: to notice, to decide, and to restart ' +
          'the clients.',
      ],
      failureModes: [
        'Split brain, where the old primary was cut off and not fenced: both take writes.',
        `Groups that move. ${system.groups}`,
        system.newTopics,
        'Quotas, write permissions and min.insync.replicas of the copy are not the primary’s.',
        'The standby is smaller than the load that it inherits.',
      ],
      duration: '120s',
      clusters: regionalClusters(plan),
      topics: topicsOf(plan),
      producers: {
        why:
          'The shop writes to the primary. Nobody moves it: the second entry is the same ' +
          'shop after the failover.',
        entries: [
          { item: shopIn(first, plan) },
          {
            why: '30 s after the loss: notice, decide, restart. Set your own runbook’s time.',
            item: shopIn(standby, plan, { name: `shop-moved-to-${standby.name}`, start: MOVED_AT }),
          },
        ],
      },
      consumers: groupOf(plan),
      links: linksOf(flows, plan, 'From the primary to each standby.'),
      faults: faultsOf(plan),
      objectives: {
        why: 'What a standby is bought for, and what it must not cost.',
        entries: [
          {
            why: 'At most the last second before the loss is not at the target.',
            item: { 'rpo.link.seconds': '1s' },
          },
          { why: 'Writes never wait for the other region.', item: { 'produce.p99': '100ms' } },
        ],
      },
    }
  },
}

function faultsOf(plan: Plan): Design['faults'] {
  const { first, others, system } = plan
  const standby = others[0] ?? first
  const flows = flowsOf(plan)
  const takeOver = system.takeOver
  return {
    why:
      'The primary’s region is lost with its disks and does not return: what no standby has ' +
      'is gone.',
    entries: [
      { item: destroyed(first, FAULT_AT) },
      ...flows.slice(0, 1).flatMap((flow) => takeOver?.(flow, DECIDED_AT) ?? []),
    ],
    ideas: [
      {
        why:
          'It comes back instead: the tail is not lost but late, and arrives behind what ' +
          'the standby took meanwhile.',
        fault: outage(first, FAULT_AT, '30s'),
      },
      {
        why:
          'Cut off, not dead: the primary goes on acknowledging what the standby does not ' +
          'have. Move the shop then, and there are two primaries.',
        fault: cut([first, standby], FAULT_AT, '40s'),
      },
      brownOut([first, standby], '10s'),
      ...flows.slice(0, 1).flatMap((flow) => system.ideas(flow, FAULT_AT)),
    ],
  }
}

/** The standbys have nothing of the topic's name but, where the system promotes it, its copy. */
function flowsOf(plan: Plan): Flow[] {
  const isAlone = plan.system.takeOver !== undefined
  return plan.others.map((to) => {
    return flowOf([plan.first, to], plan, { carriesGroups: true, isAlone })
  })
}

function topicsOf(plan: Plan): Design['topics'] {
  const { first, others, system } = plan
  const standby = others[0] ?? first
  if (system.takeOver !== undefined) {
    return {
      why:
        'orders lives at the primary. The standby’s is the link’s, read-only until it is ' +
        'failed over; then applications write to it.',
      entries: [{ item: ordersIn(first.name, plan) }],
    }
  }
  return {
    why:
      'The standby has an orders of its own: the copy belongs to the link, so ' +
      'applications that move write here.',
    entries: [first, standby].map(({ name }) => ({ item: ordersIn(name, plan) })),
  }
}

/** One application, before and after it has moved. */
function groupOf({ first, others, system }: Plan): Design['consumers'] {
  const standby = others[0] ?? first
  const copy = system.copyOf(first.name, TOPIC, system.takeOver !== undefined)
  const group = { 'group.id': 'billing', 'auto.offset.reset': 'earliest' }
  return {
    why:
      'Billing reads in its group, and after the failover goes on at the standby from ' +
      `the offsets that the link has carried. ${system.firstGroups}`,
    entries: [
      { item: { ...readerIn(first, 'billing', TOPIC), config: group } },
      {
        item: {
          ...readerIn(standby, 'billing-moved', copy),
          config: group,
          start: MOVED_AT,
        },
      },
    ],
  }
}
