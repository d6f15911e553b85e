// From a cluster of a scenario to nodes on processes.

import type { BrokerExtension, MirrorHost, ServeSocket } from '../kafka/broker/mirror-port.ts'
import type { Cluster } from '../kafka/cluster.ts'
import type { NodeId } from '../kafka/ids.ts'
import { firstConfigs } from '../kafka/metadata/broker-configs.ts'
import type { ConfigRecord } from '../kafka/metadata/records.ts'
import { bufferOf } from '../kafka/network/channel-options.ts'
import { SERVICE_TIMES, type ServiceTimes } from '../kafka/network/service-times.ts'
import type { NodeObservers } from '../kafka/node.ts'
import type { NodeConfig } from '../kafka/node-config.ts'
import type { Knobs } from '../kafka/settings/knobs.ts'
import type { Guards } from '../kafka/version.ts'
import type { ClusterSpec, NodeSpec, Scenario } from '../scenario/model.ts'
import { MS } from '../sim/time.ts'
import type { World } from '../sim/world.ts'
import { brokerConfigOf, controllerConfigOf, controllersOf, raftConfigOf } from './config/nodes.ts'
import { processAt } from './geography.ts'
import type { LinkedBroker } from './links/cluster-links.ts'

/** Builds every node of a cluster; none is started yet. */
export function addNodes(
  world: World,
  { guards }: Scenario,
  { name, nodes, knobs, disk }: ClusterSpec,
  cluster: Cluster,
  observersOf: (node: NodeId) => NodeObservers,
  extend: (broker: LinkedBroker, host: MirrorHost, serve: ServeSocket) => BrokerExtension | null,
): void {
  const controllers = controllersOf(nodes)
  const voters = controllers.map(({ id }) => id)
  const minIsr = (controllers[0] ?? nodes[0])?.config['min.insync.replicas'] ?? 1
  const first = firstConfigs(guards.elr, minIsr)
  for (const node of nodes) {
    const config = nodeConfigOf(node, first, voters, knobs, guards)
    const process = processAt(world, node, disk)
    const { receiveBufferBytes } = config.fetcherChannel
    const broker = {
      ...{ id: node.id, cluster: name, process, config: config.broker, receiveBufferBytes },
    }
    cluster.add(config, process, observersOf(node.id), (host, serve) => {
      return extend(broker, host, serve)
    })
  }
}

function nodeConfigOf(
  node: NodeSpec,
  first: readonly ConfigRecord[],
  voters: readonly NodeId[],
  knobs: Knobs,
  guards: Guards,
): NodeConfig {
  const settings = node.config
  return {
    id: node.id,
    roles: node.roles,
    rack: node.rack,
    firstConfigs: first,
    guards,
    broker: brokerConfigOf(node, knobs),
    raft: raftConfigOf(node, voters, knobs, guards),
    controller: controllerConfigOf(node, voters, knobs, guards),
    serviceTimes: serviceTimesOf(knobs),
    socketBuffers: {
      sendBuffer: bufferOf(settings['socket.send.buffer.bytes']),
      receiveBuffer: bufferOf(settings['socket.receive.buffer.bytes']),
    },
    fetcherChannel: {
      requestTimeout: settings['request.timeout.ms'] * MS,
      receiveBufferBytes: bufferOf(settings['replica.socket.receive.buffer.bytes']),
      receiveServiceMicros: knobs.fetcherServiceMicros,
    },
    nodeChannel: { connectionsMaxIdle: settings['connections.max.idle.ms'] * MS },
    heartbeatIntervalMs: settings['broker.heartbeat.interval.ms'],
    sessionTimeoutMs: settings['broker.session.timeout.ms'],
    initialRegistrationTimeoutMs: settings['initial.broker.registration.timeout.ms'],
    controllerSocketTimeoutMs: settings['controller.socket.timeout.ms'],
    logRecoveryMicrosPerMegabyte: knobs.logRecoveryMicrosPerMegabyte,
  }
}

function serviceTimesOf(knobs: Knobs): ServiceTimes {
  const request = knobs.brokerRequestServiceMicros
  const fetch = knobs.brokerFetchServiceMicros
  return {
    ...SERVICE_TIMES,
    coldPercentMean: knobs.brokerColdPercentMean,
    byApi: {
      Produce: { receiveMicros: request, respondMicros: request },
      Fetch: { receiveMicros: fetch, respondMicros: fetch },
    },
  }
}
