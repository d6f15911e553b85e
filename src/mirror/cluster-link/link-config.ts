// Models: what a cluster link reads from its properties, and from its brokers where it has none.
// Leaves out: the resolver; scenario and settings give the values.
// Source: Confluent's docs (link properties); that replica.* come from the broker is not confirmed.

import type { OffsetAt } from '../../kafka/messages.ts'
import type { AclBinding } from '../../kafka/metadata/acls.ts'
import type { FirstMirrorState } from '../../kafka/metadata/mirror-records.ts'
import type { ClusterLinkSettings } from '../../kafka/settings/modelled.ts'
import type { Micros } from '../../sim/time.ts'
import type { RetryRule } from './fetch-retries.ts'

/** How often a link looks for access control lists, and for which. */
export interface AclSync {
  readonly interval: Micros
  readonly takes: (acl: AclBinding) => boolean
  /** The destination has no lists but the source's: others are deleted, whoever made them. */
  readonly ownsAll: boolean
}

/**
 * When a mirror's leader epoch is raised: once the source's is above it less `lead`, and then to
 * `raise` above the source's.
 */
export interface EpochRule {
  readonly lead: number
  readonly raise: number
}

/** Of a link's clients. */
export type LinkClientSettings = Pick<
  ClusterLinkSettings,
  | 'connections.max.idle.ms'
  | 'metadata.max.age.ms'
  | 'reconnect.backoff.max.ms'
  | 'reconnect.backoff.ms'
  | 'retry.backoff.max.ms'
  | 'retry.backoff.ms'
  | 'socket.connection.setup.timeout.max.ms'
  | 'socket.connection.setup.timeout.ms'
>

/** Of a link at one broker; times in micros. */
export interface LinkConfig {
  readonly name: string
  readonly prefix: string
  /** As whom it comes to the other cluster. */
  readonly principal: string
  readonly fetchers: number
  readonly fetchBackoff: Micros
  readonly fetchWaitMaxMs: number
  readonly fetchMinBytes: number
  readonly fetchMaxBytes: number
  readonly fetchResponseMaxBytes: number
  /** A fetcher's work on one answer, until its next fetch is sent; [from, to]. */
  readonly appendService: readonly [Micros, Micros]
  readonly requestTimeoutMs: number
  readonly retries: RetryRule
  /** How long a source topic may be missing before its mirror has failed. */
  readonly missingMax: Micros
  /** What fails with a partition that cannot go on. */
  readonly failing: 'topic' | 'partition'
  readonly availabilityCheck: Micros
  /** Infinity: nobody is told that the source is silent. */
  readonly availabilityFailuresMax: number
  /** Where an empty mirror begins; of a time none of whose records is there yet: at the end. */
  readonly startsAt: () => OffsetAt
  /** Topics of the source of which it makes mirrors by itself; null: of none. */
  readonly makesMirror: ((topic: string) => boolean) | null
  /** In which a mirror begins that it makes. */
  readonly firstState: FirstMirrorState
  /** Replicas of the mirrors that it makes. */
  readonly mirrorFactor: number
  readonly configSync: Micros
  /** Settings that a mirror takes over from its source. */
  readonly takesSetting: (name: string) => boolean
  /** A setting that the source has no more goes from the mirror too. */
  readonly removesSettings: boolean
  readonly offsetSync: Micros | null
  /** null: none is synced. */
  readonly aclSync: AclSync | null
  readonly takesGroup: (group: string) => boolean
  /** Of the groups' names at the destination. */
  readonly groupPrefix: string
  /** When a group's offset comes down to where the mirror ends. */
  readonly clamping: 'at-failover' | 'at-sync' | 'never'
  readonly epochRule: EpochRule | null
  /** A mirror that stops loses what belongs to transactions that are open in it. */
  readonly cutsOpenTransactions: boolean
  readonly onSourceTruncation: 'fail' | 'truncate'
  /** From the order to restore a topic until its log may be cut; [from, to]. */
  readonly restoreTakes: readonly [Micros, Micros]
  /** The source has deleted what comes next. */
  readonly onSourceDeletion: 'fail' | 'restart'
  /** Links by which the source mirrors this cluster: what they have stopped is mirrored back. */
  readonly waysBack: readonly string[]
  /** Of a fetcher's connection; null where the kernel decides. */
  readonly receiveBufferBytes: number | null
  /** For its clients. */
  readonly settings: LinkClientSettings
}
