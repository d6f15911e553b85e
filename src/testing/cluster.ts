// One to nine brokers and one, three or five voters, apart or on the same nodes, spread over the
// regions; and the settings that decide how fast the cluster notices what happened to it.

import fc from 'fast-check'
import type { ScenarioInput } from '../scenario/document/document.ts'
import { type Geography, regionNames, zoneNames } from './geography.ts'
import { choice, chosen, filledRecord, seldom, simplestOf, sometimes } from './plain.ts'

const BROKERS_MAX = 9
const VOTERS_MAX = 5

type ClusterInput = NonNullable<ScenarioInput['cluster']>
type NodeInput = Exclude<ClusterInput['brokers'], Readonly<Record<string, number>>>[number]

const seat = fc.record({ region: choice, zone: seldom(choice) })

const settings = fc.record({
  'min.insync.replicas': sometimes(fc.integer({ min: 1, max: 3 })),
  'unclean.leader.election.enable': seldom(fc.constant(true)),
  'replica.lag.time.max.ms': sometimes(fc.constantFrom(10_000, 4_000, 2_000)),
  'broker.session.timeout.ms': sometimes(fc.constantFrom(6_000, 4_000)),
  'broker.heartbeat.interval.ms': seldom(fc.constantFrom(1_000, 500)),
  'request.timeout.ms': sometimes(fc.constantFrom(10_000, 5_000)),
  'replica.fetch.wait.max.ms': seldom(fc.constantFrom(100, 50)),
  'replica.fetch.max.bytes': seldom(fc.constantFrom(65_536, 4_096)),
  'num.replica.fetchers': seldom(fc.integer({ min: 2, max: 3 })),
  'replica.socket.receive.buffer.bytes': seldom(fc.constantFrom(-1, 1_048_576)),
  'controller.quorum.fetch.timeout.ms': seldom(fc.constantFrom(3_000, 1_500)),
  'controller.quorum.election.timeout.ms': seldom(fc.constantFrom(2_000, 500)),
  'connections.max.idle.ms': seldom(fc.constantFrom(30_000, 5_000)),
  'log.flush.interval.messages': seldom(fc.constantFrom(100, 1)),
  'leader.imbalance.check.interval.seconds': seldom(fc.constantFrom(10, 5)),
  'auto.leader.rebalance.enable': seldom(fc.constant(false)),
  'unclean.leader.election.interval.ms': seldom(fc.constantFrom(10_000)),
  'producer.id.expiration.ms': seldom(fc.constantFrom(60_000)),
  'controller.socket.timeout.ms': seldom(fc.constantFrom(5_000)),
})

export const cluster = fc.record({
  brokers: fc.array(seat, { minLength: 1, maxLength: BROKERS_MAX }),
  voters: fc.constantFrom(3, 1, VOTERS_MAX),
  voterSeats: fc.array(seat, { minLength: VOTERS_MAX, maxLength: VOTERS_MAX }),
  /** Voters are the first brokers, as far as these reach. */
  isCombined: fc.boolean(),
  hasRacks: simplestOf(4, fc.constant(true), fc.constant(false)),
  readsClosest: fc.boolean(),
  config: settings,
  fsyncMs: seldom(fc.integer({ min: 1, max: 50 })),
})
export type ClusterChoices = typeof cluster extends fc.Arbitrary<infer T> ? T : never

export const RACK_AWARE = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'

/** A node of a chosen cluster, as a file may write it. */
export interface PlacedNode {
  readonly id: number
  readonly name: string
  readonly region: string
  readonly zone: string | undefined
  readonly roles: readonly ('broker' | 'controller')[]
}

/**
 * Ids of brokers count from 1, of voters apart from 101. Combined nodes are the first brokers;
 * voters that find no broker stand apart.
 */
export function nodesOf(of: ClusterChoices, geography: Geography): PlacedNode[] {
  const brokers = of.brokers.map((seat, index) => {
    const isVoter = of.isCombined && index < of.voters
    const roles = isVoter ? (['broker', 'controller'] as const) : (['broker'] as const)
    const name = isVoter ? `node-${index + 1}` : `broker-${index + 1}`
    return { id: index + 1, name, roles, ...placeOf(seat, geography) }
  })
  const apart = of.isCombined ? of.voters - Math.min(of.voters, of.brokers.length) : of.voters
  const voters = of.voterSeats.slice(0, apart).map((seat, index) => {
    const id = 101 + index
    const roles = ['controller'] as const
    return { id, name: `controller-${id}`, roles, ...placeOf(seat, geography) }
  })
  return [...brokers, ...voters]
}

function placeOf(of: { region: number; zone: number | undefined }, geography: Geography) {
  const region = chosen(regionNames(geography), of.region)
  if (of.zone === undefined) return { region, zone: undefined }
  const zones = zoneNames(geography).filter((name) => name.startsWith(`${region}/`))
  return { region, zone: chosen(zones, of.zone).slice(region.length + 1) }
}

/** The `cluster:` block of a scenario; what was not chosen is left out and takes its default. */
export function clusterOf(of: ClusterChoices, geography: Geography): ClusterInput {
  const nodes = nodesOf(of, geography)
  const controllers = nodes.filter(({ roles }) => !roles.includes('broker'))
  const closest = of.readsClosest ? { 'replica.selector.class': RACK_AWARE } : {}
  const config = filledRecord({ ...of.config, ...closest })
  const fsync = of.fsyncMs === undefined ? undefined : `${of.fsyncMs}ms`
  return {
    brokers: nodes
      .filter(({ roles }) => roles.includes('broker'))
      .map((node) => nodeInput(node, of.hasRacks)),
    ...(controllers.length === 0
      ? {}
      : { controllers: controllers.map((node) => nodeInput(node, true)) }),
    ...(config === undefined ? {} : { config }),
    ...(fsync === undefined ? {} : { disk: { fsync } }),
  }
}

function nodeInput({ id, region, zone, roles }: PlacedNode, hasRack: boolean): NodeInput {
  const isCombined = roles.length > 1
  return {
    id,
    region,
    ...(zone === undefined ? {} : { zone }),
    ...(isCombined ? { roles: [...roles] } : {}),
    ...(hasRack ? {} : { rack: null }),
  }
}
