// Models: what the parts of a group member share: its connection, assignment and settings.
// Leaves out: nothing.
// Source: none in Kafka; the fields that ConsumerCoordinator has from its consumer.

import type { ProcessContext } from '../../../sim/process.ts'
import type { KafkaClient } from '../../network/client-channel.ts'
import type { ConsumerObserver } from '../consumer-observer.ts'
import type { ClientMetadata } from '../metadata.ts'
import type { Subscription } from '../subscription.ts'
import type { CoordinatorLookup } from './coordinator-lookup.ts'
import type { GroupSettings } from './group-settings.ts'

export interface GroupClient {
  readonly context: ProcessContext
  readonly channel: KafkaClient
  readonly metadata: ClientMetadata
  readonly subscription: Subscription
  readonly settings: GroupSettings
  readonly lookup: CoordinatorLookup
  readonly observer: ConsumerObserver
  /** Topics that the application subscribes to. */
  readonly topics: readonly string[]
  /** Has the poll loop look again. */
  wake(): void
}
