// Models: the cluster links of one broker process, and what each hears.
// Leaves out: links that are created or deleted while the cluster runs.
// Source: Confluent's ClusterLinkManager (one a broker).

import type { BrokerExtension } from '../../kafka/broker/mirror-port.ts'
import type {
  InitiateReverseConnectionRequest,
  InitiateReverseConnectionResponse,
  ReverseConnectionRequest,
} from '../../kafka/mirror-messages.ts'
import type { Socket, SocketHandler } from '../../sim/connection.ts'
import type { BrokerLink } from './broker-link.ts'
import type { LinkCoordinator } from './link-coordinator.ts'
import type { ReverseConnections } from './reverse-connections.ts'
import type { SourceDialer } from './source-dialer.ts'

/** What the links of a broker consist of; most have nothing to do with reversed connections. */
export interface LinkParts {
  readonly links: readonly BrokerLink[]
  readonly coordinators: readonly LinkCoordinator[]
  /** Of links that wait to be dialled, and of links that dial. */
  readonly reversed: readonly ReverseConnections[]
  readonly dialers: readonly SourceDialer[]
}

/**
 * All that a broker's process has of links, made and gone with it. The broker calls it when its
 * metadata has changed, and when somebody dials or wants to be dialled. A connection or a wish for
 * one that names no link of this broker is refused.
 */
export class ClusterLinks implements BrokerExtension {
  readonly #parts: LinkParts

  constructor(parts: LinkParts) {
    this.#parts = parts
  }

  /** Those whose mirrors are in this broker's cluster. */
  get links(): readonly BrokerLink[] {
    return this.#parts.links
  }

  /**
   * Fetchers before coordinators: what a broker leads it fetches even where nothing is to be
   * decided.
   */
  onMetadata(): void {
    for (const link of this.links) link.reconcile()
    for (const coordinator of this.#parts.coordinators) coordinator.onMetadata()
  }

  /** null for a link that does not wait to be dialled here. */
  onReversed(request: ReverseConnectionRequest, socket: Socket): SocketHandler | null {
    const own = this.#parts.reversed.find(({ link }) => link === request.link)
    return own?.onReversed(request, socket) ?? null
  }

  /** INVALID_REQUEST for a link that does not dial from here. */
  onWanted(request: InitiateReverseConnectionRequest): InitiateReverseConnectionResponse {
    const own = this.#parts.dialers.find(({ link }) => link === request.link)
    own?.dialFor(request)
    const error = own === undefined ? 'INVALID_REQUEST' : 'NONE'
    return { api: 'InitiateReverseConnection', error }
  }

  /** Coordinators first, so that none orders anything more. */
  shutDown(): void {
    const { coordinators, dialers, reversed } = this.#parts
    for (const coordinator of coordinators) coordinator.stop()
    for (const link of this.links) link.stop()
    for (const dialer of dialers) dialer.stop()
    for (const own of reversed) own.stop()
  }
}
