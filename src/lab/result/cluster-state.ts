// The cluster's tables at the end of a run: what Kafka's own tools would print.

import { minIsrAt } from '../../check/registrations.ts'
import type { ClusterState, QuorumDescription, TopicDescription } from '../../contract.ts'
import type { NodeId } from '../../kafka/ids.ts'
import { TOPIC_DEFAULT_FROM_BROKER } from '../../kafka/settings/modelled.ts'
import type { Micros } from '../../sim/time.ts'
import type { LiveCluster } from '../live-cluster.ts'
import type { Clock } from '../record/clock.ts'
import type { Simulation } from '../simulation.ts'
import { describeGroups } from './groups.ts'
import { describeMirrors } from './mirrors.ts'

const ID_LENGTH = 22
const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Directory id of a static voter, as Kafka prints it. */
const NO_DIRECTORY = 'A'.repeat(ID_LENGTH)

/**
 * Read from the controller's and the brokers' own state at this moment; times are milliseconds of
 * the run.
 */
export function clusterState(simulation: Simulation, live: LiveCluster): ClusterState {
  return {
    name: live.name,
    atMs: simulation.now / 1000,
    topics: live.cluster.topics.topics.map((name) => topicOf(simulation, live, name)),
    quorum: quorumOf(simulation, live),
    groups: describeGroups(live.cluster),
    mirrors: describeMirrors(simulation, live),
  }
}

/** A Kafka id: 22 letters of base 64, always the same for a name and a seed. */
function idOf({ world, clusters }: Simulation, live: LiveCluster, name: string): string {
  const prefix = live === clusters[0] ? '' : `${live.name}/`
  const random = world.random.fork(`id/${prefix}${name}`)
  return Array.from({ length: ID_LENGTH }, () => ID_ALPHABET[random.int(0, 63)]).join('')
}

function topicOf(simulation: Simulation, live: LiveCluster, name: string): TopicDescription {
  const { scenario, history } = simulation
  const { cluster } = live
  const partitions = cluster.topics.partitionsOf(name)
  const config = configOf(live, name)
  const fenced = fencedIn(live)
  return {
    name,
    topicId: idOf(simulation, live, name),
    replicationFactor: cluster.lastKnownRegistration(partitions[0] ?? 0)?.replicas.length ?? 0,
    configs: config,
    partitions: partitions.flatMap((index) => {
      const known = cluster.lastKnownRegistration(index)
      if (known === null) return []
      return [
        {
          number: cluster.topics.numberOf(index),
          leader: known.leader,
          replicas: known.replicas,
          isr: known.isr,
          elr: known.elr,
          lastKnownElr: known.lastKnownElr,
          offline: known.replicas.filter(fenced),
          observers: scenario.flavour === 'confluent' ? known.observers : null,
          minIsr: Math.min(minIsrAt(history, index, history.endAt), known.replicas.length),
        },
      ]
    }),
  }
}

/** Whom the newest image that a broker has does not take for alive, as its clients are told. */
function fencedIn({ cluster }: LiveCluster): (id: NodeId) => boolean {
  const images = [...cluster.nodes.values()].flatMap(({ loader }) => loader?.image ?? [])
  const image = images.reduce<(typeof images)[number] | null>((newest, one) => {
    return newest === null || one.offset > newest.offset ? one : newest
  }, null)
  return (id) => image?.brokers.get(id)?.fenced !== false
}

/**
 * A topic's own settings, then what was set at run time for the whole cluster: kafka-topics prints
 * whatever is not Kafka's default. With ELR on that is min.insync.replicas at least (KIP-966).
 */
function configOf({ cluster }: LiveCluster, topic: string): (readonly [string, string])[] {
  for (const { loader } of cluster.nodes.values()) {
    const own = loader?.image.topics.get(topic)?.configs
    if (loader === null || own === undefined) continue
    const { brokerConfigs } = loader.image
    const shared = Object.entries(TOPIC_DEFAULT_FROM_BROKER).flatMap(([name, broker]) => {
      const value = brokerConfigs.clusterValue(broker)
      return value === undefined || name in own ? [] : [[name, value] as const]
    })
    return [...Object.entries(own), ...shared]
  }
  return []
}

function quorumOf(simulation: Simulation, live: LiveCluster): QuorumDescription {
  const { clock } = simulation
  const { cluster, spec } = live
  const id = cluster.activeControllerId
  const node = cluster.nodes.get(id)
  const leader = node?.raft?.node
  const progress = leader?.state.name === 'Leader' ? leader.state.progress : null
  const voters = leader?.config.voters ?? []
  const replicas = progress === null ? [] : [...progress.voters, ...progress.observers]
  const nowMs = Math.floor(simulation.now / 1000)
  return {
    clusterId: idOf(simulation, live, 'cluster'),
    leaderId: id,
    leaderEpoch: leader?.epoch ?? -1,
    highWatermark: leader?.highWatermark ?? -1,
    replicas: replicas.map(([replicaId, replica]) => {
      const isVoter = voters.includes(replicaId)
      const isLeader = replicaId === id
      return {
        id: replicaId,
        role: isLeader ? 'Leader' : isVoter ? 'Follower' : 'Observer',
        directoryId: isVoter ? NO_DIRECTORY : idOf(simulation, live, `directory-${replicaId}`),
        endpoint: isVoter ? `CONTROLLER://${hostOf(spec.nodes, replicaId)}:9093` : null,
        logEndOffset: replica.endOffset,
        lastFetchMs: isLeader ? nowMs : millisOf(clock, replica.lastFetchTime),
        lastCaughtUpMs: isLeader ? nowMs : millisOf(clock, replica.lastCaughtUpTime),
      }
    }),
  }
}

function hostOf(nodes: readonly { id: number; host: string }[], id: number): string {
  return nodes.find((node) => node.id === id)?.host ?? ''
}

function millisOf(clock: Clock, at: Micros): number {
  return at < 0 ? -1 : Math.floor(clock.of(at) / 1000)
}
