// What the runbooks of a simulation act on, and where they are written down.

import type { History } from '../../history.ts'
import type { Scenario } from '../../scenario/model.ts'
import type { World } from '../../sim/world.ts'
import type { Faults } from '../faults.ts'
import type { LinkOperator } from '../links/link-operator.ts'
import type { Replicator } from '../links/replicator.ts'
import type { LiveCluster } from '../live-cluster.ts'
import type { Clients } from '../load.ts'
import type { Causes } from '../record/causes.ts'
import type { Clock } from '../record/clock.ts'

/** What runbooks act on. */
export interface RunbookSurroundings {
  readonly world: World
  readonly scenario: Scenario
  readonly clusters: readonly LiveCluster[]
  readonly replicators: readonly Replicator[]
  readonly clients: Clients
  readonly faults: Faults
  readonly linkOperator: LinkOperator
  readonly history: History
  readonly causes: Causes
  readonly clock: Clock
}
