// Models: what differs between Kafka releases, as named guards that a scenario may switch by name.
// Leaves out: ZooKeeper mode (a version before 3.3 picks its guards only, on a KRaft controller).
// Source: Kafka upgrade notes; KIP and JIRA named at each guard.

import { keysOf, tableOf } from '../sim/closed-table.ts'

/** A Kafka release, 'major.minor' or 'major.minor.patch'. */
export type KafkaVersion = string

export interface GuardRule {
  /** First release in which the behaviour is on; null = always was. */
  readonly since: KafkaVersion | null
  /** First release in which it is off again; null = still on. */
  readonly until: KafkaVersion | null
  readonly doc: string
  readonly source: string
}

/** Every guard of the model. Most are repairs: off, the anomaly they prevent comes back. */
export const GUARD_RULES = {
  epochBasedTruncation: {
    since: '0.11',
    until: null,
    doc: 'A follower truncates by leader epoch; off, to its own high watermark.',
    source: 'KIP-101',
  },
  truncationIteratesEpochs: {
    since: '2.0',
    until: null,
    doc: 'Truncation goes back epoch by epoch until both logs share one; off, one round only.',
    source: 'KIP-279',
  },
  epochKnownFromElection: {
    since: '2.1',
    until: null,
    doc: 'A leader notes its epoch when elected; one below its first ends where that begins.',
    source: 'KAFKA-7415',
  },
  fetchSessions: {
    since: '1.1',
    until: null,
    doc: 'A follower fetches in a session: what it gave up with a connection is refused later.',
    source: 'KIP-227',
  },
  epochFencingOfFetch: {
    since: '2.1',
    until: null,
    doc: 'A fetch with another leader epoch than the broker knows is refused.',
    source: 'KIP-320',
  },
  epochFencingOfTruncation: {
    since: '2.1',
    until: null,
    doc: 'A truncation query with another leader epoch than the broker knows is refused.',
    source: 'KIP-320',
  },
  epochFencingOfHighWatermark: {
    since: '2.1',
    until: null,
    doc: 'Only fetches of the leader’s own epoch move its high watermark.',
    source: 'KIP-320',
  },
  isrExpandNeedsEpochStart: {
    since: '2.1',
    until: null,
    doc: 'A replica joins the ISR only from the offset at which the leader’s epoch began.',
    source: 'KAFKA-7128',
  },
  isrExpandNeedsFetchInEpoch: {
    since: '2.1',
    until: null,
    doc: 'A leader forgets its followers’ positions with each epoch: only a new fetch counts.',
    source: 'Partition.makeLeader, Replica.resetReplicaState',
  },
  maximalIsrForHighWatermark: {
    since: '2.7',
    until: null,
    doc: 'The high watermark waits for the maximal ISR while a change is pending.',
    source: 'KIP-497',
  },
  pendingIsrStaysOnVersionError: {
    since: '2.7',
    until: null,
    doc: 'After INVALID_UPDATE_VERSION an ISR change stays pending until metadata decides.',
    source: 'KIP-497',
  },
  highWatermarkPush: {
    since: '2.4',
    until: '2.6',
    doc: 'A parked follower fetch is answered when the high watermark moves.',
    source: 'KIP-392, removed by KAFKA-9952',
  },
  offsetNotAvailableGate: {
    since: '2.2',
    until: null,
    doc: 'ListOffsets is refused while a new leader’s high watermark lags its epoch start.',
    source: 'KIP-207',
  },
  consumerValidatesPosition: {
    since: '2.3',
    until: null,
    doc: 'A consumer asks a new leader whether its position still stands before it reads on.',
    source: 'KIP-320',
  },
  truncateBeforeHighWatermark: {
    since: '3.5',
    until: null,
    doc: 'A diverging fetch response truncates only; its high watermark is ignored.',
    source: 'KAFKA-14704',
  },
  fencedReplicaBarredFromIsr: {
    since: '3.3',
    until: null,
    doc: 'A fenced or shutting-down broker cannot enter an ISR.',
    source: 'KIP-841',
  },
  brokerEpochOnIsrAdd: {
    since: '3.5',
    until: null,
    doc: 'An ISR member is named with its broker epoch; an old incarnation is refused.',
    source: 'KIP-903',
  },
  readReplicaFromIsrOnly: {
    since: '3.4',
    until: null,
    doc: 'Consumers are sent to members of the ISR only; off, to any replica with the offset.',
    source: 'KAFKA-14372',
  },
  bumpLeaderEpochOnIsrShrink: {
    since: null,
    until: '3.6',
    doc: 'Every ISR shrink also raises the leader epoch.',
    source: 'KAFKA-15021',
  },
  producerIdRefusedWithoutBlock: {
    since: '3.6',
    until: null,
    doc: 'A broker without producer ids refuses for now who wants one; off, the request waits.',
    source: 'KAFKA-14694',
  },
  minIsrGatesHighWatermark: {
    since: '3.7',
    until: null,
    doc: 'The high watermark stands still while the committed ISR is below min.insync.replicas.',
    source: 'KAFKA-15583',
  },
  newLeaderInErrorResponse: {
    since: '3.7',
    until: null,
    doc: 'A NOT_LEADER_OR_FOLLOWER answer names the new leader when the broker knows it.',
    source: 'KIP-951',
  },
  elr: {
    since: '4.1',
    until: null,
    doc: 'Eligible leader replicas, on for clusters formatted at this release.',
    source: 'KIP-966 part 1',
  },
  uncleanReplicaLeavesElr: {
    since: '4.0',
    until: null,
    doc: 'A broker that registers again without a clean shutdown leaves every ISR and ELR.',
    source: 'KIP-966 part 1',
  },
  lastKnownLeaderMustBeActive: {
    since: '4.1',
    until: null,
    doc: 'The last known leader is elected only when it is unfenced.',
    source: 'KAFKA-19522',
  },
  staleCheckEveryEighth: {
    since: '4.0',
    until: null,
    doc: 'Stale brokers are looked for every eighth of the session time-out; off, at the deadline.',
    source: 'QuorumController.registerMaybeFenceStaleBroker, BrokerHeartbeatTracker',
  },
  heartbeatRetriedEveryInterval: {
    since: '4.1',
    until: null,
    doc: 'A lost heartbeat is given up after one interval, tried after the next; off, backed off.',
    source: 'KAFKA-19294',
  },
  duplicateRegistrationAfterControlledShutdown: {
    since: '3.3',
    until: null,
    doc: 'A broker back within its old session is refused, also after a controlled shutdown.',
    source: 'ClusterControlManager.registerBroker',
  },
  sessionsRestartAtActivation: {
    since: '3.3',
    until: null,
    doc: 'A new active controller gives every broker a whole new session.',
    source: 'ClusterControlManager.activate',
  },
  raftHighWatermarkPush: {
    since: '4.1',
    until: null,
    doc: 'A parked metadata fetch is answered when the quorum’s high watermark moves.',
    source: 'KIP-1166',
  },
  preVote: {
    since: '4.0',
    until: null,
    doc: 'A voter asks for pre-votes before it raises the quorum epoch.',
    source: 'KIP-996',
  },
  checkQuorum: {
    since: '3.7',
    until: null,
    doc: 'A quorum leader without fetches of a majority for 1.5 fetch time-outs resigns.',
    source: 'KAFKA-15489',
  },
  coordinatorOnRuntime: {
    since: '4.0',
    until: null,
    doc: 'Consumers hear committed offsets once all written before are; unknown groups say so.',
    source: 'KIP-848, GroupCoordinatorService',
  },
} as const satisfies Record<string, GuardRule>

