// Hybrid: a cluster stretched over the sites of a continent, linked to other continents.

import {
  brownOut,
  clusterConfig,
  destroyed,
  FAULT_AT,
  linksOf,
  outage,
  replicasOf,
  TOPIC,
} from '../parts.ts'
import { stretchedCluster, stretchedReader, stretchedShop, stretchedTopic } from '../stretched.ts'
import type { Design, FaultInput, Flow, Place, Plan, Topology } from '../topology.ts'

const SITES = 3
const HOME = 'home'
const CONTINENT_LOST_AT = '100s'

/** A continent: a cluster over its sites. */
interface Continent {
  readonly name: string
  readonly sites: readonly Place[]
  readonly first: Place
}

export const hybrid: Topology = {
  name: 'hybrid',
  line: 'a cluster stretched inside a continent, linked to other continents',
  regions: { min: SITES + 1, roles: 'three sites of one continent and one far away' },
  hasLinks: true,
  example: 'aws:eu-west-1,aws:eu-central-1,aws:eu-west-3,aws:us-east-1',
  design(plan: Plan): Design {
    const { first, system, brokers } = plan
    const [home, ...away] = continentsOf(plan)
    const sites = home?.sites ?? []
    const flows = away.map((to) => flowTo(to, first, brokers))
    return {
      question:
        'A site is lost, and later the continent: what is gone after the first, and after ' +
        'the second?',
      purpose: [
        'Two distances, two answers. Inside the continent the cluster is stretched: a site ' +
          'may go and nothing is lost, for a round trip of milliseconds on each write. ' +
          'Between continents a round trip on each write is too much, so a link copies ' +
          'behind: when the continent goes, its tail goes.',
      ],
      failureModes: [
        'Two runbooks: a site’s loss needs nobody, a continent’s loss needs a decision.',
        'The link reads from a cluster whose leaders move: it must follow them.',
        'Everybody trains for the lost site, which does nothing, and nobody for the continent.',
        'Two sites out of three gone stop writes: is that the moment to move to the other ' +
          'continent?',
      ],
      duration: '140s',
      near: (a, b) =>
        continentsOf(plan).some((one) => one.sites.includes(a) && one.sites.includes(b)),
      clusters: {
        why:
          'home is stretched over three sites, a voter in each; every other cluster stands ' +
          'on another continent.',
        entries: [home, ...away].flatMap((one) =>
          one === undefined ? [] : [{ item: [one.name, clusterOf(one, brokers)] as const }],
        ),
      },
      topics: {
        why: 'Written at home: three replicas in three sites.',
        entries: [{ item: { ...stretchedTopic(sites, brokers), cluster: HOME } }],
      },
      producers: {
        why:
          'Writers in every site of home. Their request.timeout.ms decides how soon they ' +
          'turn to the new leader.',
        entries: [{ item: { ...stretchedShop(sites, plan), cluster: HOME } }],
      },
      consumers: {
        why: 'Readers at home, and of the copy on each other continent.',
        entries: [
          { item: { ...stretchedReader(sites), cluster: HOME } },
          ...away.map(({ name, first: { name: region } }) => ({
            item: {
              name: `report-${name}`,
              region,
              cluster: name,
              topic: system.copyOf(HOME, TOPIC, true),
              config: { 'auto.offset.reset': 'earliest' },
            },
          })),
        ],
      },
      links: linksOf(flows, plan, 'From home to each other continent.'),
      faults: faultsOf(plan),
      objectives: {
        why: 'When the first fault strikes, the other continent lacks at most a second.',
        entries: [{ item: { 'rpo.link.seconds': '1s' } }, { item: { 'produce.p50': '250ms' } }],
      },
    }
  },
}

function faultsOf(plan: Plan): Design['faults'] {
  const { first, system, brokers } = plan
  const [home, ...away] = continentsOf(plan)
  const sites = home?.sites ?? []
  const flows = away.map((to) => flowTo(to, first, brokers))
  const far = away[0]?.first ?? first
  return {
    why: 'First a site, which comes back; then all sites of home with their disks, for good.',
    entries: [
      { item: outage(first, FAULT_AT, '30s') },
      { item: continentLost(sites, CONTINENT_LOST_AT) },
    ],
    ideas: [
      {
        why: 'The ocean is cut: nobody at home notices.',
        fault: {
          at: '10s',
          partition: { between: [allOf(sites), `region ${far.name}`] },
          for: '10s',
        },
      },
      { why: 'Only one site loses its disks.', fault: destroyed(first, '70s') },
      brownOut([first, far], '10s'),
      ...flows.slice(0, 1).flatMap((flow) => system.ideas(flow, FAULT_AT)),
    ],
  }
}

/** Three sites are a continent; fewer are a far cluster each: two have no majority by one. */
function continentsOf({ regions }: Plan): Continent[] {
  const continents: Continent[] = []
  for (let i = 0; i < regions.length; ) {
    const size = regions.length - i >= SITES ? SITES : 1
    const sites = regions.slice(i, i + size)
    const number = continents.length
    const name = number === 0 ? HOME : number === 1 ? 'away' : `away-${number}`
    for (const first of sites.slice(0, 1)) continents.push({ name, sites, first })
    i += size
  }
  return continents
}

function clusterOf({ sites, first }: Continent, brokers: number) {
  if (sites.length > 1) return stretchedCluster(sites, brokers)
  return {
    brokers: { [first.name]: brokers },
    controllers: { [first.name]: SITES },
    config: clusterConfig(brokers),
  }
}

function flowTo({ name, first: to, sites }: Continent, from: Place, brokers: number): Flow {
  return {
    ...{ from, to, topic: TOPIC, carriesGroups: true, isAlone: true },
    replicas: replicasOf(brokers * sites.length),
    clusters: [HOME, name],
  }
}

function continentLost(sites: readonly Place[], at: string): FaultInput {
  return { at, 'region-loss': { target: allOf(sites), model: 'disks' } }
}

/** 'region a and region b' */
function allOf(sites: readonly Place[]): string {
  return sites.map(({ name }) => `region ${name}`).join(' and ')
}
