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
  // 1. A follower has a record, but not yet the high watermark that covers it; it restarts and cuts
  //    its log to its own watermark.
  // 2. Before it fetches the record again, the leader dies, and the follower leads without it.
  // 3. The old leader comes back and cuts the record too: it was acknowledged, and nobody has it.
  epochBasedTruncation: {
    since: '0.11',
    until: null,
    doc: 'A follower truncates by leader epoch; off, to its own high watermark.',
    source: 'KIP-101',
  },
  // The leader's log need not have the follower's last epoch. One answer then tells of a lower one,
  // which the follower may lack in turn: cut there, the logs can differ below the cut for good.
  truncationIteratesEpochs: {
    since: '2.0',
    until: null,
    doc: 'Truncation goes back epoch by epoch until both logs share one; off, one round only.',
    source: 'KIP-279',
  },
  // Without the note a leader knows no epoch later than its last record's. Of a follower's later
  // one it can only say that it never heard of it, and the follower falls back to its watermark.
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
  // Who leads is told by metadata, to each broker in its own time. Epochs in the requests keep
  // those two apart that believe in different leaders:
  // 1. a leader is cut off from the controller, another one is elected;
  // 2. a follower that knows the new epoch still asks the old leader, or the other way round;
  // 3. without a check the old one counts it as in sync and commits what the new one never sees.
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
  // A new leader's high watermark may lie below what its predecessor committed. A replica that only
  // reaches the watermark may join, be elected, and lack what was committed between the two.
  isrExpandNeedsEpochStart: {
    since: '2.1',
    until: null,
    doc: 'A replica joins the ISR only from the offset at which the leader’s epoch began.',
    source: 'KAFKA-7128',
  },
  // What a leader remembers of a replica from before is what that one had then; it may have lost
  // it.
  isrExpandNeedsFetchInEpoch: {
    since: '2.1',
    until: null,
    doc: 'A leader forgets its followers’ positions with each epoch: only a new fetch counts.',
    source: 'Partition.makeLeader, Replica.resetReplicaState',
  },
  // Between a proposal and its answer two ISRs may hold: the controller may elect from either.
  maximalIsrForHighWatermark: {
    since: '2.7',
    until: null,
    doc: 'The high watermark waits for the maximal ISR while a change is pending.',
    source: 'KIP-497',
  },
  // An answer that is lost and asked for again comes back as a version error although the change
  // was made: who falls back to the old ISR commits without a member that may be elected.
  pendingIsrStaysOnVersionError: {
    since: '2.7',
    until: null,
    doc: 'After INVALID_UPDATE_VERSION an ISR change stays pending until metadata decides.',
    source: 'KIP-497',
  },
  // It spared consumers of followers up to replica.fetch.wait.max.ms, and was taken back: answers
  // that carry no records cost brokers more requests than it was worth.
  highWatermarkPush: {
    since: '2.4',
    until: '2.6',
    doc: 'A parked follower fetch is answered when the high watermark moves.',
    source: 'KIP-392, removed by KAFKA-9952',
  },
  // The end of a log would be told lower than it was before: whoever trusts it reads too little.
  offsetNotAvailableGate: {
    since: '2.2',
    until: null,
    doc: 'ListOffsets is refused while a new leader’s high watermark lags its epoch start.',
    source: 'KIP-207',
  },
  // After an unclean election the offset of a position may hold another record. Without the
  // question the consumer reads on over the gap, and nobody notices.
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
  // A broker that has just been fenced goes on fetching: its leader would propose what the
  // controller has taken out a moment ago, back and forth.
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
  // A replica that lags is chosen once more at each look, and its consumers lag with it.
  readReplicaFromIsrOnly: {
    since: '3.4',
    until: null,
    doc: 'Consumers are sent to members of the ISR only; off, to any replica with the offset.',
    source: 'KAFKA-14372',
  },
  // Each bump makes every follower of the partition start over, and its consumers ask for metadata;
  // the partition epoch alone tells a newer ISR from an older one.
  bumpLeaderEpochOnIsrShrink: {
    since: null,
    until: '3.6',
    doc: 'Every ISR shrink also raises the leader epoch.',
    source: 'KAFKA-15021',
  },
  // Each request that waited held one of the broker's few request threads for its time-out.
  producerIdRefusedWithoutBlock: {
    since: '3.6',
    until: null,
    doc: 'A broker without producer ids refuses for now who wants one; off, the request waits.',
    source: 'KAFKA-14694',
  },
  // 1. The ISR is down to the leader, below min.insync.replicas: acks=all is refused.
  // 2. Producers with acks=1 go on, and the leader alone commits what they send.
  // 3. It dies, and an earlier member leads by the ELR: without this, committed records are gone.
  minIsrGatesHighWatermark: {
    since: '3.7',
    until: null,
    doc: 'The high watermark stands still while the committed ISR is below min.insync.replicas.',
    source: 'KAFKA-15583',
  },
  // A client that is told saves a round of metadata, which may come from a broker that is behind.
  newLeaderInErrorResponse: {
    since: '3.7',
    until: null,
    doc: 'A NOT_LEADER_OR_FOLLOWER answer names the new leader when the broker knows it.',
    source: 'KIP-951',
  },
  // Who leaves the ISR while it is below min.insync.replicas has everything that was committed
  // since: it may lead once the ISR has died out, and nothing is lost.
  elr: {
    since: '4.1',
    until: null,
    doc: 'Eligible leader replicas, on for clusters formatted at this release.',
    source: 'KIP-966 part 1',
  },
  // After a power loss a disk may have less than it acknowledged: such a replica proves nothing.
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
  // A broker may be fenced up to one eighth of its session late.
  staleCheckEveryEighth: {
    since: '4.0',
    until: null,
    doc: 'Stale brokers are looked for every eighth of the session time-out; off, at the deadline.',
    source: 'QuorumController.registerMaybeFenceStaleBroker, BrokerHeartbeatTracker',
  },
  // 1. A heartbeat goes into a black hole; its time-out was half the session, then a back-off.
  // 2. The next had to find the new controller in what was left, and often came too late.
  heartbeatRetriedEveryInterval: {
    since: '4.1',
    until: null,
    doc: 'A lost heartbeat is given up after one interval, tried after the next; off, backed off.',
    source: 'KAFKA-19294',
  },
  // For the controller the old process lives until its session ends: a restart that is quicker than
  // broker.session.timeout.ms waits for the rest of it.
  duplicateRegistrationAfterControlledShutdown: {
    since: '3.3',
    until: null,
    doc: 'A broker back within its old session is refused, also after a controlled shutdown.',
    source: 'ClusterControlManager.registerBroker',
  },
  // Heartbeats are in no log: a new controller cannot know when a broker was heard last. Whoever
  // dies together with the old controller is found later by the time of the election.
  sessionsRestartAtActivation: {
    since: '3.3',
    until: null,
    doc: 'A new active controller gives every broker a whole new session.',
    source: 'ClusterControlManager.activate',
  },
  // Otherwise brokers learn that a record is committed with their next fetch: up to half a second
  // later where nothing else is written.
  raftHighWatermarkPush: {
    since: '4.1',
    until: null,
    doc: 'A parked metadata fetch is answered when the quorum’s high watermark moves.',
    source: 'KIP-1166',
  },
  // A voter that was cut off raises its epoch in vain, again and again; back on the network, its
  // higher epoch would depose a leader that everybody else can hear.
  preVote: {
    since: '4.0',
    until: null,
    doc: 'A voter asks for pre-votes before it raises the quorum epoch.',
    source: 'KIP-996',
  },
  // A leader that is cut off with some brokers would go on taking their requests, commit none of
  // them, and keep those brokers from looking for the new one.
  checkQuorum: {
    since: '3.7',
    until: null,
    doc: 'A quorum leader without fetches of a majority for 1.5 fetch time-outs resigns.',
    source: 'KAFKA-15489',
  },
  // The coordinator of 4.0 answers from a state of timelines: what is written and not yet committed
  // is kept apart. The older one took a commit into its cache when it was replicated.
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
