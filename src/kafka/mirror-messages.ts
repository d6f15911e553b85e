// Models: the requests by which links and their operators change mirror topics, as plain values.
// Leaves out: authorisation; several topics in one request.
// Source: Confluent's kafka-mirrors and REST API v3; the fields are our own.

import type { KafkaError } from './errors.ts'
import type { LeaderEpoch, NodeId, Offset, PartitionIndex } from './ids.ts'
import type { MirrorState, Reversal } from './metadata/mirror-records.ts'

/**
 * What is asked of a mirror topic. From an operator: pause to restore. From the link itself: the
 * others. `demote` makes a topic that was written to a mirror of its former mirror.
 */
export type MirrorOperation =
  | 'pause'
  | 'resume'
  | 'promote'
  | 'failover'
  | 'reverse-and-start'
  | 'reverse-and-pause'
  | 'truncate-and-restore'
  | 'demote'
  | 'start'
  | 'start-paused'
  | 'fail'
  | 'source-lost'
  | 'source-back'
  | MirroringOperation

/** What KIP-1279 has for operators: start, stop, pause, resume; and to go on after a failure. */
export type MirroringOperation =
  | 'start-mirroring'
  | 'stop-mirroring'
  | 'pause-mirroring'
  | 'resume-mirroring'
  | 'recover-mirroring'

export interface AlterMirrorRequest {
  readonly api: 'AlterMirror'
  readonly topic: string
  readonly operation: MirrorOperation
  /** Of the link, where the topic may not be on one yet. */
  readonly link: string
  readonly sourceTopic: string
  /** Of `fail`: what went wrong. */
  readonly reason?: string
}

/** A leader, or the link for the topic as a whole (-1), tells how far it is in a state. */
export interface ReportMirrorRequest {
  readonly api: 'ReportMirror'
  readonly topic: string
  readonly state: MirrorState
  readonly partition: PartitionIndex | -1
  readonly progress: 'goal' | 'done' | 'failed'
  readonly endOffset: Offset
  /** Of what has failed: why. */
  readonly reason?: string
}

/** The source's leaders are in a later epoch than the mirror's. */
export interface BumpLeaderEpochRequest {
  readonly api: 'BumpLeaderEpoch'
  readonly partition: PartitionIndex
  readonly atLeast: LeaderEpoch
}

export interface AlterClusterLinkRequest {
  readonly api: 'AlterClusterLink'
  readonly link: string
  readonly paused: boolean
}

export type MirrorControlRequest =
  | AlterMirrorRequest
  | ReportMirrorRequest
  | BumpLeaderEpochRequest
  | AlterClusterLinkRequest

/**
 * A broker of a link's source has dialled, and from here on serves whatever comes on this
 * connection. With a ticket it was asked to; without, it will be asked by this way.
 */
export interface ReverseConnectionRequest {
  readonly api: 'ReverseConnection'
  readonly link: string
  readonly source: NodeId
  readonly ticket: number | null
}

/** A broker of the destination wants one more connection from the broker that serves this one. */
export interface InitiateReverseConnectionRequest {
  readonly api: 'InitiateReverseConnection'
  readonly link: string
  readonly destination: NodeId
  readonly ticket: number
}

export interface InitiateReverseConnectionResponse {
  readonly api: 'InitiateReverseConnection'
  readonly error: KafkaError
}

/** Asks any broker of the other cluster for the state of one topic there. */
export interface DescribeMirrorRequest {
  readonly api: 'DescribeMirror'
  readonly topic: string
}

export interface DescribeMirrorResponse {
  readonly api: 'DescribeMirror'
  readonly error: KafkaError
  /** null where the topic is no mirror and never was one. */
  readonly state: MirrorState | null
  readonly reversal: Reversal
  /** Which carries it or has carried it; null like the state. */
  readonly link: string | null
  /** Where each partition that is done has ended, by its number. */
  readonly ends: readonly (Offset | null)[]
}

/** Whatever goes between the ends of links, and from them to controllers. */
export type MirrorRequest =
  | MirrorControlRequest
  | DescribeMirrorRequest
  | ReverseConnectionRequest
  | InitiateReverseConnectionRequest

export type MirrorResponse = DescribeMirrorResponse | InitiateReverseConnectionResponse
