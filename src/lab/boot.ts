// Brings the clusters up before the scenario's clock starts: nodes started, brokers unfenced,
// topics created, every ISR whole, and then a quiet moment of random length, so that heartbeats and
// long polls are met at any phase.

import type { History } from '../history.ts'
import type { Cluster } from '../kafka/cluster.ts'
import type { ClusterSpec, Scenario, TopicSpec } from '../scenario/model.ts'
import { type Micros, MS, SECOND } from '../sim/time.ts'
import type { World } from '../sim/world.ts'
import type { Replicator } from './links/replicator.ts'
import type { LabOperator } from './operator.ts'
import type { Clock } from './record/clock.ts'
import type { LiveRegistry } from './registries/live-registry.ts'

/** A cluster, and who orders what of it. */
export interface BootedCluster {
  readonly cluster: Cluster
  readonly spec: Pick<ClusterSpec, 'acls'>
  readonly operator: Pick<LabOperator, 'order'>
}

/** What is brought up. */
export interface Unbooted {
  readonly scenario: Scenario
  readonly world: World
  readonly clusters: readonly BootedCluster[]
  readonly replicators: readonly Replicator[]
  readonly registries: readonly LiveRegistry[]
  readonly clock: Clock
  readonly history: History
  createTopic(topic: TopicSpec, onDone: () => void): void
  advanceUntil(isDone: () => boolean, step: Micros, limit: Micros): boolean
}

/**
 * Nodes of a new cluster start within this time of one another: a JVM takes 1.5 to 3.5 s until its
 * broker registers (measured, Kafka 4.1.0). Who was up first decides who dialled whom before there
 * was a leader, and such a connection, once a cut has made it mute, delays a way back by seconds.
 */
const START_SPREAD: Micros = 2 * SECOND
const STEP: Micros = 20 * MS
const BOOT_MAX: Micros = 120 * SECOND
/** From the start of the links' processes. */
const LINKS_MAX: Micros = 60 * SECOND
/** The quiet before time 0. */
const QUIET: readonly [Micros, Micros] = [2 * SECOND, 6 * SECOND]

/** Runs the boot; throws where a cluster does not come up: a bug, or a hopeless scenario. */
export function bootClusters(simulation: Unbooted): void {
  const { world, clock, history } = simulation
  const clusters = simulation.clusters.map(({ cluster }) => cluster)
  for (const node of clusters.flatMap(({ nodes }) => [...nodes.values()])) {
    node.process.start(node.process.random('boot').int(0, START_SPREAD))
  }
  waitFor(simulation, 'every broker to be unfenced', () => clusters.every(isUp))
  createAcls(simulation)
  let open = simulation.scenario.topics.length
  for (const topic of simulation.scenario.topics) simulation.createTopic(topic, () => open--)
  waitFor(simulation, 'the topics', () => open === 0 && clusters.every(isWhole))
  const early = simulation.replicators.filter(({ startsAt }) => startsAt === 0)
  const { registries } = simulation
  for (const registry of registries) registry.start()
  for (const link of early) link.start(0)
  // A link may have cause never to copy anything: then the clients start all the same.
  const isReady = () => [...registries, ...early].every((one) => one.isReady())
  simulation.advanceUntil(isReady, STEP, world.now + LINKS_MAX)
  const quiet = world.random.fork('boot').int(QUIET[0], QUIET[1])
  world.scheduler.run(world.now + quiet)
  clock.origin = world.now
  for (const link of simulation.replicators) {
    if (!early.includes(link) && Number.isFinite(link.startsAt)) link.start(link.startsAt)
  }
  // What happened before time 0 is told as having been so from the start.
  fromTheStart(history.partitionChanges)
  fromTheStart(history.brokerChanges)
  fromTheStart(history.controllerChanges)
  fromTheStart(history.events)
}

function fromTheStart<T extends { readonly at: Micros }>(list: T[]): void {
  for (const [i, entry] of list.entries()) list[i] = { ...entry, at: 0 }
}

/** Before anybody comes who would need them. */
function createAcls(simulation: Unbooted): void {
  const wanting = simulation.clusters.filter(({ spec }) => (spec.acls ?? []).length > 0)
  let open = wanting.length
  for (const { spec, operator } of wanting) {
    operator.order({ api: 'CreateAcls', acls: spec.acls ?? [] }, () => open--)
  }
  if (open > 0) waitFor(simulation, 'the access control lists', () => open === 0)
}

function waitFor(simulation: Unbooted, what: string, isDone: () => boolean): void {
  const isInTime = simulation.advanceUntil(isDone, STEP, BOOT_MAX)
  if (!isInTime) throw new Error(`the cluster did not come up: waited for ${what}`)
}

function isUp(cluster: Cluster): boolean {
  const state = cluster.activeController?.control.state
  if (state === undefined) return false
  return cluster.brokerIds.every((id) => {
    const broker = state.cluster.broker(id)
    return broker !== undefined && !broker.fenced
  })
}

/** Every broker has the topics, and every follower fetches: the ISR is what was assigned. */
function isWhole(cluster: Cluster): boolean {
  const { size } = cluster.topics
  return cluster.brokerIds.every((id) => {
    const known = cluster.nodes.get(id)?.loader?.image.partitions.size ?? 0
    return known === size
  })
}
