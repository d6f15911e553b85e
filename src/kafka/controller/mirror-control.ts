// Models: the controller's part in cluster links: which state follows which, and when all are done.
// Leaves out: the data, which brokers move; whether a mirror lags, which the tool asks brokers;
// that partitions of a KIP-1279 mirror stop and start one by one: its topic waits for all of them.
// Source: Confluent's docs on mirror topics (states, commands, their conditions); KIP-1279 for its
// own states, which stand in its topic __mirror_state and not in the metadata log, and for the rule
// that a mirror's leader epoch is not below its source's. What is unknown is our choice.

import type { AdminResponse } from '../admin-messages.ts'
import type { MirrorState, MirrorTopic, Reversal } from '../metadata/mirror-records.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type {
  AlterClusterLinkRequest,
  AlterMirrorRequest,
  BumpLeaderEpochRequest,
  MirrorControlRequest,
  MirrorOperation,
  ReportMirrorRequest,
} from '../mirror-messages.ts'
import type { ControllerState } from './controller-state.ts'

/** As every decision of the controller: records that are replayed at once, an answer that waits. */
interface MirrorDecision {
  readonly records: readonly MetadataRecord[]
  readonly reply: AdminResponse
}

/** What an operation asks of a mirror topic, and where it leads. */
interface Rule {
  /** States in which it is allowed; null also for a topic that is no mirror. */
  readonly from: readonly (MirrorState | null)[]
  /** PENDING_ states end by themselves, when all whom they wait for have reported. */
  readonly to: MirrorState
  /** What the source of it becomes in its turn once this topic has stopped; null: nothing. */
  readonly reversal: Reversal
}

/** Fetches, or would if it could: what a failover may cut loose. */
const RUNNING: readonly MirrorState[] = ['ACTIVE', 'PAUSED', 'SOURCE_UNAVAILABLE', 'FAILED']
/**
 * Producers write to it: it can become a mirror only with a cut of what the source does not have.
 */
const WRITABLE: readonly (MirrorState | null)[] = [null, 'STOPPED']

const RULES: Readonly<Record<MirrorOperation, Rule>> = {
  pause: { from: ['ACTIVE', 'SOURCE_UNAVAILABLE'], to: 'PAUSED', reversal: null },
  resume: { from: ['PAUSED'], to: 'ACTIVE', reversal: null },
  // Waits until the source has nothing more: without its source it never ends, and loses nothing.
  promote: { from: ['ACTIVE'], to: 'PENDING_SYNCHRONIZE', reversal: null },
  // Asks nobody: what the source has beyond the copy's end is left behind.
  failover: {
    from: [...RUNNING, 'PENDING_SYNCHRONIZE', 'PENDING_MIRROR'],
    to: 'PENDING_STOPPED',
    reversal: null,
  },
  'reverse-and-start': { from: ['ACTIVE'], to: 'PENDING_SYNCHRONIZE', reversal: 'ACTIVE' },
  'reverse-and-pause': { from: ['ACTIVE'], to: 'PENDING_SYNCHRONIZE', reversal: 'PAUSED' },
  // The way back of a topic that was failed over: cut to where the two logs agree, then copy.
  'truncate-and-restore': { from: WRITABLE, to: 'PENDING_SETUP_FOR_RESTORE', reversal: null },
  demote: { from: WRITABLE, to: 'PENDING_MIRROR', reversal: null },
  start: { from: ['PENDING_MIRROR'], to: 'ACTIVE', reversal: null },
  'start-paused': { from: ['PENDING_MIRROR'], to: 'PAUSED', reversal: null },
  'start-mirroring': { from: WRITABLE, to: 'LOG_ALIGNMENT', reversal: null },
  'stop-mirroring': {
    from: ['LOG_ALIGNMENT', 'MIRRORING', 'PAUSED'],
    to: 'STOPPING',
    reversal: null,
  },
  'pause-mirroring': { from: ['MIRRORING'], to: 'PAUSED', reversal: null },
  'resume-mirroring': { from: ['PAUSED'], to: 'MIRRORING', reversal: null },
  'recover-mirroring': { from: ['MIRRORING'], to: 'MIRRORING', reversal: null },
  // From the link itself, for what no retry mends; an operator must act.
  fail: { from: ['ACTIVE', 'SOURCE_UNAVAILABLE'], to: 'FAILED', reversal: null },
  'source-lost': { from: ['ACTIVE'], to: 'SOURCE_UNAVAILABLE', reversal: null },
  'source-back': { from: ['SOURCE_UNAVAILABLE'], to: 'ACTIVE', reversal: null },
}

/** Decides one request; records are replayed by the caller before the next. */
export function controlMirror(
  state: ControllerState,
  request: MirrorControlRequest,
): MirrorDecision {
  switch (request.api) {
    case 'AlterMirror':
      return alterMirror(state, request)
    case 'ReportMirror':
      return reportMirror(state, request)
    case 'BumpLeaderEpoch':
      return bumpLeaderEpoch(state, request)
    case 'AlterClusterLink':
      return alterLink(state, request)
  }
}

