// What `kafka-metadata-quorum describe --status` and `--replication` print, byte for byte.
// Timestamps are milliseconds of the run.

import type { QuorumDescription } from '../contract.ts'

type Replica = QuorumDescription['replicas'][number]

const LABEL_WIDTH = 24

/**
 * Label and value a line, the lists as JSON; MaxFollowerLag counts voters only. A final newline
 * ends it.
 */
export function describeQuorumStatus(quorum: QuorumDescription): string {
  const voters = quorum.replicas.filter((r) => r.role !== 'Observer')
  const observers = quorum.replicas.filter((r) => r.role === 'Observer')
  const lag = maxFollowerLag(quorum, voters)
  const lines = [
    ['ClusterId:', quorum.clusterId],
    ['LeaderId:', quorum.leaderId],
    ['LeaderEpoch:', quorum.leaderEpoch],
    ['HighWatermark:', quorum.highWatermark],
    ['MaxFollowerLag:', lag.offsets],
    ['MaxFollowerLagTimeMs:', lag.ms],
    ['CurrentVoters:', list(byId(voters).map(voterJson))],
    ['CurrentObservers:', list(byId(observers).map(observerJson))],
  ]
  return lines.map(([label, value]) => `${String(label).padEnd(LABEL_WIDTH)}${value}\n`).join('')
}

/**
 * A row a replica: the leader first, then voters and observers by id. Lag is in offsets behind the
 * leader; cells end in a tab.
 */
export function describeQuorumReplication(quorum: QuorumDescription): string {
  const leader = quorum.replicas.find((r) => r.role === 'Leader')
  const rank = { Leader: 0, Follower: 1, Observer: 2 }
  const replicas = byId(quorum.replicas).sort((a, b) => rank[a.role] - rank[b.role])
  const rows = replicas.map((r) => [
    String(r.id),
    r.directoryId,
    String(r.logEndOffset),
    String((leader?.logEndOffset ?? r.logEndOffset) - r.logEndOffset),
    String(Math.floor(r.lastFetchMs)),
    String(Math.floor(r.lastCaughtUpMs)),
    r.role,
  ])
  const header = [
    ...['NodeId', 'DirectoryId', 'LogEndOffset', 'Lag'],
    ...['LastFetchTimestamp', 'LastCaughtUpTimestamp', 'Status'],
  ]
  const table = [header, ...rows]
  const widths = header.map((_, c) => Math.max(...table.map((row) => row[c]?.length ?? 0)))
  return table
    .map((row) => `${row.map((cell, c) => `${cell.padEnd(widths[c] ?? 0)}\t`).join('')}\n`)
    .join('')
}

/** Of the voter that is furthest behind; the first of those that tie, as Kafka's tool does. */
function maxFollowerLag(
  quorum: QuorumDescription,
  voters: readonly Replica[],
): { offsets: number; ms: number } {
  const leader = voters.find((r) => r.id === quorum.leaderId)
  const last = byId(voters).reduce<Replica | undefined>(
    (min, r) => (min === undefined || r.logEndOffset < min.logEndOffset ? r : min),
    undefined,
  )
  if (leader === undefined || last === undefined) return { offsets: -1, ms: -1 }
  const offsets = leader.logEndOffset - last.logEndOffset
  if (last === leader) return { offsets, ms: 0 }
  const isKnown = leader.lastCaughtUpMs >= 0 && last.lastCaughtUpMs >= 0
  return { offsets, ms: isKnown ? Math.floor(leader.lastCaughtUpMs - last.lastCaughtUpMs) : -1 }
}

function voterJson(replica: Replica): string {
  const endpoints = replica.endpoint === null ? '' : `"${replica.endpoint}"`
  return `{"id": ${replica.id}, "endpoints": [${endpoints}]}`
}

function observerJson(replica: Replica): string {
  return `{"id": ${replica.id}, "directoryId": "${replica.directoryId}"}`
}

function list(items: readonly string[]): string {
  return `[${items.join(', ')}]`
}

function byId(replicas: readonly Replica[]): Replica[] {
  return [...replicas].sort((a, b) => a.id - b.id)
}
