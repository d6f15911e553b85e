// From a scenario's cluster to nodes on processes.

import { Cluster } from '../kafka/cluster.ts'
import type { NodeId } from '../kafka/ids.ts'
import { bufferOf } from '../kafka/network/channel-options.ts'
import { SERVICE_TIMES, type ServiceTimes } from '../kafka/network/service-times.ts'
import type { NodeObservers } from '../kafka/node.ts'
import type { NodeConfig } from '../kafka/node-config.ts'
import type { Knobs } from '../kafka/settings/knobs.ts'
import type { NodeSpec, Scenario } from '../scenario/model.ts'
import { MS } from '../sim/time.ts'
import type { World } from '../sim/world.ts'
import { brokerConfigOf, controllerConfigOf, raftConfigOf } from './config/nodes.ts'
import { processAt } from './geography.ts'

/** Builds every node; none is started yet. */
export function buildCluster(
  world: World,
  scenario: Scenario,
  observersOf: (node: NodeId) => NodeObservers,
): Cluster {
  const cluster = new Cluster(world.network)
  const { nodes } = scenario.cluster
  const voters = nodes.filter((n) => n.roles.includes('controller')).map((n) => n.id)
  for (const node of nodes) {
    const config = nodeConfigOf(node, voters, scenario)
    cluster.add(config, processAt(world, scenario, node), observersOf(node.id))
  }
  return cluster
}

function nodeConfigOf(node: NodeSpec, voters: readonly NodeId[], scenario: Scenario): NodeConfig {
  const { knobs } = scenario.cluster
  const { guards } = scenario
  const settings = node.config
  return {
    id: node.id,
    roles: node.roles,
    rack: node.rack,
    guards,
    broker: brokerConfigOf(node, knobs),
    raft: raftConfigOf(node, voters, knobs, guards),
    controller: controllerConfigOf(node, knobs, guards),
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
