// The cluster's tables at the end of a run: what Kafka's own tools would print.

import type { ClusterState, QuorumDescription, TopicDescription } from '../../contract.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import type { Micros } from '../../sim/time.ts'
import type { Clock } from '../record/clock.ts'
import type { Simulation } from '../simulation.ts'
import { describeGroups } from './groups.ts'

const ID_LENGTH = 22
const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Directory id of a static voter, as Kafka prints it. */
const NO_DIRECTORY = 'A'.repeat(ID_LENGTH)

export function clusterState(simulation: Simulation): ClusterState {
  return {
    atMs: simulation.now / 1000,
    topics: simulation.cluster.topics.topics.map((name) => topicOf(simulation, name)),
    quorum: quorumOf(simulation),
    groups: describeGroups(simulation),
  }
}

/** A Kafka id: 22 letters of base 64, always the same for a name and a seed. */
function idOf({ world }: Simulation, name: string): string {
  const random = world.random.fork(`id/${name}`)
  return Array.from({ length: ID_LENGTH }, () => ID_ALPHABET[random.int(0, 63)]).join('')
}

function topicOf(simulation: Simulation, name: string): TopicDescription {
  const { cluster, scenario, history } = simulation
  const partitions = cluster.topics.partitionsOf(name)
  const config = configOf(simulation, name)
  return {
    name,
    topicId: idOf(simulation, name),
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
          observers: scenario.flavour === 'confluent' ? known.observers : null,
          minIsr: history.partitions[index]?.minIsr ?? 1,
        },
      ]
    }),
  }
}

/** A topic's own settings; with ELR on Kafka prints the cluster's min.insync.replicas too. */
function configOf({ cluster, scenario }: Simulation, topic: string): (readonly [string, string])[] {
  const own = ownConfigOf(cluster, topic)
  const name = 'min.insync.replicas'
  if (!scenario.guards.elr || own.some(([key]) => key === name)) return own
  return [...own, [name, String(scenario.cluster.config[name])]]
}

function ownConfigOf(cluster: Cluster, topic: string): (readonly [string, string])[] {
  for (const { loader } of cluster.nodes.values()) {
    const known = loader?.image.topics.get(topic)
    if (known !== undefined) return Object.entries(known.configs)
  }
  return []
}

function quorumOf(simulation: Simulation): QuorumDescription {
  const { cluster, clock, scenario } = simulation
  const id = cluster.activeControllerId
  const node = cluster.nodes.get(id)
  const leader = node?.raft?.node
  const progress = leader?.state.name === 'Leader' ? leader.state.progress : null
  const voters = leader?.config.voters ?? []
  const replicas = progress === null ? [] : [...progress.voters, ...progress.observers]
  const nowMs = Math.floor(simulation.now / 1000)
  return {
    clusterId: idOf(simulation, 'cluster'),
    leaderId: id,
    leaderEpoch: leader?.epoch ?? -1,
    highWatermark: leader?.highWatermark ?? -1,
    replicas: replicas.map(([replicaId, replica]) => {
      const isVoter = voters.includes(replicaId)
      const isLeader = replicaId === id
      return {
        id: replicaId,
        role: isLeader ? 'Leader' : isVoter ? 'Follower' : 'Observer',
        directoryId: isVoter ? NO_DIRECTORY : idOf(simulation, `directory-${replicaId}`),
        endpoint: isVoter ? `CONTROLLER://${hostOf(scenario.cluster.nodes, replicaId)}:9093` : null,
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
