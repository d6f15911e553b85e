// Models: the authorizer of a node: its settings, and the lists as its metadata has them now.
// Leaves out: authorizers of one's own; the time that a decision takes; its log.
// Source: org.apache.kafka.metadata.authorizer.StandardAuthorizer; kafka.server.AuthHelper.

import {
  type AclBinding,
  type AclOperation,
  type AclResource,
  type AuthorizerConfig,
  CLUSTER_NAME,
  type Client,
  isAllowed,
  isAllowedOnAny,
} from '../metadata/acls.ts'

/**
 * Judges principals by the lists of the moment: a change counts from the question after its record
 * was replayed here, not before, and other brokers may still judge by the old ones.
 */
export class Authorizer {
  readonly #config: AuthorizerConfig
  readonly #acls: () => Iterable<AclBinding>

  /** @param acls the lists at the moment of the question */
  constructor(config: AuthorizerConfig, acls: () => Iterable<AclBinding>) {
    this.#config = config
    this.#acls = acls
  }

  /** Somebody whose requests are to be judged. */
  asker({ principal, host }: Client): Asker {
    const config = this.#config
    const may = (operation: AclOperation, resource: AclResource, name: string) =>
      isAllowed(this.#acls(), { principal, host, resource, name, operation }, config)
    return {
      may,
      mayOnCluster: (operation) => may(operation, 'CLUSTER', CLUSTER_NAME),
      mayWriteSomewhere: () =>
        isAllowedOnAny(
          this.#acls(),
          { principal, host, resource: 'TOPIC', operation: 'WRITE' },
          config,
        ),
    }
  }
}

export interface Asker {
  may(operation: AclOperation, resource: AclResource, name: string): boolean
  mayOnCluster(operation: AclOperation): boolean
  /** To any topic that there is, or might be. */
  mayWriteSomewhere(): boolean
}
