// Puts a scenario's cluster links into the brokers of their clusters, and finds them there again.

import type { BrokerConfig } from '../../kafka/broker/broker-config.ts'
import type { BrokerExtension, MirrorHost } from '../../kafka/broker/mirror-port.ts'
import { NO_OFFSET, type NodeId, type PartitionIndex } from '../../kafka/ids.ts'
import { BrokerLink } from '../../mirror/cluster-link/broker-link.ts'
import { ClusterLinks } from '../../mirror/cluster-link/cluster-links.ts'
import { GroupOffsets } from '../../mirror/cluster-link/group-offsets.ts'
import { LinkCoordinator } from '../../mirror/cluster-link/link-coordinator.ts'
import { MirrorConfigs } from '../../mirror/cluster-link/mirror-configs.ts'
import { MirrorCreation } from '../../mirror/cluster-link/mirror-creation.ts'
import type { SourceSight } from '../../mirror/cluster-link/mirror-fetch.ts'
import { SourceClient } from '../../mirror/cluster-link/source-client.ts'
import type { ClusterPort } from '../../mirror/cluster-port.ts'
import type { ClusterLinkSpec, LinkSpec } from '../../scenario/links.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import { linkConfigOf } from './link-config.ts'

/** A broker process that links are put into. */
export interface LinkedBroker {
  readonly id: NodeId
  readonly cluster: string
  readonly process: Process
  readonly config: BrokerConfig
  /** replica.socket.receive.buffer.bytes; undefined where the kernel decides. */
  readonly receiveBufferBytes: number | undefined
}

const UNSEEN: SourceSight = { highWatermark: NO_OFFSET, at: -1, toldAt: -1 }

export class LiveLinks {
  readonly specs: readonly ClusterLinkSpec[]
  readonly #network: Network
  readonly #portOf: (cluster: string) => ClusterPort
  readonly #groupsOf: (cluster: string) => readonly string[]
  /** Of the present process of each broker, or of its last one. */
  readonly #byBroker = new Map<NodeId, ClusterLinks>()

  constructor(
    links: readonly LinkSpec[],
    network: Network,
    portOf: (cluster: string) => ClusterPort,
    groupsOf: (cluster: string) => readonly string[],
  ) {
    this.#groupsOf = groupsOf
    this.specs = links.filter((link) => link.system === 'cluster-link')
    this.#network = network
    this.#portOf = portOf
  }

  /** What lives in a broker from its boot on; null where no link concerns its cluster. */
  extend(broker: LinkedBroker, host: MirrorHost): BrokerExtension | null {
    const ends = this.specs.flatMap((spec) => {
      const source = sourceFor(spec, broker.cluster)
      return source === null ? [] : [{ spec, source }]
    })
    if (ends.length === 0) return null
    const links: BrokerLink[] = []
    const coordinators: LinkCoordinator[] = []
    for (const { spec, source } of ends) {
      const link = this.#brokerLink(broker, host, spec, source)
      links.push(link)
      coordinators.push(this.#coordinator(broker, host, link, source))
    }
    const extension = new ClusterLinks(links, coordinators)
    this.#byBroker.set(broker.id, extension)
    return extension
  }

  #coordinator(
    { process, cluster }: LinkedBroker,
    host: MirrorHost,
    { config, source }: BrokerLink,
    from: string,
  ): LinkCoordinator {
    const port = this.#portOf(cluster)
    const local = new SourceClient(process, this.#network, port, config, () => {})
    const groups = new GroupOffsets(host, config, { source, local }, () => this.#groupsOf(from))
    const jobs = [
      new MirrorConfigs(process, host, config, source),
      new MirrorCreation(process, host, config, source),
    ]
    return new LinkCoordinator({ context: process, host, config, source, groups, jobs })
  }

  #brokerLink(
    { process, config, receiveBufferBytes }: LinkedBroker,
    host: MirrorHost,
    spec: ClusterLinkSpec,
    source: string,
  ): BrokerLink {
    // The other end makes no mirrors by itself: the entry's filters are the destination's.
    const own = source === spec.from ? spec : { ...spec, autoMirrors: [] }
    const link = linkConfigOf(own, config, receiveBufferBytes)
    const port = this.#portOf(source)
    return new BrokerLink(process, host, link, (onNews) => {
      return new SourceClient(process, this.#network, port, link, onNews)
    })
  }

  /** What the leader of a mirror partition last heard of its source. */
  sightOf(leader: NodeId, link: string, partition: PartitionIndex): SourceSight {
    const own = this.#byBroker.get(leader)?.links.find(({ config }) => config.name === link)
    return own?.sights.get(partition) ?? UNSEEN
  }
}

/** The cluster at the other end of a link; null where it does not concern this one. */
export function sourceFor({ from, to, config }: ClusterLinkSpec, cluster: string): string | null {
  if (cluster === to) return from
  return cluster === from && config['link.mode'] === 'BIDIRECTIONAL' ? to : null
}