function alterMirror(state: ControllerState, request: AlterMirrorRequest): MirrorDecision {
  const { topic, operation, link, sourceTopic } = request
  if (!state.topics.has(topic)) return refused(`topic '${topic}' does not exist`)
  const known = state.mirrors.of(topic)
  const rule = RULES[operation]
  if (!rule.from.includes(known?.state ?? null)) {
    const present = known === undefined ? 'no mirror' : known.state
    return refused(`${operation} is not possible: topic '${topic}' is ${present}`)
  }
  const mirror: MirrorTopic = {
    topic,
    link: known?.state === 'STOPPED' || known === undefined ? link : known.link,
    sourceTopic:
      known?.state === 'STOPPED' || known === undefined ? sourceTopic : known.sourceTopic,
    state: rule.to,
    reversal: rule.reversal,
    ...(rule.to === 'FAILED' ? { reason: request.reason ?? '' } : {}),
  }
  // What is cut in a new epoch, followers compare with their logs.
  const bumps = rule.to === 'LOG_ALIGNMENT' ? newEpochs(state, topic) : []
  return { records: [{ type: 'MirrorTopic', ...mirror }, ...bumps], reply: reply('') }
}

/**
 * Once all partitions are done the topic enters the next state in the same batch of records. One
 * that is stopped begins a leader epoch of its own, above all that it has mirrored; one that is cut
 * back begins one too, so that its followers compare their logs with the leader's.
 */
function reportMirror(state: ControllerState, request: ReportMirrorRequest): MirrorDecision {
  const { topic, partition, progress, endOffset, reason } = request
  const mirror = state.mirrors.of(topic)
  if (mirror?.state !== request.state) return refused(`topic '${topic}' is in another state`)
  const own: MetadataRecord = {
    ...{ type: 'MirrorPartition', topic, partition, progress, endOffset },
    ...(reason === undefined ? {} : { reason }),
  }
  const isLast =
    progress === 'done' &&
    expected(state, mirror).every((index) => {
      return index === partition || state.mirrors.progressOf(topic, index).done !== null
    })
  const next = isLast ? NEXT[mirror.state] : undefined
  if (next === undefined) return { records: [own], reply: reply('') }
  // In one batch with the last report: no broker sees all partitions done and the topic unmoved.
  const change: MetadataRecord = { type: 'MirrorTopic', ...mirror, state: next }
  const bumps = next === 'STOPPED' || next === 'PENDING_RESTORE' ? newEpochs(state, topic) : []
  // The goals of a restore are what the link found out in the state before.
  const goals = next === 'PENDING_RESTORE' ? goalsOf(state, mirror, request) : []
  return { records: [own, change, ...goals, ...bumps], reply: reply('') }
}

/** Where a state leads of itself when everybody has reported; the others end by an order. */
const NEXT: Partial<Record<MirrorState, MirrorState>> = {
  PENDING_SYNCHRONIZE: 'PENDING_STOPPED',
  PENDING_STOPPED: 'STOPPED',
  PENDING_SETUP_FOR_RESTORE: 'PENDING_RESTORE',
  PENDING_RESTORE: 'ACTIVE',
  LOG_ALIGNMENT: 'MIRRORING',
  STOPPING: 'STOPPED',
}

/** Whose reports a state waits for: every partition, and before a stop the link and its groups. */
function expected(state: ControllerState, { topic, state: at }: MirrorTopic): number[] {
  const partitions = state.topics.get(topic) ?? []
  const isStopping = at === 'PENDING_SYNCHRONIZE' || at === 'PENDING_STOPPED'
  return isStopping ? [...partitions, -1] : [...partitions]
}

/** Where each partition is to be cut, by what the state before has found; 0 where it found none. */
function goalsOf(
  state: ControllerState,
  { topic }: MirrorTopic,
  last: ReportMirrorRequest,
): MetadataRecord[] {
  return (state.topics.get(topic) ?? []).map((partition) => {
    const known = state.mirrors.progressOf(topic, partition).done
    const endOffset = partition === last.partition ? last.endOffset : (known ?? 0)
    return { type: 'MirrorPartition', topic, partition, progress: 'goal', endOffset }
  })
}

/** A record that names the leader is a new term, also where it is the old one's (mergeChange). */
function newEpochs(state: ControllerState, topic: string): MetadataRecord[] {
  return (state.topics.get(topic) ?? []).flatMap((partition) => {
    const { leader } = state.partition(partition).registration
    return leader < 0 ? [] : [{ type: 'PartitionChange' as const, partition, leader }]
  })
}

/**
 * A mirror's batches keep their source's epochs. Once its own leader epoch were below those, the
 * first batch written after a promotion would go back in epochs, and followers could not compare.
 */
function bumpLeaderEpoch(
  state: ControllerState,
  { partition, atLeast }: BumpLeaderEpochRequest,
): MirrorDecision {
  const registration = state.partitions.get(partition)?.registration
  if (registration === undefined || registration.leader < 0) return refused('no leader')
  const { leader, leaderEpoch } = registration
  if (leaderEpoch >= atLeast) return { records: [], reply: reply('') }
  const change = { type: 'PartitionChange' as const, partition, leader, leaderEpoch: atLeast }
  return { records: [change], reply: reply('') }
}

function alterLink(state: ControllerState, request: AlterClusterLinkRequest): MirrorDecision {
  const { link, paused } = request
  const { mirrors } = state
  if (mirrors.hasLink(link) && mirrors.isPaused(link) === paused)
    return { records: [], reply: reply('') }
  return { records: [{ type: 'ClusterLink', link, paused }], reply: reply('') }
}

function reply(message: string): AdminResponse {
  return { api: 'Admin', error: 'NONE', message }
}

function refused(message: string): MirrorDecision {
  return { records: [], reply: { api: 'Admin', error: 'INVALID_REQUEST', message } }
}
