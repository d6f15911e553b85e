// Models: what the metadata log holds of cluster links: mirror topics, their states, who is done.
// Leaves out: link credentials and ids; the rest of a link's configuration, which never changes;
// LINK_FAILED, which the API names and no page explains: a link that cannot reach its source, also
// for want of the right address or credentials, is called unavailable there, and so it is here.
// Source: Confluent REST API v3 (MirrorTopicStatus), and its metrics for a link's own states:
// active, paused, unavailable; the layout of the records is our own.

import type { Offset, PartitionIndex } from '../ids.ts'

/**
 * As Confluent's API names them, and KIP-1279 its own. LINK_PAUSED is not written: it follows from
 * the link. LINK_FAILED is nobody's: what would fail a link as a whole is not documented.
 */
export type MirrorState =
  | 'ACTIVE'
  | 'PAUSED'
  | 'SOURCE_UNAVAILABLE'
  | 'FAILED'
  | 'PENDING_MIRROR'
  | 'PENDING_SYNCHRONIZE'
  | 'PENDING_STOPPED'
  | 'STOPPED'
  | 'PENDING_SETUP_FOR_RESTORE'
  | 'PENDING_RESTORE'
  | 'LOG_ALIGNMENT'
  | 'MIRRORING'
  | 'STOPPING'

/** In which a new mirror topic begins. */
export type FirstMirrorState = Extract<MirrorState, 'ACTIVE' | 'LOG_ALIGNMENT'>

/** Of a topic that is created as a mirror. */
export interface NewMirror {
  readonly link: string
  readonly sourceTopic: string
  /** Absent: ACTIVE. */
  readonly state?: FirstMirrorState | undefined
}

/** Whether what the source gets goes on to the mirror. */
export function isMoving({ state }: MirrorTopic): boolean {
  return state === 'ACTIVE' || state === 'MIRRORING'
}

/** What the source becomes once a reversed mirror has stopped; null where nothing is reversed. */
export type Reversal = 'ACTIVE' | 'PAUSED' | null

export interface MirrorTopic {
  readonly topic: string
  readonly link: string
  readonly sourceTopic: string
  readonly state: MirrorState
  readonly reversal: Reversal
  /** Why it has FAILED; absent in every other state. */
  readonly reason?: string | undefined
}

/** A topic became a mirror, or its state changed; reports of its partitions begin anew. */
export interface MirrorTopicRecord extends MirrorTopic {
  readonly type: 'MirrorTopic'
}

/**
 * In the topic's present state a partition is done, or has a goal. -1 for the topic as a whole: its
 * group offsets are copied.
 */
export interface MirrorPartitionRecord {
  readonly type: 'MirrorPartition'
  readonly topic: string
  readonly partition: PartitionIndex | -1
  readonly progress: 'goal' | 'done' | 'failed'
  readonly endOffset: Offset
  /** Of what has failed: why. */
  readonly reason?: string | undefined
}

/** A link is made, is paused or goes on. */
export interface ClusterLinkRecord {
  readonly type: 'ClusterLink'
  readonly link: string
  readonly paused: boolean
}

export type MirrorRecord = MirrorTopicRecord | MirrorPartitionRecord | ClusterLinkRecord

/** Whether producers are refused and a link owns the log. */
export function isReadOnly(mirror: MirrorTopic | undefined): boolean {
  return mirror !== undefined && mirror.state !== 'STOPPED'
}

/** How far a partition has come in the present state of its topic. */
export interface MirrorProgress {
  readonly goal: Offset | null
  readonly done: Offset | null
  /** Why it cannot go on; null while it can. */
  readonly failure: string | null
}

export const NO_PROGRESS: MirrorProgress = { goal: null, done: null, failure: null }

/** What the records up to now say: held by every controller and every broker. */
export class Mirrors {
  readonly #topics = new Map<string, MirrorTopic>()
  readonly #progress = new Map<string, Map<PartitionIndex | -1, MirrorProgress>>()
  /** Links that were announced, and whether each is paused. */
  readonly #links = new Map<string, boolean>()

  constructor(from?: Mirrors) {
    if (from === undefined) return
    for (const [name, topic] of from.#topics) this.#topics.set(name, topic)
    for (const [name, of] of from.#progress) this.#progress.set(name, new Map(of))
    for (const [link, paused] of from.#links) this.#links.set(link, paused)
  }

  /** By the name of the mirror, STOPPED ones too, in the order in which they became mirrors. */
  get topics(): ReadonlyMap<string, MirrorTopic> {
    return this.#topics
  }

  /** Also a mirror that was STOPPED; undefined for a topic that never was one, or is gone. */
  of(topic: string): MirrorTopic | undefined {
    return this.#topics.get(topic)
  }

  /** False for a link that nobody has announced: its topics go on by their own states. */
  isPaused(link: string): boolean {
    return this.#links.get(link) === true
  }

  /** Whether the link was made here, or paused or resumed. */
  hasLink(link: string): boolean {
    return this.#links.has(link)
  }

  /** What was reported in the topic's present state; of partition -1, for the topic as a whole. */
  progressOf(topic: string, partition: PartitionIndex | -1): MirrorProgress {
    return this.#progress.get(topic)?.get(partition) ?? NO_PROGRESS
  }

  /** A change of a topic's state forgets the reports of its partitions, unless it has stopped. */
  replay(record: MirrorRecord): void {
    switch (record.type) {
      case 'MirrorTopic': {
        const { type: _, ...topic } = record
        this.#topics.set(record.topic, topic)
        // Where a stopped mirror ended is asked for later, when the old source is restored.
        if (record.state !== 'STOPPED') this.#progress.delete(record.topic)
        return
      }
      case 'MirrorPartition':
        this.#report(record)
        return
      case 'ClusterLink':
        this.#links.set(record.link, record.paused)
    }
  }

  /** The topic is gone: what comes under its name is no mirror unless it is said to be. */
  remove(topic: string): void {
    this.#topics.delete(topic)
    this.#progress.delete(topic)
  }

  #report(record: MirrorPartitionRecord): void {
    const { topic, partition, progress, endOffset, reason } = record
    let of = this.#progress.get(topic)
    if (of === undefined) {
      of = new Map()
      this.#progress.set(topic, of)
    }
    const known = this.progressOf(topic, partition)
    if (progress === 'failed') of.set(partition, { ...known, failure: reason ?? '' })
    else of.set(partition, { ...known, [progress]: endOffset })
  }
}
