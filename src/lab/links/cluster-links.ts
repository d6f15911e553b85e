// Puts a scenario's cluster links into the brokers of their clusters, and finds them there again.

import type { BrokerConfig } from '../../kafka/broker/broker-config.ts'
import type { BrokerExtension, MirrorHost, ServeSocket } from '../../kafka/broker/mirror-port.ts'
import { NO_OFFSET, type NodeId, type PartitionIndex } from '../../kafka/ids.ts'
import { BrokerLink } from '../../mirror/cluster-link/broker-link.ts'
import { ClusterLinks } from '../../mirror/cluster-link/cluster-links.ts'
import { GroupOffsets } from '../../mirror/cluster-link/group-offsets.ts'
import type { LinkConfig } from '../../mirror/cluster-link/link-config.ts'
import { LinkCoordinator } from '../../mirror/cluster-link/link-coordinator.ts'
import { MirrorAcls } from '../../mirror/cluster-link/mirror-acls.ts'
import { MirrorConfigs } from '../../mirror/cluster-link/mirror-configs.ts'
import { MirrorCreation } from '../../mirror/cluster-link/mirror-creation.ts'
import type { SourceSight } from '../../mirror/cluster-link/mirror-fetch.ts'
import { MirrorPartitions } from '../../mirror/cluster-link/mirror-partitions.ts'
import { MirrorTransitions } from '../../mirror/cluster-link/mirror-transitions.ts'
import { ReverseConnections } from '../../mirror/cluster-link/reverse-connections.ts'
import { SourceClient } from '../../mirror/cluster-link/source-client.ts'
import { SourceDialer } from '../../mirror/cluster-link/source-dialer.ts'
import { SourceLook } from '../../mirror/cluster-link/source-look.ts'
import { LogAlignment } from '../../mirror/cluster-mirror/log-alignment.ts'
import type { ClusterPort } from '../../mirror/cluster-port.ts'
import { type BrokerLinkSpec, isInBrokers, type LinkSpec } from '../../scenario/links.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { Clock } from '../record/clock.ts'
import { linkConfigOf } from './link-config.ts'
import { mirrorConfigOf } from './mirror-config.ts'

/** A broker process that links are put into. */
export interface LinkedBroker {
  readonly id: NodeId
  readonly cluster: string
  readonly process: Process
  readonly config: BrokerConfig
  /** replica.socket.receive.buffer.bytes; undefined where the kernel decides. */
  readonly receiveBufferBytes: number | undefined
}

/** A cluster as its own brokers see it, and as somebody else does. */
export interface LinkedCluster {
  readonly port: ClusterPort
  portAs(principal?: string): ClusterPort
}

/** What links are put between. */
export interface LinkSurroundings {
  readonly network: Network
  readonly clock: Clock
  readonly clusterOf: (name: string) => LinkedCluster
}

/** A link as one of its clusters has it, and whose mirrors are there. */
interface LinkEnd {
  readonly spec: BrokerLinkSpec
  readonly source: string
  readonly reversed: ReverseConnections | null
}

const UNSEEN: SourceSight = { highWatermark: NO_OFFSET, at: -1, toldAt: -1, failures: 0 }

/**
 * What runs in a broker is built anew with each of its processes and ends with it; what must last
 * is in the metadata of its cluster.
 */
export class LiveLinks {
  readonly specs: readonly BrokerLinkSpec[]
  readonly #around: LinkSurroundings
  /** Of the present process of each broker, or of its last one. */
  readonly #byBroker = new Map<NodeId, ClusterLinks>()

  constructor(links: readonly LinkSpec[], around: LinkSurroundings) {
    this.specs = links.filter(isInBrokers)
    this.#around = around
  }

