// Models: what Helix keeps in ZooKeeper for uReplicator: who lives, which worker each partition is
// meant for, which state it has there, and what workers are told to do about it.
// Leaves out: external views, configurations, the history of instances; all partitions of a topic
// in one node, which would be rewritten as a whole.
// Source: org.apache.helix.PropertyKey.Builder; OnlineOfflineStateModel of uReplicator.

import type { SessionId } from './zookeeper-messages.ts'

/** Topic and number: orders/0. */
export type HelixPartition = string

export type HelixState = 'ONLINE' | 'OFFLINE' | 'DROPPED'

export const LIVE = '/LIVEINSTANCES/'
export const IDEAL = '/IDEALSTATES/'
export const CURRENT = '/CURRENTSTATES/'
export const MESSAGES = '/MESSAGES/'
export const LEADER = '/CONTROLLER/LEADER'

/** Name of a partition of a topic. */
export function helixPartition(topic: string, number: number): HelixPartition {
  return `${topic}/${number}`
}

/** Topic and number of a partition. */
export function partsOf(partition: HelixPartition): { topic: string; number: number } {
  const slash = partition.lastIndexOf('/')
  return { topic: partition.slice(0, slash), number: Number(partition.slice(slash + 1)) }
}

/** A state, or a transition to it, is worth nothing in another session than its own. */
export function inSession(session: SessionId | string, state: HelixState): string {
  return `${session} ${state}`
}

/** All nodes below the folders above, read at one moment. */
export class HelixView {
  /** Sessions of live instances, by name. */
  readonly live = new Map<string, string>()
  /** Who is to have each partition. */
  readonly ideal = new Map<HelixPartition, string>()
  readonly leader: string | null
  readonly #nodes: ReadonlyMap<string, string>

  constructor(nodes: ReadonlyMap<string, string>) {
    this.#nodes = nodes
    this.leader = nodes.get(LEADER) ?? null
    for (const [path, data] of nodes) {
      if (path.startsWith(LIVE)) this.live.set(path.slice(LIVE.length), data)
      else if (path.startsWith(IDEAL)) this.ideal.set(path.slice(IDEAL.length), data)
    }
  }

  /** As the instance has written it in its present session. */
  currentOf(instance: string, partition: HelixPartition): HelixState | null {
    return this.#stateAt(`${CURRENT}${instance}/${partition}`, instance)
  }

  /** What the instance was told in its present session and has not done yet. */
  pendingOf(instance: string, partition: HelixPartition): HelixState | null {
    return this.#stateAt(`${MESSAGES}${instance}/${partition}`, instance)
  }

  #stateAt(path: string, instance: string): HelixState | null {
    const [session, state] = this.#nodes.get(path)?.split(' ') ?? []
    if (session === undefined || session !== this.live.get(instance)) return null
    return state === 'ONLINE' || state === 'OFFLINE' || state === 'DROPPED' ? state : null
  }

  /** Every partition that anybody has, or is meant to have. */
  partitions(): HelixPartition[] {
    const found = new Set(this.ideal.keys())
    for (const path of this.#nodes.keys()) {
      if (!path.startsWith(CURRENT)) continue
      found.add(path.slice(path.indexOf('/', CURRENT.length) + 1))
    }
    return [...found]
  }

  /** Topics that the controller was told to copy. */
  get topics(): ReadonlySet<string> {
    return new Set([...this.ideal.keys()].map((partition) => partsOf(partition).topic))
  }

  /** How many partitions of a topic are meant for anybody; 0: it was never told of. */
  partitionsOf(topic: string): number {
    return [...this.ideal.keys()].filter((partition) => partsOf(partition).topic === topic).length
  }

  /** Partitions by the instance that they are meant for. */
  assignment(): Map<string, HelixPartition[]> {
    const assignment = new Map<string, HelixPartition[]>()
    for (const [partition, instance] of this.ideal) {
      const known = assignment.get(instance)
      if (known === undefined) assignment.set(instance, [partition])
      else known.push(partition)
    }
    return assignment
  }
}

/** What an instance is to be told. */
export interface HelixMessage {
  readonly instance: string
  readonly partition: HelixPartition
  readonly to: HelixState
}

/**
 * Transitions that lead from what is to what is meant, one step each. Nobody goes online before the
 * one who is has gone off; an instance without a session is not waited for.
 */
export function transitions(view: HelixView): HelixMessage[] {
  const messages: HelixMessage[] = []
  for (const partition of view.partitions()) {
    const meant = view.ideal.get(partition) ?? null
    let isHeld = false
    for (const instance of view.live.keys()) {
      if (instance === meant) continue
      const state = view.currentOf(instance, partition)
      const pending = view.pendingOf(instance, partition)
      if (state === 'ONLINE' || pending === 'ONLINE') isHeld = true
      if (state === null || pending !== null) continue
      messages.push({ instance, partition, to: state === 'ONLINE' ? 'OFFLINE' : 'DROPPED' })
    }
    if (meant === null || isHeld || !view.live.has(meant)) continue
    if (view.currentOf(meant, partition) === 'ONLINE') continue
    if (view.pendingOf(meant, partition) !== null) continue
    messages.push({ instance: meant, partition, to: 'ONLINE' })
  }
  return messages
}
