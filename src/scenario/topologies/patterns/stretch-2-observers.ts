// Stretch over two sites with observers, and a light third site that only votes.

import { cut, FAULT_AT, outage, PARTITIONS, TOPIC } from '../parts.ts'
import { stretchedReader, stretchedShop } from '../stretched.ts'
import type { Design, Place, Plan, Topology } from '../topology.ts'

/** Two in the in-sync set and one observer. */
const REPLICAS_A_SITE = 3
/** More than one site can give by itself. */
const MIN_IN_SYNC = 3

export const stretch2Observers: Topology = {
  name: 'stretch-2-observers',
  line: 'one cluster over two sites and a light third one, with observers that step in',
  regions: { min: 3, max: 3, roles: 'two sites with brokers and a light one that only votes' },
  brokersMin: REPLICAS_A_SITE,
  hasLinks: false,
  example: 'aws:eu-west-1,aws:eu-central-1,aws:eu-west-3',
  design(plan: Plan): Design {
    const { regions, first, brokers } = plan
    const sites = regions.slice(0, 2)
    const [a = first, b = first] = regions
    return {
      question: `Site ${a.name} is lost: do observers in ${b.name} keep writes going?`,
      purpose: [
        'Two sites with brokers. min.insync.replicas 3 of two replicas in each site forces ' +
          'every write into both, so a lost site loses nothing; and then two replicas are ' +
          'left and three are demanded. That is what the observer is for: a replica outside ' +
          'the in-sync set, which slows nobody down, and which the leader takes in when there ' +
          'are too few.',
        'The third site holds a controller and no data. Without it one of the two has the ' +
          'majority of voters, and losing that one stops elections, promotions and with them ' +
          'writes.',
      ],
      failureModes: [
        'A living leader promotes observers. Where all in-sync replicas go at once there is ' +
          'none: an unclean election by hand, and what the observer had not fetched is lost.',
        'Only an observer that is caught up is promoted; until then writes are refused.',
        'The active controller goes with the site: a broker that asks it for the promotion ' +
          'waits out controller.socket.timeout.ms, 30 s, though the next one is long known.',
        'A client asks nobody for new leaders while it tries to connect to any silent one: ' +
          'attempts at two overlap, so it may be back much later than the cluster.',
        'After a promotion every write waits for replicas that it did not wait for before.',
        'The light site is lost first, unnoticed, and then one of the others.',
      ],
      duration: '120s',
      flavour: 'confluent',
      cluster: {
        why: 'Brokers in two sites, a voter in three.',
        item: {
          brokers: Object.fromEntries(sites.map(({ name }) => [name, brokers])),
          controllers: Object.fromEntries(regions.map(({ name }) => [name, 1])),
        },
      },
      topics: {
        why:
          'Confluent’s placement: in each site two replicas in the in-sync set and one ' +
          'observer. A broker’s rack is its region.',
        entries: [
          {
            item: {
              name: TOPIC,
              partitions: PARTITIONS,
              placement: {
                version: 2,
                replicas: sites.map((site) => ofRack(site, REPLICAS_A_SITE - 1)),
                observers: sites.map((site) => ofRack(site, 1)),
                observerPromotionPolicy: 'under-min-isr',
              },
              config: { 'min.insync.replicas': MIN_IN_SYNC },
            },
          },
        ],
      },
      producers: {
        why:
          'Writers in both sites. request.timeout.ms decides how soon they turn away from a ' +
          'leader that is silent; Kafka’s default is 30 s.',
        entries: [{ item: stretchedShop(sites, plan) }],
      },
      consumers: { why: 'And readers.', entries: [{ item: stretchedReader(sites) }] },
      faults: faultsOf(plan),
      objectives: {
        why: 'Recovery point 0 from two sites, without anybody’s decision.',
        entries: [{ item: { 'rpo.records': 0 } }, { item: { 'rto.produce': '60s' } }],
      },
    }
  },
}

function faultsOf(plan: Plan): Design['faults'] {
  const { regions, first } = plan
  const [a = first, b = first, light = first] = regions
  return {
    why: 'One of the two sites goes silent and returns.',
    entries: [{ item: outage(a, FAULT_AT, '50s') }],
    ideas: [
      {
        why: 'The light site alone: nobody should notice.',
        fault: outage(light, FAULT_AT, '50s'),
      },
      {
        why: 'The light site went before: no majority of voters is left.',
        fault: outage(light, '20s', '30s'),
      },
      {
        why: 'The sites are cut apart, and both see the light one.',
        fault: cut([a, b], FAULT_AT, '50s'),
      },
    ],
  }
}

function ofRack({ name }: Place, count: number) {
  return { count, constraints: { rack: name } }
}
