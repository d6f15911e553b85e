// What the processes of a scenario's clients are built from.

import type { History } from '../../history.ts'
import type { NodeId } from '../../kafka/ids.ts'
import type { NodeDirectory } from '../../kafka/network/client-channel.ts'
import type { Scenario } from '../../scenario/model.ts'
import type { World } from '../../sim/world.ts'
import type { LiveCluster } from '../live-cluster.ts'
import type { Clock } from '../record/clock.ts'
import { watchEnd } from '../watch.ts'
import type { Applications } from './applications.ts'
import type { LiveEndpoints } from './endpoints.ts'
import type { ManagedClient } from './managed-client.ts'
import type { Schemas } from './schemas.ts'

export interface ClientSurroundings {
  readonly world: World
  readonly scenario: Scenario
  readonly history: History
  readonly clock: Clock
  readonly endpoints: LiveEndpoints
  readonly applications: Applications
  readonly schemas: Schemas
  clusterOf(name: string): LiveCluster
}

/** What a process that boots is given: addresses, and the cluster that they lead to. */
export interface Whereto {
  readonly book: NodeDirectory
  readonly bootstrapNodes: readonly NodeId[]
  readonly live: LiveCluster
}

/** Calls `leave` when the present incarnation ends, and writes it down where nobody ordered it. */
export function onEnd(
  client: ManagedClient,
  { history, clock }: Pick<ClientSurroundings, 'history' | 'clock'>,
  leave: () => void,
): void {
  watchEnd(client.process, () => {
    leave()
    if (!client.isOrdered) history.clientStopped(client.name, clock.now())
  })
}
