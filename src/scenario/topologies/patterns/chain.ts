// Chain: each region hands on what it has got.

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
import type { Design, Flow, Place, Plan, Topology } from '../topology.ts'

export const chain: Topology = {
  name: 'chain',
  line: 'each region hands the copy on to the next',
  regions: { min: 3, roles: 'a source, a middle and an end' },
  hasLinks: true,
  example: 'aws:us-east-1,aws:eu-west-1,aws:ap-southeast-1',
  design(plan: Plan): Design {
    const { regions, first, others } = plan
    const middle = others[0] ?? first
    const hops = hopsOf(plan)
    return {
      question: `${middle.name} in the middle is down for 40 s: what do the two ends see of it?`,
      purpose: [
        'The long way is paid once: the source sends to the next region, and that one to ' +
          'the one behind it. At the far end delays add up, and the loss of a link in the ' +
          'middle blinds everybody behind it while the source writes on. The way round is ' +
          'another link, from the source to the blind end.',
      ],
      failureModes: [
        ...plan.system.chained(lastName(plan)),
        'A new link around the lost middle starts at the beginning: the end gets all of it twice.',
      ],
      duration: '120s',
      clusters: regionalClusters(plan),
      topics: {
        why: 'orders lives at the source.',
        entries: [{ item: ordersIn(first.name, plan) }],
      },
      producers: { why: 'One writer, at the source.', entries: [{ item: shopIn(first, plan) }] },
      consumers: {
        why: 'A reader at every hop: compare their end to end latencies.',
        entries: hops.map(({ to, copy }) => ({ item: readerIn(to, `report-${to.name}`, copy) })),
      },
      links: linksOf(flowsOf(plan), plan, `${regions.length - 1} hops, each a link of its own.`),
      faults: faultsOf(plan),
      objectives: {
        why: 'The source’s promises, and when the end must see again.',
        entries: [
          { item: { 'rpo.records': 0 } },
          { why: 'The source takes writes all the time.', item: { availability: '99.9%' } },
          { item: { 'produce.p99': '100ms' } },
          {
            why: 'The middle’s outage, and what restarts behind it.',
            item: { 'rto.consume': '120s' },
          },
        ],
      },
    }
  },
}

function faultsOf(plan: Plan): Design['faults'] {
  const { regions, first, others, system } = plan
  const middle = others[0] ?? first
  const end = others.at(-1) ?? first
  const [hop] = flowsOf(plan)
  return {
    why:
      'The middle goes and comes back. The source must not notice; the end reads nothing ' + 'new.',
    entries: [{ item: outage(middle, FAULT_AT, '40s') }],
    ideas: [
      {
        why: 'The source burns down: the middle holds more than the end.',
        fault: destroyed(first, FAULT_AT),
      },
      {
        why: 'Only the last hop is cut.',
        fault: cut([regions.at(-2) ?? first, end], FAULT_AT, '40s'),
      },
      brownOut([first, middle], FAULT_AT),
      ...(hop === undefined ? [] : system.ideas(hop, FAULT_AT)),
    ],
  }
}

interface Hop {
  readonly from: Place
  readonly to: Place
  /** Its name in `from`, and that of its copy in `to`. */
  readonly topic: string
  readonly copy: string
}

function hopsOf({ first, others, system }: Plan): Hop[] {
  let [from, topic] = [first, TOPIC]
  return others.map((to) => {
    const hop = { from, to, topic, copy: system.copyOf(from.name, topic, true) }
    ;[from, topic] = [to, hop.copy]
    return hop
  })
}

function flowsOf(plan: Plan): Flow[] {
  return hopsOf(plan).map(({ from, to, topic }) =>
    flowOf([from, to], plan, { topic, isAlone: true }),
  )
}

function lastName(plan: Plan): string {
  return hopsOf(plan).at(-1)?.copy ?? TOPIC
}
