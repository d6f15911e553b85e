// Models: what the parts of a group member share: its connection, assignment and settings.
// Leaves out: nothing.
// Source: none in Kafka; the fields that ConsumerCoordinator has from its consumer.

import type { ProcessContext } from '../../../sim/process.ts'
import type { KafkaClient } from '../../network/client-channel.ts'
import type { ConsumerObserver } from '../consumer-observer.ts'
import type { ClientMetadata } from '../metadata.ts'
import type { Subscription } from '../subscription.ts'
import type { CoordinatorLookup } from './coordinator-lookup.ts'
import type { GroupSettings, MemberSettings } from './group-settings.ts'
import type { RevocationCallback } from './rebalance-listener.ts'

/** What the membership itself takes, whatever the member is. */
export interface MemberClient {
  readonly context: ProcessContext
  readonly channel: KafkaClient
  readonly settings: MemberSettings
  readonly lookup: CoordinatorLookup
  /** Has the poll loop look again. */
  wake(): void
}

/** A consumer's. */
export interface GroupClient extends MemberClient {
  readonly metadata: ClientMetadata
  readonly subscription: Subscription
  readonly settings: GroupSettings
  readonly observer: ConsumerObserver
  /** Topics that the application subscribes to, as metadata has them where they are a pattern. */
  topics(): readonly string[]
  /** What the owner of the consumer is told of rebalances. */
  readonly callback: RevocationCallback
}
