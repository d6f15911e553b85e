// The bounds of failover times that follow from Kafka's timers, releases from 4.1 on with defaults.
//
// S broker.session.timeout.ms, H broker.heartbeat.interval.ms, R replica.lag.time.max.ms,
// F controller.quorum.fetch.timeout.ms, E controller.quorum.election.timeout.ms,
// W the longest wait of a fetch, of the log and of the metadata log; all in ms.

import type { Bound } from './bound.ts'
import { RTT } from './stage.ts'

const [S, H, R, F, E, W] = [9_000, 2_000, 30_000, 2_000, 1_000, 500]
/** From 4.0 sessions are looked at every eighth of S. */
const STALE = 1.125 * S
const REQUEST_TIMEOUT = 30_000
/** retry.backoff.max.ms: between two looks of a client at the metadata. */
const REFRESH = 1_000
/** controller.quorum.append.linger.ms, a round trip to the nearer voter, both their disks. */
const FSYNC = 2
/** The machines' own work on one exchange. */
const WORK = 4
const COMMIT = 25 + RTT + 2 * FSYNC + WORK
/** A heartbeat's answer waits for what the controller has written and not yet committed. */
const ANSWER = RTT + COMMIT
const FENCED = [S - H - ANSWER, STALE + WORK] as const
/** A connection and its API versions, pre-vote, vote, BeginQuorumEpoch with a fetch, its commit. */
const ELECTION = 6 * RTT + 6 * FSYNC + 2 * WORK
/** The same where the connections are there and nothing has to be asked twice. */
const ELECTION_MIN = 4 * RTT
const FIRST = [F - W + ELECTION_MIN, F + RTT / 2 + ELECTION] as const
/** One record of a producer at 20 a second, and the fetch that brought it. */
const CAUGHT_UP = 50 + RTT
/** Of the scene in which a client is cut off with a request in flight. */
export const LONG_RTT = 100

const row = (
  id: string,
  what: string,
  source: string,
  [from, to]: readonly [number, number],
  unfilledBecause: string | null = null,
): Bound => ({ id, what, source, from, to, unfilledBecause })

export const BOUNDS: readonly Bound[] = [
  row(
    'broker-fenced',
    'a dead broker is fenced: S − H … 1.125 S after its end',
    'BrokerHeartbeatTracker, QuorumController.registerMaybeFenceStaleBroker',
    FENCED,
  ),
  row(
    'metadata-commit',
    'a decision is committed: one round trip … with the whole linger before it',
    'BatchAccumulator (append linger), KafkaRaftClient',
    [RTT, COMMIT],
  ),
  row(
    'clients-after-fence',
    'a producer is back after its leader’s fence: commit, propagation, its next refresh',
    'Metadata (retry.backoff.max.ms), ReplicaManager.applyDelta',
    [RTT, COMMIT + REFRESH + 6 * RTT + 2 * WORK],
  ),
  row(
    'leader-failover',
    'a producer is back after its leader’s end, the active controller alive',
    'the three above, one after the other',
    [FENCED[0] + RTT, FENCED[1] + COMMIT + REFRESH + 6 * RTT + 2 * WORK],
    'three phases that know nothing of each other seldom are all early or all late',
  ),
  row(
    'stall-on-dead-member',
    'acks=all waits for a dead ISR member: until it is fenced',
    'DelayedProduce, ReplicationControlManager.handleBrokerFenced',
    // The decision is committed, and has a way to the leader, which is in another region.
    [FENCED[0] + RTT + RTT / 2, FENCED[1] + COMMIT + 2 * RTT + WORK],
    'the earliest takes a last heartbeat whose answer waited for a commit, and no linger after it',
  ),
  row(
    'first-election',
    'a new controller after one election: F after the last fetch, which waited up to W',
    'KafkaRaftClient.pollFollowerAsVoter, KIP-996',
    FIRST,
  ),
  row(
    'second-election',
    'a new controller after a split vote: the same and E … 2 E more',
    'QuorumState.randomElectionTimeoutMs',
    [FIRST[0] + E, FIRST[1] + 2 * E + ELECTION],
    'the earlier of two random election time-outs decides, so late ends are rare',
  ),
  row(
    'session-after-failover',
    'a broker that died with the controller is fenced S … 1.125 S after the next one begins',
    'ClusterControlManager.activate',
    [S, STALE + WORK],
  ),
  row(
    'fence-with-controller',
    'the same from the common end on, after one election',
    'the two above, one after the other',
    [FIRST[0] + S, FIRST[1] + STALE + WORK],
  ),
  row(
    'isolated-leader-resigns',
    'a quorum leader cut off resigns 1.5 F after it last answered a fetch, which waited up to W',
    'LeaderState.CHECK_QUORUM_TIMEOUT_FACTOR',
    [1.5 * F - RTT - WORK, 1.5 * F + W + WORK],
  ),
  row(
    'lagging-follower-leaves',
    'a follower that lives and is cut off from its leader leaves the ISR: R … 1.5 R',
    'ReplicaManager (isr-expiration), Partition.maybeShrinkIsr',
    // The leader's first question to the controller on this channel: it has to connect, and to ask
    // for API versions.
    [R - CAUGHT_UP, 1.5 * R + 3 * RTT + WORK],
  ),
  row(
    'stall-on-cut-off-member',
    'acks=all waits for it just as long, and for the commit',
    'DelayedProduce',
    [R - CAUGHT_UP, 1.5 * R + RTT + COMMIT + 2 * RTT + WORK],
  ),
  row(
    'follower-high-watermark',
    'a follower hears of a commit with its next fetch, at the latest after W',
    'DelayedFetch; KAFKA-9952',
    [RTT / 2, W + RTT + WORK],
  ),
  row(
    'request-in-flight',
    'a request in flight into a black hole is given up request.timeout.ms after it left',
    'NetworkClient.handleTimedOutRequests',
    [REQUEST_TIMEOUT - LONG_RTT - 3 * WORK, REQUEST_TIMEOUT + WORK],
  ),
  row(
    'shutdown-leader-moves',
    'SIGTERM: leadership moves when the request arrives, after the heartbeat in flight',
    'BrokerLifecycleManager.BeginControlledShutdownEvent',
    [RTT / 2, RTT / 2 + ANSWER],
    'one shutdown in forty finds a heartbeat in flight; the others go out at once',
  ),
  row(
    'shutdown-ends',
    'SIGTERM: the process ends when its second request is granted, or the third or fourth',
    'BrokerHeartbeatManager.calculateNextBrokerState',
    // One in a thousand ends with the second, 50 ms after the first: both others have happened to
    // report the change in between.
    [50, 50 + 2 * H + 4 * ANSWER],
    'steps a heartbeat apart: it is granted once the others have reported the change',
  ),
]
