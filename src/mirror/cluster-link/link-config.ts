// Models: what a cluster link reads from its properties, and from its brokers where it has none.
// Leaves out: the resolver; scenario and settings give the values.
// Source: Confluent's docs (link properties); that replica.* come from the broker is not confirmed.

import type { OffsetAt } from '../../kafka/messages.ts'
import type { AclFilter } from '../../kafka/settings/cluster-link-acl-filters.ts'
import type { LinkFilter } from '../../kafka/settings/cluster-link-filters.ts'
import type { ClusterLinkSettings } from '../../kafka/settings/modelled.ts'
import type { Micros } from '../../sim/time.ts'

/** How often a link looks for access control lists, and for which. */
export interface AclSync {
  readonly interval: Micros
  readonly filters: readonly AclFilter[]
}

/** Of a link at one broker; times in micros. */
export interface LinkConfig {
  readonly name: string
  readonly prefix: string
  /** As whom it comes to the other cluster. */
  readonly principal: string
  readonly isBidirectional: boolean
  readonly fetchers: number
  readonly fetchBackoff: Micros
  readonly fetchWaitMaxMs: number
  readonly fetchMinBytes: number
  readonly fetchMaxBytes: number
  readonly fetchResponseMaxBytes: number
  /** A fetcher's work on one answer, until its next fetch is sent; [from, to]. */
  readonly appendService: readonly [Micros, Micros]
  readonly requestTimeoutMs: number
  readonly retryTimeout: Micros
  readonly availabilityCheck: Micros
  readonly availabilityFailuresMax: number
  /** Where an empty mirror begins; of a time none of whose records is there yet: at the end. */
  readonly startsAt: () => OffsetAt
  /** Topics of the source of which it makes mirrors by itself. */
  readonly autoMirrors: readonly LinkFilter[]
  /** Replicas of the mirrors that it makes. */
  readonly mirrorFactor: number
  readonly configSync: Micros
  /** Settings that a mirror takes over from its source. */
  readonly configNames: readonly string[]
  readonly offsetSync: Micros | null
  /** null without acl.sync.enable. */
  readonly aclSync: AclSync | null
  readonly groupFilters: readonly LinkFilter[]
  readonly clampsOffsets: boolean
  readonly epochNotBelowSource: boolean
  /** A mirror that stops loses what belongs to transactions that are open in it. */
  readonly cutsOpenTransactions: boolean
  readonly onSourceTruncation: 'fail' | 'truncate'
  /** Of a fetcher's connection; null where the kernel decides. */
  readonly receiveBufferBytes: number | null
  /** For its clients. */
  readonly settings: ClusterLinkSettings
}
