// Stretch over three sites or more: one cluster, every write in two of them before it is answered.

import { brownOut, cut, FAULT_AT, outage } from '../parts.ts'
import { stretchedCluster, stretchedReader, stretchedShop, stretchedTopic } from '../stretched.ts'
import type { Design, Plan, Topology } from '../topology.ts'

export const stretch: Topology = {
  name: 'stretch',
  line: 'one cluster over three sites, every write in two of them before it is answered',
  regions: { min: 3, roles: 'three sites' },
  hasLinks: false,
  example: 'aws:eu-west-1,aws:eu-central-1,aws:eu-west-3',
  design(plan: Plan): Design {
    const { regions, first, brokers } = plan
    return {
      question: `Site ${first.name} is lost: is anything lost, and how long do writes stand still?`,
      purpose: [
        'There is one copy of the truth and no failover to decide: replicas stand in ' +
          'different sites, acks=all waits for the in-sync set, and min.insync.replicas 2 ' +
          'means two sites. Losing a site loses nothing. Writes come back by themselves, ' +
          'after the dead brokers’ session (9 s), an election, and the clients’ own ' +
          'time-outs.',
        'The price is paid on every write: each waits for the nearest other site, and the ' +
          'controllers need a majority of sites. Compare produce.p99 with that of one region.',
      ],
      failureModes: [
        'Round trips between sites are in every acks=all; beyond some tens of milliseconds ' +
          'they are all of it.',
        'Two sites out of three gone, or cut apart: no majority of controllers, no election.',
        'Jitter and loss on one way drop followers from the in-sync set and take them in again.',
        'With acks=1, or min.insync.replicas 1, a site’s loss loses records like any broker’s.',
      ],
      duration: '120s',
      cluster: {
        why:
          'A voter in each site, an odd number of them; brokers in all. A broker’s rack is ' +
          'its region, so replicas of a partition stand in different sites.',
        item: stretchedCluster(regions, brokers),
      },
      topics: {
        why: 'Three replicas in three sites; one site may be away.',
        entries: [{ item: stretchedTopic(regions, brokers) }],
      },
      producers: {
        why:
          'Writers in every site. request.timeout.ms decides how soon they turn away from a ' +
          'leader that is silent; Kafka’s default is 30 s.',
        entries: [{ item: stretchedShop(regions, plan) }],
      },
      consumers: {
        why: 'And readers.',
        entries: [{ item: stretchedReader(regions) }],
      },
      faults: faultsOf(plan),
      objectives: {
        why: 'What a stretched cluster is for.',
        entries: [
          { why: 'Nothing acknowledged is ever gone.', item: { 'rpo.records': 0 } },
          {
            why: 'Writes are back without anybody’s decision.',
            item: { 'rto.produce': '30s' },
          },
          { why: 'And controllers that decide it.', item: { 'rto.control': '15s' } },
        ],
      },
    }
  },
}

function faultsOf(plan: Plan): Design['faults'] {
  const { first, others } = plan
  const other = others[0] ?? first
  return {
    why: 'One site of several goes silent and returns.',
    entries: [{ item: outage(first, FAULT_AT, '40s') }],
    ideas: [
      {
        why:
          'The site with the active controller: a new one is elected first, and gives every ' +
          'broker a whole new session.',
        fault: { at: FAULT_AT, 'region-loss': 'region of active controller', for: '40s' },
      },
      {
        why: 'Two sites do not hear each other, and both hear the third.',
        fault: cut([first, other], FAULT_AT, '40s'),
      },
      { why: 'A second site goes: no majority.', fault: outage(other, '40s', '20s') },
      brownOut([first, other], FAULT_AT),
    ],
  }
}
