// Models: an instance as a member of its registry's group, which tells it who leads: nobody while
// the group rebalances, unless leadership is sticky.
// Leaves out: an orderly stop (SIGTERM ends the process, and the session runs out).
// Source: leaderelector.kafka.KafkaGroupLeaderElector, SchemaRegistryCoordinator.

import type { ClassicMember } from '../kafka/clients/group/classic-member.ts'
import { MemberThread } from '../kafka/clients/group/member-thread.ts'
import type { MemberWork } from '../kafka/clients/group/member-work.ts'
import type {
  Assigned,
  JoinedMember,
  MemberAssignment,
  MemberSubscription,
} from '../kafka/group-messages.ts'
import { NO_GENERATION } from '../kafka/ids.ts'
import type { ClusterPort } from '../mirror/cluster-port.ts'
import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import { type Micros, millis } from '../sim/time.ts'
import { electedOf, electedText, electLeader, identityOf, identityText } from './leader-election.ts'

export interface ElectorConfig {
  readonly group: string
  readonly url: string
  readonly isEligible: boolean
  readonly isSticky: boolean
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  readonly rebalanceTimeoutMs: number
}

export interface ElectorOptions {
  readonly process: Process
  readonly network: Network
  readonly cluster: ClusterPort
  readonly config: ElectorConfig
  /** The group has a leader, this instance or another one; null: it has none now. */
  readonly onLeader: (url: string | null) => void
}

/** leaderelector.kafka.ClientConfig, over which kafkastore.* settings would lie. */
const CLIENT = {
  // Above the rebalance time-out, so that a join may wait as long.
  requestTimeoutMs: 305_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  reconnectBackoffMs: 50,
  metadataMaxAgeMs: 300_000,
  // MetadataRecoveryStrategy.NONE
  rebootstrap: false,
  rebootstrapTriggerMs: 300_000,
} as const

/**
 * Joins, is told the leader and goes on polling for as long as its process lives; the group's
 * protocol is that of consumers, its assignment a URL.
 */
export class LeaderElector implements MemberWork {
  readonly protocols = ['v0']
  readonly #options: ElectorOptions
  readonly #thread: MemberThread
  readonly #member: ClassicMember
  #hasJoined = false
  #isLeader = false

  /** Build one in each incarnation of its process; it joins at once. */
  constructor(options: ElectorOptions) {
    const { process, network, cluster, config } = options
    this.#options = options
    const { group, url, sessionTimeoutMs, heartbeatIntervalMs, rebalanceTimeoutMs } = config
    this.#thread = new MemberThread(
      {
        ...{ process, network, name: 'elector', client: CLIENT },
        ...{ directory: cluster.directory, bootstrapNodes: cluster.bootstrapNodes },
        member: {
          ...{ group, instance: '', clientId: `sr-${url}`, clientHost: `/${process.host.name}` },
          ...{ sessionTimeoutMs, heartbeatIntervalMs, maxPollIntervalMs: rebalanceTimeoutMs },
          requestTimeoutMs: CLIENT.requestTimeoutMs,
          retryBackoffMs: CLIENT.retryBackoffMs,
          retryBackoffMaxMs: CLIENT.retryBackoffMaxMs,
        },
        pass: (now) => this.#poll(now),
      },
      this,
    )
    this.#member = this.#thread.member
    this.#thread.wake()
  }

  /** The thread looks at least as often as it would send heartbeats. */
  #poll(now: Micros): Micros {
    const next = this.#member.poll(now)
    return Math.min(next, now + millis(this.#options.config.heartbeatIntervalMs))
  }

  // ---- MemberWork -------------------------------------------------------------------------------

  /** Once the cluster has answered with its brokers. */
  get canJoin(): boolean {
    return this.#thread.metadata.version > 0
  }

  /** It never asks for a rebalance of its own. */
  get hasChanged(): boolean {
    return false
  }

  /** A sticky leader goes on leading while the group rebalances. */
  prepare(): null {
    if (this.#hasJoined && !this.#options.config.isSticky) this.#options.onLeader(null)
    return null
  }

  /** Tells who it is, whether it may lead and whether it does. */
  subscribe(): MemberSubscription {
    const { url, isEligible } = this.#options.config
    const userData = identityText({ url, isEligible, isLeader: this.#isLeader })
    return { topics: [], ownedPartitions: [], generation: NO_GENERATION, rack: '', userData }
  }

  /** The group's leader chooses; all members are told the same. */
  assign(_protocol: string, joined: readonly JoinedMember[]): MemberAssignment[] {
    const identities = joined.map(({ subscription }) => identityOf(subscription.userData))
    const userData = electedText(electLeader(identities, this.#options.config.isSticky))
    return joined.map(({ member }) => ({ member, partitions: [], userData }))
  }

  /** No partitions come with it, so there is never a second join. */
  take(_protocol: string, { userData }: Assigned): boolean {
    const leader = electedOf(userData)
    this.#hasJoined = true
    this.#isLeader = leader === this.#options.config.url
    this.#options.onLeader(leader)
    return false
  }

  /** Does not come: its thread does nothing but poll. */
  pollIntervalExceeded(): void {}

  /** The real thread logs it and polls again; so does this one, without a new join. */
  refused(): void {}
}
