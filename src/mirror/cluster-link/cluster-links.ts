// Models: the cluster links of one broker process, and what each hears.
// Leaves out: links that are created or deleted while the cluster runs.
// Source: Confluent's ClusterLinkManager (one a broker).

import type { BrokerExtension } from '../../kafka/broker/mirror-port.ts'
import type { BrokerLink } from './broker-link.ts'
import type { LinkCoordinator } from './link-coordinator.ts'

export class ClusterLinks implements BrokerExtension {
  readonly links: readonly BrokerLink[]
  readonly #coordinators: readonly LinkCoordinator[]

  constructor(links: readonly BrokerLink[], coordinators: readonly LinkCoordinator[]) {
    this.links = links
    this.#coordinators = coordinators
  }

  onMetadata(): void {
    for (const link of this.links) link.reconcile()
    for (const coordinator of this.#coordinators) coordinator.onMetadata()
  }

  shutDown(): void {
    for (const coordinator of this.#coordinators) coordinator.stop()
    for (const link of this.links) link.stop()
  }
}
