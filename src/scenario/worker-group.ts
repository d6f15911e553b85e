// What the Connect workers of a link share at its target, under the names that each system gives.

import {
  type ConnectSpec,
  type MirrorMaker2Spec,
  type MirusSpec,
  plainNameOf,
  type ReplicatorSpec,
} from './links.ts'

export interface WorkerGroup {
  /** group.id */
  readonly group: string
  /** config.storage.topic */
  readonly configTopic: string
  /** offset.storage.topic */
  readonly offsetTopic: string
}

/**
 * MirrorMaker 2 by itself names them after the source (MirrorMakerConfig.workerConfig); elsewhere
 * whoever sets up the workers does, here after the link.
 */
export function workerGroupOf(
  link: MirrorMaker2Spec | ConnectSpec | ReplicatorSpec | MirusSpec,
): WorkerGroup {
  const name = plainNameOf(link.name)
  switch (link.system) {
    case 'mirror-maker2':
      return {
        group: `${link.from}-mm2`,
        configTopic: `mm2-configs.${link.from}.internal`,
        offsetTopic: `mm2-offsets.${link.from}.internal`,
      }
    case 'connect':
    case 'replicator':
      return {
        group: `connect-${name}`,
        configTopic: `connect-configs-${name}`,
        offsetTopic: `connect-offsets-${name}`,
      }
    case 'mirus':
      return {
        group: `mirus-${name}`,
        configTopic: `mirus-${name}-config`,
        offsetTopic: `mirus-${name}-offset`,
      }
  }
}