  /** What lives in a broker from its boot on; null where no link concerns its cluster. */
  extend(broker: LinkedBroker, host: MirrorHost, serve: ServeSocket): BrokerExtension | null {
    const links: BrokerLink[] = []
    const coordinators: LinkCoordinator[] = []
    const reversed: ReverseConnections[] = []
    for (const spec of this.specs) {
      const source = sourceFor(spec, broker.cluster)
      if (source === null) continue
      const own = this.#reversed(broker, spec)
      if (own !== null) reversed.push(own)
      const end = { spec, source, reversed: own }
      const link = this.#brokerLink(broker, host, end)
      links.push(link)
      coordinators.push(this.#coordinator(broker, host, link, end))
    }
    const dialers = this.specs.flatMap((spec) => this.#dialer(broker, serve, spec) ?? [])
    if (links.length + dialers.length === 0) return null
    const extension = new ClusterLinks({ links, coordinators, reversed, dialers })
    this.#byBroker.set(broker.id, extension)
    return extension
  }

  /** null where this end dials. */
  #reversed(broker: LinkedBroker, spec: BrokerLinkSpec): ReverseConnections | null {
    const { id, cluster, process } = broker
    if (spec.system !== 'cluster-link' || spec.source === null || cluster !== spec.to) return null
    return new ReverseConnections(process, id, linkConfigOf(spec, broker, this.#around.clock))
  }

  /** null where this end does not dial for the other. */
  #dialer(broker: LinkedBroker, serve: ServeSocket, spec: BrokerLinkSpec): SourceDialer | null {
    const { id, cluster, process } = broker
    if (spec.system !== 'cluster-link') return null
    if (spec.source === null || cluster !== spec.from) return null
    const { network, clock, clusterOf } = this.#around
    const config = linkConfigOf({ ...spec, config: spec.source }, broker, clock)
    const parts = { process, network, nodeId: id, serve }
    return new SourceDialer({
      ...parts,
      destination: clusterOf(spec.to).portAs(spec.principal),
      config,
    })
  }

  #coordinator(
    { process, cluster }: LinkedBroker,
    host: MirrorHost,
    { config, source }: BrokerLink,
    { spec }: LinkEnd,
  ): LinkCoordinator {
    // At home the link is a part of its broker.
    const { port } = this.#around.clusterOf(cluster)
    const local = new SourceClient(process, this.#around.network, port, config, () => {})
    const groups = new GroupOffsets(host, config, { source, local })
    const followers = [
      new MirrorCreation(host, config, source),
      new MirrorPartitions(host, config.name),
    ]
    const jobs = [
      new MirrorConfigs(process, host, config, source),
      new SourceLook({ context: process, host, source }, config, followers),
      ...(config.aclSync === null
        ? []
        : [new MirrorAcls({ context: process, host, source }, config.name, config.aclSync)]),
    ]
    const place = { context: process, host, source }
    const transitions =
      spec.system === 'cluster-link'
        ? new MirrorTransitions(place, config, groups)
        : new LogAlignment(place, config)
    return new LinkCoordinator({
      context: process,
      host,
      config,
      source,
      groups,
      transitions,
      jobs,
    })
  }

  #brokerLink(
    broker: LinkedBroker,
    host: MirrorHost,
    { spec, source, reversed }: LinkEnd,
  ): BrokerLink {
    const { process } = broker
    const { network, clusterOf } = this.#around
    const link = this.#configOf(broker, spec)
    const port = clusterOf(source).portAs(spec.principal)
    return new BrokerLink(process, host, link, (onNews) => {
      return new SourceClient(process, network, port, link, onNews, reversed)
    })
  }

  #configOf(broker: LinkedBroker, spec: BrokerLinkSpec): LinkConfig {
    if (spec.system === 'cluster-mirror') return mirrorConfigOf(spec, broker, this.#waysBack(spec))
    // The other end makes no mirrors by itself: the entry's filters are the destination's.
    const own = broker.cluster === spec.to ? spec : { ...spec, autoMirrors: [] }
    return linkConfigOf(own, broker, this.#around.clock)
  }

  #waysBack({ from, to }: BrokerLinkSpec): string[] {
    const back = this.specs.filter((one) => one.system === 'cluster-mirror')
    return back.filter((one) => one.from === to && one.to === from).map(({ name }) => name)
  }

  /** What the leader of a mirror partition last heard of its source. */
  sightOf(leader: NodeId, link: string, partition: PartitionIndex): SourceSight {
    const own = this.#byBroker.get(leader)?.links.find(({ config }) => config.name === link)
    return own?.sights.get(partition) ?? UNSEEN
  }
}

/** The cluster at the other end of a link; null where it does not concern this one. */
export function sourceFor(spec: BrokerLinkSpec, cluster: string): string | null {
  const { from, to } = spec
  if (cluster === to) return from
  const isBothWays = spec.system === 'cluster-link' && spec.config['link.mode'] === 'BIDIRECTIONAL'
  return cluster === from && isBothWays ? to : null
}