export type GuardName = keyof typeof GUARD_RULES
export type Guards = Readonly<Record<GuardName, boolean>>

export const GUARD_NAMES: readonly GuardName[] = keysOf(GUARD_RULES)
export const VERSION_DEFAULT: KafkaVersion = '4.1'
/** The releases that the guards tell apart; earlier and later ones are refused. */
export const VERSION_MIN: KafkaVersion = '2.0'
export const VERSION_MAX: KafkaVersion = '4.3'

const VERSION = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{1,2}))?$/

/** The numbers of a release, or null if the text is not a release or none that the guards know. */
export function parseVersion(text: string): readonly number[] | null {
  const numbers = numbersOf(text)
  if (numbers === null) return null
  const minor = numbers.slice(0, 2).join('.')
  if (compareVersions(minor, VERSION_MIN) < 0 || compareVersions(minor, VERSION_MAX) > 0)
    return null
  return numbers
}

/** Negative, zero or positive as a is before, equal to or after b; a missing patch counts as 0. */
export function compareVersions(a: KafkaVersion, b: KafkaVersion): number {
  const [x, y] = [numbersOf(a) ?? [], numbersOf(b) ?? []]
  for (let i = 0; i < 3; i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The guards of a release, each overridden by name where the scenario says so. */
export function guardsFor(
  version: KafkaVersion,
  overrides: Partial<Record<GuardName, boolean>> = {},
): Guards {
  return guardsOf(GUARD_RULES, version, overrides)
}

/** The guards of any table, such as that of a program beside the brokers, at a release. */
export function guardsOf<Name extends string>(
  rules: Readonly<Record<Name, GuardRule>>,
  version: KafkaVersion,
  overrides: Partial<Record<Name, boolean>> = {},
): Readonly<Record<Name, boolean>> {
  const names = keysOf<Readonly<Record<Name, GuardRule>>>(rules)
  const guards = tableOf(names, (name) => overrides[name] ?? isOn(rules[name], version))
  // Filled name by name it is a hash table to the engine; read from a text it is an object, whose
  // members the hot paths find at once.
  return JSON.parse(JSON.stringify(guards))
}

function isOn(rule: GuardRule, version: KafkaVersion): boolean {
  if (rule.since !== null && compareVersions(version, rule.since) < 0) return false
  return rule.until === null || compareVersions(version, rule.until) < 0
}

function numbersOf(text: string): readonly number[] | null {
  const match = VERSION.exec(text)
  return match === null ? null : match.slice(1).map((part) => Number(part ?? 0))
}
